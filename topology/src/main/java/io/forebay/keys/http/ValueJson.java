package io.forebay.keys.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.forebay.http.calls.JsonBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * Values as members of a JSON object: what is JSON by its media type and in fact is spliced in as {@code value}, anything
 * else is {@code value_base64}; {@code content_type} stands beside it where it is not {@code application/json}.
 */
final class ValueJson {
    static final String JSON = "application/json";
    static final String BYTES = "application/octet-stream";

    private static final JsonFactory PARSER = new JsonFactory();

    private ValueJson() {}

    /** Whether a media type says that the value is JSON (RFC 6839). */
    static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .trim()
                .toLowerCase(Locale.ROOT);
        return type.equals(JSON) || type.endsWith("+json");
    }

    /** Writes the members, without a comma before or after; on one line. */
    static void write(JsonBuffer json, byte[] value, String contentType) {
        if (isJson(contentType) && isOneJsonText(value)) {
            json.text("\"value\":").raw(onOneLine(value));
            if (contentType.equals(JSON)) {
                return;
            }
        } else {
            json.text("\"value_base64\":\"")
                    .text(Base64.getEncoder().encodeToString(value))
                    .text("\"");
        }
        json.text(",\"content_type\":").text(quoted(contentType));
    }

    /** By characters: over bytes the parser would look for a byte order mark, and for other encodings. */
    private static boolean isOneJsonText(byte[] value) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            try (JsonParser parser = PARSER.createParser(text.array(), 0, text.length())) {
                if (parser.nextToken() == null) {
                    return false;
                }
                parser.skipChildren();
                parser.finishToken();
                return parser.nextToken() == null;
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Line breaks in JSON stand between its tokens only, so a space does as well. */
    private static byte[] onOneLine(byte[] json) {
        byte[] line = null;
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                line = line == null ? json.clone() : line;
                line[i] = ' ';
            }
        }
        return line == null ? json : line;
    }

    /** A media type is printable ASCII. */
    private static String quoted(String contentType) {
        return '"' + contentType.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
