package io.forebay.sync.subscription.state;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes what {@link CellReader} reads: numbers in as many bytes as they need, texts behind their length. */
final class CellWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    CellWriter number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    CellWriter text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    CellWriter optional(@Nullable String text) {
        flag(text != null);
        return text == null ? this : text(text);
    }

    CellWriter flag(boolean value) {
        bytes.write(value ? 1 : 0);
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
