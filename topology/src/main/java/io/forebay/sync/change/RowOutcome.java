package io.forebay.sync.change;

import io.forebay.command.Outcome;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What was decided about a row change.
 *
 * @param ref the record's ref after it: that of the change where it was applied, else that of the last one that was
 * @param applied whether it changed anything
 */
public record RowOutcome(long ref, boolean applied) {

    Outcome encode() {
        return Outcome.answered(
                ("{\"ref\":\"" + ref + "\",\"applied\":" + applied + "}").getBytes(StandardCharsets.UTF_8));
    }

    /** Reads an outcome. */
    public static RowOutcome of(Outcome outcome) {
        JsonObject json = JsonObject.parse(outcome.text());
        return new RowOutcome(
                Long.parseLong(member(json, "ref").asText()),
                member(json, "applied").asBoolean());
    }

    private static JsonValue member(JsonObject json, String name) {
        return Objects.requireNonNull(json.member(name), name);
    }
}
