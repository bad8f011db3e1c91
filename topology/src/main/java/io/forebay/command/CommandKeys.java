package io.forebay.command;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The key spaces of a deciding store that belong to this package. Every key starts with a tag byte; {@code 0x00} is the
 * engine's, features use {@link #FIRST_FEATURE_TAG} and above.
 */
public final class CommandKeys {

    /** The first tag that a feature may use, for keys, index keys and counters alike. */
    public static final byte FIRST_FEATURE_TAG = 0x10;

    static final byte OUTCOME = 0x01;
    static final byte WAITING = 0x02;

    private CommandKeys() {}

    /** Key of the outcome kept for a request id. */
    static byte[] outcome(String requestId) {
        byte[] id = requestId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + id.length).put(OUTCOME).put(id).array();
    }

    /** Key of an input record that waits for the registry. */
    static byte[] waiting(long offset) {
        return ByteBuffer.allocate(9).put(WAITING).putLong(offset).array();
    }

    static long waitingOffset(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    /** Index key that orders outcomes by the time they were decided. */
    static byte[] outcomeByTime(long time, byte[] outcomeKey) {
        return ByteBuffer.allocate(9 + outcomeKey.length - 1)
                .put(OUTCOME)
                .putLong(time)
                .put(outcomeKey, 1, outcomeKey.length - 1)
                .array();
    }

    static byte[] outcomesFrom(long time) {
        return ByteBuffer.allocate(9).put(OUTCOME).putLong(time).array();
    }

    static byte[] outcomeOfIndex(byte[] indexKey) {
        return ByteBuffer.allocate(indexKey.length - 8)
                .put(OUTCOME)
                .put(indexKey, 9, indexKey.length - 9)
                .array();
    }

    static byte[] space(byte tag) {
        return new byte[] {tag};
    }
}
