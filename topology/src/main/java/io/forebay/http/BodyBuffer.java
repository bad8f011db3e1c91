package io.forebay.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Gathers a body in one array. It starts small whatever length the caller announces, so that an announcement alone costs
 * nothing, and ends at exactly the announced length, so that a large body is not copied once more at its end.
 */
final class BodyBuffer {
    private static final int START = 16 * 1024;

    private final long announced;
    private byte[] bytes = new byte[0];
    private int length;

    /** A buffer for a body of an announced length, negative where none is. */
    BodyBuffer(long announced) {
        this.announced = announced;
    }

    int length() {
        return length;
    }

    void add(Buffer chunk) {
        int needed = Math.addExact(length, chunk.length());
        if (needed > bytes.length) {
            long doubled = Math.max(Math.max(START, needed), 2L * bytes.length);
            long capped =
                    announced >= needed ? Math.min(doubled, announced) : Math.min(doubled, Integer.MAX_VALUE - 8L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, capped));
        }
        chunk.getBytes(bytes, length);
        length = needed;
    }

    /** The body; the buffer is empty afterwards. */
    byte[] take() {
        byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        bytes = new byte[0];
        length = 0;
        return taken;
    }
}
