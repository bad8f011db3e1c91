package io.forebay.sync.definition;

import io.forebay.command.Outcome;
import io.forebay.schemas.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What is answered to a definition of watchers: its version. */
public final class WatchersOutcome {

    private WatchersOutcome() {}

    static Outcome encode(long version) {
        return Outcome.answered(("{\"version\":\"" + version + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /** The version that an outcome tells. */
    public static long version(Outcome outcome) {
        return Long.parseLong(
                Objects.requireNonNull(JsonObject.parse(outcome.text()).member("version"), "version")
                        .asText());
    }
}
