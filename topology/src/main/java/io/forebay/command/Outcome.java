package io.forebay.command;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the topology decided about one command.
 *
 * @param status the HTTP status that says it: 2xx carried out, 4xx refused
 * @param code the problem's stable code when it was refused, else null
 * @param violations what was wrong when it was refused, else none
 * @param body UTF-8 JSON of the answer when it was carried out, empty when there is nothing to tell; when it was refused, a
 *     JSON object of what else there is to tell, or empty
 */
@SuppressWarnings("ArrayRecordComponent") // carried from the store to the response
public record Outcome(int status, @Nullable String code, List<Violation> violations, byte[] body) {

    /** One violation at the most, and nothing else to tell: its rule is what follows. */
    private static final byte SIMPLE = 1;

    private static final byte DETAILED = 2;
    private static final byte[] NOTHING = new byte[0];

    public Outcome {
        violations = List.copyOf(violations);
    }

    /** Carried out, with nothing to tell: 204. */
    public static Outcome done() {
        return new Outcome(204, null, List.of(), NOTHING);
    }

    /** Carried out, answered with JSON: 200. */
    public static Outcome answered(byte[] json) {
        return new Outcome(200, null, List.of(), json);
    }

    /** Refused. */
    public static Outcome refused(RefusedException refusal) {
        return new Outcome(refusal.status(), refusal.code(), refusal.violations(), bytes(refusal.details()));
    }

    /** Whether the command was refused. */
    public boolean isRefused() {
        return code != null;
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The member at fault when it was refused and there is one, else null; the first one where there are several. */
    public @Nullable String field() {
        return violations.isEmpty() ? null : violations.get(0).field();
    }

    /** What was wrong, in words; empty when it was carried out. */
    public String rules() {
        return Violation.inWords(violations);
    }

    byte[] encode() {
        boolean simple = violations.isEmpty() || (violations.size() == 1 && body.length == 0);
        return simple ? encodeSimple() : encodeDetailed();
    }

    private byte[] encodeSimple() {
        Violation violation = violations.isEmpty() ? null : violations.get(0);
        byte[] codeBytes = bytes(code);
        byte[] fieldBytes = bytes(violation == null ? null : violation.field());
        byte[] rest = violation == null ? body : bytes(violation.rule());
        return ByteBuffer.allocate(1 + 2 + 2 + codeBytes.length + 2 + fieldBytes.length + rest.length)
                .put(SIMPLE)
                .putShort((short) status)
                .putShort((short) codeBytes.length)
                .put(codeBytes)
                .putShort((short) fieldBytes.length)
                .put(fieldBytes)
                .put(rest)
                .array();
    }

    private byte[] encodeDetailed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(DETAILED);
            out.writeShort(status);
            write(out, bytes(code));
            out.writeInt(violations.size());
            for (Violation violation : violations) {
                write(out, bytes(violation.field()));
                write(out, bytes(violation.rule()));
            }
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] text) throws IOException {
        out.writeShort(text.length);
        out.write(text);
    }

    static Outcome decode(ByteBuffer encoded) {
        byte format = encoded.get();
        if (format != SIMPLE && format != DETAILED) {
            throw new IllegalStateException("outcome format " + format + " is newer than this version");
        }
        int status = encoded.getShort();
        String code = text(encoded);
        if (format == DETAILED) {
            return new Outcome(status, code, violations(encoded), rest(encoded));
        }
        String field = text(encoded);
        byte[] rest = rest(encoded);
        return code == null
                ? new Outcome(status, null, List.of(), rest)
                : new Outcome(
                        status, code, List.of(new Violation(field, new String(rest, StandardCharsets.UTF_8))), NOTHING);
    }

    private static List<Violation> violations(ByteBuffer encoded) {
        int count = encoded.getInt();
        List<Violation> violations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String field = text(encoded);
            String rule = text(encoded);
            violations.add(new Violation(field, rule == null ? "" : rule));
        }
        return violations;
    }

    private static byte[] rest(ByteBuffer encoded) {
        byte[] rest = new byte[encoded.remaining()];
        encoded.get(rest);
        return rest;
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(ByteBuffer encoded) {
        byte[] bytes = new byte[Short.toUnsignedInt(encoded.getShort())];
        encoded.get(bytes);
        return bytes.length == 0 ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
