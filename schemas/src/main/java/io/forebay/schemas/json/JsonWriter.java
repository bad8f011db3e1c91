package io.forebay.schemas.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.forebay.schemas.json.JsonSyntaxException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing text of JSON in UTF-8. */
final class JsonWriter {

    private byte[] bytes;
    private int length;

    JsonWriter(int expectedLength) {
        this.bytes = new byte[Math.max(16, expectedLength)];
    }

    /** A JSON string in UTF-8, quotes included. */
    static byte[] string(String text) {
        Reason broken = StringRules.broken(text);
        if (broken != null) {
            throw new JsonSyntaxException(broken, "");
        }
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString().getBytes(StandardCharsets.UTF_8);
    }

    void write(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    void write(byte[] source, int from, int to) {
        ensure(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    int length() {
        return length;
    }

    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), length + (length >> 1)));
        }
    }
}
