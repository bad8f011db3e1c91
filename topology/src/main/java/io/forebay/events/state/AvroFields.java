package io.forebay.events.state;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of Avro's binary encoding one after the other, where their order is all that has to be known of the schema.
 * Throws {@link IndexOutOfBoundsException} where the value ends too early.
 */
final class AvroFields {

    private static final int MOST_SHIFT = 63;

    private final byte[] bytes;
    private int at;

    AvroFields(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    /** Where the next field begins. */
    int at() {
        return at;
    }

    /** An int or a long. */
    long number() {
        long number = 0;
        int shift = 0;
        byte next = bytes[at++];
        while (next < 0 && shift < MOST_SHIFT) {
            number |= (next & 0x7fL) << shift;
            shift += 7;
            next = bytes[at++];
        }
        number |= (long) next << shift;
        return (number >>> 1) ^ -(number & 1);
    }

    /** A long, or null as the first branch of the union. */
    @Nullable
    Long numberOrNull() {
        return number() == 0 ? null : Long.valueOf(number());
    }

    /** A boolean. */
    boolean flag() {
        return bytes[at++] != 0;
    }

    /** A string. */
    String text() {
        int length = Math.toIntExact(number());
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }
}
