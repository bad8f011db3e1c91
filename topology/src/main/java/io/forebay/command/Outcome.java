package io.forebay.command;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the topology decided about one command.
 *
 * @param status the HTTP status that says it: 2xx carried out, 4xx refused
 * @param code the problem's stable code when it was refused, else null
 * @param field the member at fault when it was refused and there is one, else null
 * @param body UTF-8 JSON of the answer when it was carried out (empty when there is nothing to tell); the rule in words
 *     when it was refused
 */
@SuppressWarnings("ArrayRecordComponent") // carried from the store to the response
public record Outcome(
        int status, @Nullable String code, @Nullable String field, byte[] body) {

    private static final byte FORMAT = 1;
    private static final byte[] NOTHING = new byte[0];

    /** Carried out, with nothing to tell: 204. */
    public static Outcome done() {
        return new Outcome(204, null, null, NOTHING);
    }

    /** Carried out, answered with JSON: 200. */
    public static Outcome answered(byte[] json) {
        return new Outcome(200, null, null, json);
    }

    /** Refused. */
    public static Outcome refused(RefusedException refusal) {
        return new Outcome(
                refusal.status(),
                refusal.code(),
                refusal.field(),
                refusal.rule().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the command was refused. */
    public boolean isRefused() {
        return code != null;
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    byte[] encode() {
        byte[] codeBytes = bytes(code);
        byte[] fieldBytes = bytes(field);
        return ByteBuffer.allocate(1 + 2 + 2 + codeBytes.length + 2 + fieldBytes.length + body.length)
                .put(FORMAT)
                .putShort((short) status)
                .putShort((short) codeBytes.length)
                .put(codeBytes)
                .putShort((short) fieldBytes.length)
                .put(fieldBytes)
                .put(body)
                .array();
    }

    static Outcome decode(ByteBuffer encoded) {
        byte format = encoded.get();
        if (format != FORMAT) {
            throw new IllegalStateException("outcome format " + format + " is newer than this version");
        }
        int status = encoded.getShort();
        String code = text(encoded);
        String field = text(encoded);
        byte[] body = new byte[encoded.remaining()];
        encoded.get(body);
        return new Outcome(status, code, field, body);
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(ByteBuffer encoded) {
        byte[] bytes = new byte[encoded.getShort()];
        encoded.get(bytes);
        return bytes.length == 0 ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
