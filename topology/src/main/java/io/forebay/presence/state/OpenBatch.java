package io.forebay.presence.state;

import java.nio.ByteBuffer;

/**
 * A bulk write of which chunks are still to come.
 *
 * @param next index of the chunk that is expected
 * @param count presences staged so far
 * @param bytes JSON bytes staged so far
 * @param begun log time of its first chunk
 * @param replace whether it is the guild's whole set
 */
public record OpenBatch(int next, long count, long bytes, long begun, boolean replace) {

    byte[] encode() {
        return ByteBuffer.allocate(4 + 8 + 8 + 8 + 1)
                .putInt(next)
                .putLong(count)
                .putLong(bytes)
                .putLong(begun)
                .put((byte) (replace ? 1 : 0))
                .array();
    }

    static OpenBatch decode(byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        return new OpenBatch(buffer.getInt(), buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.get() == 1);
    }
}
