package io.forebay.schemas.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One JSON value as received: a slice of a text that has been checked. Numbers and escapes keep their spelling.
 *
 * <p>Immutable and safe for use by many threads. {@code equals} compares spelling; {@link #sameValue} compares values.
 */
public final class JsonValue {

    /** JSON null. */
    public static final JsonValue NULL = new JsonValue("null".getBytes(StandardCharsets.US_ASCII));

    private final byte[] source;
    private final int from;
    private final int to;

    private JsonValue(byte[] text) {
        this(text, 0, text.length);
    }

    JsonValue(byte[] source, int from, int to) {
        this.source = source;
        this.from = from;
        this.to = to;
    }

    /**
     * A JSON string.
     *
     * @throws JsonSyntaxException when the text holds U+0000 or a lone surrogate
     */
    public static JsonValue ofText(String text) {
        return new JsonValue(JsonWriter.string(text));
    }

    /** An integer without a sign: all 64 bits count. */
    public static JsonValue ofUnsigned(long value) {
        return new JsonValue(Long.toUnsignedString(value).getBytes(StandardCharsets.US_ASCII));
    }

    /** A JSON object as a value. */
    public static JsonValue of(JsonObject object) {
        return new JsonValue(object.bytes());
    }

    /** Whether this is null. */
    public boolean isNull() {
        return source[from] == 'n';
    }

    /** Whether this is a string. */
    public boolean isString() {
        return source[from] == '"';
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return source[from] == '{';
    }

    /** Whether this is an array. */
    public boolean isArray() {
        return source[from] == '[';
    }

    /** Whether this is true or false. */
    public boolean isBoolean() {
        return source[from] == 't' || source[from] == 'f';
    }

    /** Whether this is a number. */
    public boolean isNumber() {
        byte first = source[from];
        return first == '-' || (first >= '0' && first <= '9');
    }

    /** Whether this is a number written without fraction and exponent. */
    public boolean isInteger() {
        if (!isNumber()) {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            if (source[i] < '0' || source[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * The text of a string, escapes resolved.
     *
     * @throws IllegalStateException when this is no string
     */
    public String asText() {
        require(isString(), "string");
        for (int i = from + 1; i < to - 1; i++) {
            if (source[i] == '\\') {
                return new JsonReader(source, from, to).readText();
            }
        }
        return new String(source, from + 1, to - from - 2, StandardCharsets.UTF_8);
    }

    /**
     * The value of a boolean.
     *
     * @throws IllegalStateException when this is no boolean
     */
    public boolean asBoolean() {
        require(isBoolean(), "boolean");
        return source[from] == 't';
    }

    /**
     * This object with its members found.
     *
     * @throws IllegalStateException when this is no object
     */
    public JsonObject asObject() {
        require(isObject(), "object");
        return JsonObject.checked(Arrays.copyOfRange(source, from, to));
    }

    /**
     * The elements of an array, in order.
     *
     * @throws IllegalStateException when this is no array
     */
    public List<JsonValue> elements() {
        require(isArray(), "array");
        int[] places = new JsonReader(source, from, to).readElements();
        List<JsonValue> elements = new ArrayList<>(places.length / 2);
        for (int i = 0; i < places.length; i += 2) {
            elements.add(new JsonValue(source, places[i], places[i + 1]));
        }
        return elements;
    }

    /** The text as received. */
    public String raw() {
        return new String(source, from, to - from, StandardCharsets.UTF_8);
    }

    /** The text as received, in UTF-8. A fresh copy. */
    public byte[] rawBytes() {
        return Arrays.copyOfRange(source, from, to);
    }

    /** How long the text is in UTF-8, in bytes. */
    public int length() {
        return to - from;
    }

    /**
     * Whether both are the same value: numbers by value, strings by characters, arrays in order, objects whatever the order
     * of their members.
     */
    public boolean sameValue(JsonValue other) {
        if (Arrays.equals(source, from, to, other.source, other.from, other.to)) {
            return true;
        }
        boolean sameKind = source[from] == other.source[other.from] || (isNumber() && other.isNumber());
        if (!sameKind || isNull() || isBoolean()) {
            return false;
        }
        return tree().equals(other.tree());
    }

    private Object tree() {
        return new JsonReader(source, from, to).readTree();
    }

    void writeTo(JsonWriter writer) {
        writer.write(source, from, to);
    }

    private static void require(boolean is, String kind) {
        if (!is) {
            throw new IllegalStateException("not a JSON " + kind);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonValue that && Arrays.equals(source, from, to, that.source, that.from, that.to);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + source[i];
        }
        return hash;
    }

    /** The kind and size only: values stay out of logs. */
    @Override
    public String toString() {
        return "JsonValue[" + length() + " bytes]";
    }
}
