package io.forebay.sync.channel;

import java.nio.ByteBuffer;

/**
 * Up to where a partition was told by one of another stage.
 *
 * @param number of the last record
 * @param ref ref of the change that it told; -1 where it told none
 */
public record Arrived(long number, long ref) {

    /** What was told by a record that is no change. */
    public static Arrived of(long number) {
        return new Arrived(number, -1);
    }

    byte[] encode() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(number).putLong(ref).array();
    }

    static Arrived decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        return new Arrived(buffer.getLong(), buffer.getLong());
    }
}
