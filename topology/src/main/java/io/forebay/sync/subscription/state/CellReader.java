package io.forebay.sync.subscription.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what {@link CellWriter} wrote, in the order in which it was written. */
final class CellReader {

    private final byte[] bytes;
    private int at;

    CellReader(byte[] bytes) {
        this.bytes = bytes;
    }

    long number() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return (value >>> 1) ^ -(value & 1);
    }

    String text() {
        int length = (int) number();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    @Nullable
    String optional() {
        return flag() ? text() : null;
    }

    boolean flag() {
        return bytes[at++] != 0;
    }

    byte[] rest(int length) {
        byte[] rest = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return rest;
    }

    void checkFormat(long known) {
        long format = number();
        if (format != known) {
            throw new IllegalStateException("format " + format + " of subscribers is newer than this version");
        }
    }
}
