package io.forebay.sync.association.state;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes what the store keeps, member after member. */
final class FieldsOut {

    private static final int NULL = -1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private FieldsOut write(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    FieldsOut putByte(int value) {
        return write(() -> out.writeByte(value));
    }

    FieldsOut putInt(int value) {
        return write(() -> out.writeInt(value));
    }

    FieldsOut putLong(long value) {
        return write(() -> out.writeLong(value));
    }

    FieldsOut putBytes(byte @Nullable [] value) {
        return write(() -> {
            out.writeInt(value == null ? NULL : value.length);
            if (value != null) {
                out.write(value);
            }
        });
    }

    FieldsOut putText(@Nullable String value) {
        return putBytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
