package io.forebay.it.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of the tests, read without loss of digits and compared by value. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode parse(byte[] utf8) {
        try {
            return MAPPER.readTree(utf8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode parse(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** One member. */
    public static ObjectNode object(String name, @Nullable JsonNode value) {
        return object().set(name, value);
    }

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static boolean sameValue(@Nullable JsonNode expected, @Nullable JsonNode actual) {
        return differences(expected, actual).isEmpty();
    }

    /**
     * Where two documents differ by value, one line per JSON pointer (RFC 6901). The order of members never matters, that of elements
     * does, numbers compare by value, and an absent member is not null.
     */
    public static List<String> differences(@Nullable JsonNode expected, @Nullable JsonNode actual) {
        List<String> lines = new ArrayList<>();
        compare("", expected, actual, lines);
        return lines;
    }

    private static void compare(
            String pointer, @Nullable JsonNode expected, @Nullable JsonNode actual, List<String> lines) {
        if (expected == null || actual == null) {
            if (expected != null || actual != null) {
                lines.add(at(pointer) + ": expected " + shown(expected) + ", was " + shown(actual));
            }
        } else if (expected.isObject() && actual.isObject()) {
            compareObjects(pointer, expected, actual, lines);
        } else if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                compare(pointer + "/" + i, expected.get(i), actual.get(i), lines);
            }
        } else if (!sameScalar(expected, actual)) {
            lines.add(at(pointer) + ": expected " + shown(expected) + ", was " + shown(actual));
        }
    }

    private static void compareObjects(String pointer, JsonNode expected, JsonNode actual, List<String> lines) {
        for (Map.Entry<String, JsonNode> member : expected.properties()) {
            compare(child(pointer, member.getKey()), member.getValue(), actual.get(member.getKey()), lines);
        }
        for (Map.Entry<String, JsonNode> member : actual.properties()) {
            if (!expected.has(member.getKey())) {
                compare(child(pointer, member.getKey()), null, member.getValue(), lines);
            }
        }
    }

    private static String child(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static boolean sameScalar(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        return expected.getNodeType() == actual.getNodeType() && expected.equals(actual);
    }

    private static String at(String pointer) {
        return pointer.isEmpty() ? "(whole)" : pointer;
    }

    private static String shown(@Nullable JsonNode value) {
        if (value == null) {
            return "nothing";
        }
        String text = value.toString();
        return text.length() <= 400 ? text : text.substring(0, 400) + "…";
    }
}
