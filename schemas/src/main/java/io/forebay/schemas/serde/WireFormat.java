package io.forebay.schemas.serde;

import java.nio.ByteBuffer;

/** Confluent's wire format: a zero byte, four bytes of the schema's id, and the value as Avro writes it. */
final class WireFormat {

    static final byte MAGIC = 0;

    /** Bytes before the value. */
    static final int HEAD = 1 + Integer.BYTES;

    private WireFormat() {}

    static int id(byte[] wire) {
        return ByteBuffer.wrap(wire).getInt(1);
    }
}
