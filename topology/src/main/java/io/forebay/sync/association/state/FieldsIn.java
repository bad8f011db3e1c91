package io.forebay.sync.association.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FieldsOut} wrote. */
final class FieldsIn {

    private final ByteBuffer in;

    FieldsIn(byte[] encoded) {
        this.in = ByteBuffer.wrap(encoded);
    }

    /** As {@link FieldsIn#FieldsIn(byte[])}, of what begins with the format. */
    static FieldsIn of(byte[] encoded, byte format) {
        FieldsIn fields = new FieldsIn(encoded);
        byte found = fields.takeByte();
        if (found != format) {
            throw new IllegalStateException("format " + found + " is newer than this version");
        }
        return fields;
    }

    boolean hasMore() {
        return in.hasRemaining();
    }

    byte takeByte() {
        return in.get();
    }

    int takeInt() {
        return in.getInt();
    }

    long takeLong() {
        return in.getLong();
    }

    byte @Nullable [] takeBytes() {
        int length = in.getInt();
        if (length < 0) {
            return null;
        }
        byte[] value = new byte[length];
        in.get(value);
        return value;
    }

    @Nullable
    String findText() {
        byte[] value = takeBytes();
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    String takeText() {
        return Objects.requireNonNull(findText(), "a member that is never null");
    }
}
