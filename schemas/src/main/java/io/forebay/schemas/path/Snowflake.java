package io.forebay.schemas.path;

import io.forebay.schemas.json.JsonValue;
import java.nio.ByteBuffer;

/**
 * An id of 64 bits without a sign, 0 to 2^64-1. Its text is canonical decimal: digits only, no sign, no leading zero. Order
 * is by number.
 *
 * @param value the 64 bits; above 2^63-1 the number is negative as a {@code long}
 */
public record Snowflake(long value) implements Comparable<Snowflake> {

    private static final int MAX_DIGITS = 20;

    /**
     * Reads canonical decimal.
     *
     * @throws IllegalArgumentException when the text is not canonical decimal or the number is above 2^64-1
     */
    public static Snowflake parse(String text) {
        int length = text.length();
        if (length == 0 || length > MAX_DIGITS || (length > 1 && text.charAt(0) == '0')) {
            throw notASnowflake();
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw notASnowflake();
            }
        }
        try {
            return new Snowflake(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw notASnowflake();
        }
    }

    /**
     * Reads a JSON value: a string or an integer, each in canonical decimal. {@code 1.0} and {@code 1e3} are no ids.
     *
     * @throws IllegalArgumentException when the value is anything else
     */
    public static Snowflake fromJson(JsonValue value) {
        if (value.isString()) {
            return parse(value.asText());
        }
        if (value.isInteger()) {
            return parse(value.raw());
        }
        throw notASnowflake();
    }

    private static IllegalArgumentException notASnowflake() {
        return new IllegalArgumentException("an id is an integer from 0 to 2^64-1 in canonical decimal");
    }

    /** The id as a path of one part. */
    public Path toPath() {
        return Path.of(toString());
    }

    /** Eight bytes, big endian: they sort as the numbers do. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    @Override
    public int compareTo(Snowflake other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** Canonical decimal. */
    @Override
    public String toString() {
        return Long.toUnsignedString(value);
    }
}
