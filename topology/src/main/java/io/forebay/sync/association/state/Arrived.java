package io.forebay.sync.association.state;

import java.nio.ByteBuffer;

/**
 * Up to where a partition of places was told of those of one partition of row changes.
 *
 * @param number of the last change
 * @param ref of it
 */
public record Arrived(long number, long ref) {

    byte[] encode() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(number).putLong(ref).array();
    }

    static Arrived decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        return new Arrived(buffer.getLong(), buffer.getLong());
    }
}
