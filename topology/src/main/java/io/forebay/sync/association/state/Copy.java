package io.forebay.sync.association.state;

import io.forebay.sync.row.StoredRow;
import java.nio.ByteBuffer;

/**
 * A row at a place.
 *
 * @param partition of row changes that it comes from
 * @param ref of the change that it comes from
 * @param row the row
 */
public record Copy(int partition, long ref, StoredRow row) {

    byte[] encode() {
        byte[] encoded = row.encode();
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES + encoded.length)
                .putInt(partition)
                .putLong(ref)
                .put(encoded)
                .array();
    }

    static Copy decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        int partition = buffer.getInt();
        long ref = buffer.getLong();
        byte[] row = new byte[buffer.remaining()];
        buffer.get(row);
        return new Copy(partition, ref, StoredRow.decode(row));
    }
}
