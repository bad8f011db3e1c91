package io.forebay.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request target read as it came. A key is a path whose parts may hold any character in encoded form, so the path is
 * split at its raw slashes first and each segment is percent-decoded once, after; nothing is normalised: {@code .},
 * {@code ..} and empty segments are segments like any other.
 *
 * @param path the raw path, starting with a slash
 * @param segments its raw segments
 * @param query the raw query, empty where there is none
 */
record RawTarget(String path, List<String> segments, String query) {

    /** Reads origin-form and absolute-form targets (RFC 9112, section 3.2). */
    static RawTarget parse(String target) {
        String origin = originForm(target);
        for (int i = 0; i < origin.length(); i++) {
            char c = origin.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == '#') {
                throw badTarget("must be printable ASCII without spaces and without a fragment");
            }
        }
        int question = origin.indexOf('?');
        String path = question < 0 ? origin : origin.substring(0, question);
        String query = question < 0 ? "" : origin.substring(question + 1);
        if (!path.startsWith("/")) {
            throw badTarget("must start with a slash");
        }
        return new RawTarget(path, HeaderSyntax.splitPlain(path.substring(1), '/'), query);
    }

    private static String originForm(String target) {
        int scheme = target.indexOf("://");
        if (target.startsWith("/") || scheme < 0) {
            return target;
        }
        int slash = target.indexOf('/', scheme + 3);
        if (slash >= 0) {
            return target.substring(slash);
        }
        int question = target.indexOf('?', scheme + 3);
        return question < 0 ? "/" : "/" + target.substring(question);
    }

    /** The query's parameters in their order; a plus sign is a space, as in a form. */
    Map<String, List<String>> parameters() {
        if (query.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : HeaderSyntax.splitPlain(query, '&')) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), true, "query");
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true, name);
                parameters.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
            }
        }
        return parameters;
    }

    /** Percent-decodes once; what is not an escape or not UTF-8 is refused with the field's name. */
    static String decode(String raw, boolean plusIsSpace, String field) {
        if (raw.indexOf('%') < 0 && (!plusIsSpace || raw.indexOf('+') < 0)) {
            return raw;
        }
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? hex(raw.charAt(i + 1)) : -1;
                int low = i + 2 < raw.length() ? hex(raw.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    throw badEscape(field, "'%' must be followed by two hexadecimal digits");
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw badEscape(field, "the escapes must be UTF-8");
        }
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static ProblemException badTarget(String rule) {
        return Problem.invalid("request-target", rule).exception();
    }

    private static ProblemException badEscape(String field, String rule) {
        return new Problem(
                        400,
                        "invalid_escape",
                        "The request target has an invalid escape",
                        null,
                        List.of(new FieldProblem(field, rule)),
                        Map.of())
                .exception();
    }
}
