package io.forebay.sync.http;

import io.forebay.records.model.Model;
import io.forebay.records.sync.View;
import io.forebay.records.value.RecordId;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathSyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What has been applied to a value, as JSON: the ref of the last change of each record, {@code {"posts/7": "12"}}, and under the name
 * of a table that of its last truncation.
 */
final class ViewJson {

    private ViewJson() {}

    /** Reads it; what is wrong is noted with the body. */
    static View read(@Nullable JsonValue json, Model model, Body body) {
        Map<RecordId, Long> records = new HashMap<>();
        Map<String, Long> truncations = new HashMap<>();
        if (json == null) {
            return new View();
        }
        if (!json.isObject()) {
            body.violate("/view", "an object of refs by record");
            return new View();
        }
        for (JsonObject.Member member : json.asObject().members()) {
            String pointer = "/view" + Body.pointer(member.name());
            Path path = path(member.name());
            Long ref = ref(member.value());
            if (path == null || model.table(path.part(0)) == null) {
                body.violate(pointer, "the path of a record of the model, or the name of a table");
            } else if (ref == null) {
                body.violate(pointer, "a ref");
            } else if (path.size() == 1) {
                truncations.put(path.part(0), ref);
            } else {
                records.put(RecordId.of(path), ref);
            }
        }
        return new View(records, truncations);
    }

    private static @Nullable Path path(String text) {
        try {
            return Path.parse(text);
        } catch (PathSyntaxException e) {
            return null;
        }
    }

    /** A ref, which is a text or a number; null when it is none. */
    static @Nullable Long ref(JsonValue value) {
        String text = value.isString() ? value.asText() : value.isNumber() ? value.raw() : "";
        return text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
    }

    static String write(View view) {
        Map<String, Long> refs = new TreeMap<>(view.truncations().entrySet().stream()
                .collect(Collectors.toMap(entry -> Path.of(entry.getKey()).toString(), Map.Entry::getValue)));
        view.records().forEach((record, ref) -> refs.put(record.toString(), ref));
        return refs.entrySet().stream()
                .map(entry -> JsonValue.ofText(entry.getKey()).raw() + ":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
