package io.forebay.sync.change.state;

import java.nio.ByteBuffer;

/** That somebody made a change of a record. Its ref is where it is stored. */
final class OwnChange {

    private static final byte FORMAT = 1;

    private OwnChange() {}

    static byte[] encode(long keptUntil) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(FORMAT)
                .putLong(keptUntil)
                .array();
    }

    static long keptUntil(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        byte format = buffer.get();
        if (format != FORMAT) {
            throw new IllegalStateException("own change format " + format + " is newer than this version");
        }
        return buffer.getLong();
    }
}
