package io.forebay.keys.http;

import io.forebay.http.calls.JsonBuffer;
import io.forebay.keys.query.KeyEntry;
import io.forebay.schemas.path.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forebay's own envelopes around keys and values. A key is told without its namespace, which the call names. */
final class KeyJson {
    private KeyJson() {}

    static byte[] page(List<KeyEntry> entries, @Nullable String next, List<Integer> missing) {
        JsonBuffer json = new JsonBuffer().text("{\"records\":");
        entries(json, entries);
        json.text(",\"next\":").text(next == null ? "null" : '"' + next + '"');
        if (!missing.isEmpty()) {
            json.text(",\"missing\":").text(missing.toString().replace(" ", ""));
        }
        return json.text("}").bytes();
    }

    static byte[] records(List<KeyEntry> entries) {
        JsonBuffer json = new JsonBuffer().text("{\"records\":");
        entries(json, entries);
        return json.text("}").bytes();
    }

    static byte[] change(KeyEntry entry, String type) {
        JsonBuffer json = new JsonBuffer().text("{\"type\":\"").text(type).text("\",");
        members(json, entry);
        return json.text("}").bytes();
    }

    private static void entries(JsonBuffer json, List<KeyEntry> entries) {
        json.text("[");
        for (int i = 0; i < entries.size(); i++) {
            json.text(i == 0 ? "{" : ",{");
            members(json, entries.get(i));
            json.text("}");
        }
        json.text("]");
    }

    private static void members(JsonBuffer json, KeyEntry entry) {
        List<String> parts = Path.parse(entry.key()).parts();
        json.text("\"key\":")
                .text(Path.of(parts.subList(1, parts.size())).toJson())
                .text(",");
        ValueJson.write(json, entry.value(), entry.contentType());
        json.text(",\"version\":\"" + entry.version() + "\",\"expires_at\":" + entry.expiresAt());
    }
}
