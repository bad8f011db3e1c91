package io.forebay.records.watch;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JSON as tests write and compare it. */
final class Json {

    /** Arrays whose order means nothing. */
    private static final Set<String> SETS =
            Set.of("extra_columns", "watchers", "subscribed", "subscriptions", "sessions");

    private Json() {}

    /** Any value; its texts may be in single quotes where it has none. */
    static JsonValue value(String text) {
        String quoted = text.indexOf('"') < 0 ? text.replace('\'', '"') : text;
        return member(JsonObject.parse("{\"value\":" + quoted + "}", new JsonLimits(64 * 1024 * 1024, 100)), "value");
    }

    static JsonObject object(String text) {
        return value(text).asObject();
    }

    static JsonValue member(JsonObject object, String name) {
        JsonValue value = object.member(name);
        if (value == null) {
            throw new AssertionError("no " + name);
        }
        return value;
    }

    static String text(JsonObject object, String name) {
        return member(object, name).asText();
    }

    static List<String> texts(JsonValue array) {
        return array.elements().stream().map(JsonValue::asText).toList();
    }

    static String array(Collection<String> values) {
        return values.stream().collect(Collectors.joining(",", "[", "]"));
    }

    static String quoted(String text) {
        return JsonValue.ofText(text).raw();
    }

    /** The same text for the same value. */
    static String canonical(JsonValue value) {
        return canonical(value, "");
    }

    private static String canonical(JsonValue value, String name) {
        if (value.isObject()) {
            return value.asObject().members().stream()
                    .map(member -> quoted(member.name()) + ":" + canonical(member.value(), member.name()))
                    .sorted()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value.isArray()) {
            Stream<String> elements = value.elements().stream().map(Json::canonical);
            return (SETS.contains(name) ? elements.sorted() : elements).collect(Collectors.joining(",", "[", "]"));
        }
        return value.isString() ? quoted(value.asText()) : value.raw();
    }
}
