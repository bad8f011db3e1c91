package io.forebay.command;

import io.forebay.store.Stored;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The outcomes that a deciding store keeps, as its changelog has them: for who waits for one and is no instance. */
public final class KeptOutcomeRecord {

    private KeptOutcomeRecord() {}

    /** The request id of an outcome's record; null for a record that is something else. */
    public static @Nullable String requestId(byte[] key) {
        return key[0] == CommandKeys.OUTCOME ? new String(key, 1, key.length - 1, StandardCharsets.UTF_8) : null;
    }

    /**
     * The outcome.
     *
     * @param value of a record that has a request id
     */
    public static Outcome outcome(byte[] value) {
        return KeptOutcome.decode(Stored.ofChangelog(value).payload()).outcome();
    }
}
