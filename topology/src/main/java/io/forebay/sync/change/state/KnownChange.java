package io.forebay.sync.change.state;

import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The change that had an id.
 *
 * @param keptUntil log time until which it is kept, in milliseconds since the epoch
 * @param op what happened, as the schema names it
 * @param record the record that it happened to
 */
public record KnownChange(long keptUntil, String op, Path record) {

    private static final byte FORMAT = 1;

    byte[] encode() {
        byte[] opBytes = op.getBytes(StandardCharsets.UTF_8);
        byte[] recordBytes = record.toBytes();
        return ByteBuffer.allocate(1 + Long.BYTES + 1 + opBytes.length + recordBytes.length)
                .put(FORMAT)
                .putLong(keptUntil)
                .put((byte) opBytes.length)
                .put(opBytes)
                .put(recordBytes)
                .array();
    }

    static KnownChange decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        byte format = buffer.get();
        if (format != FORMAT) {
            throw new IllegalStateException("change format " + format + " is newer than this version");
        }
        long keptUntil = buffer.getLong();
        byte[] op = new byte[buffer.get()];
        buffer.get(op);
        byte[] record = new byte[buffer.remaining()];
        buffer.get(record);
        return new KnownChange(keptUntil, new String(op, StandardCharsets.UTF_8), Path.parse(record));
    }
}
