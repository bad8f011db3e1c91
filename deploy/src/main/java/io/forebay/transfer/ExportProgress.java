package io.forebay.transfer;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * How far an export has got.
 *
 * @param query parameters of the list
 * @param asOf the position of its first page, as of which all pages are; null before that
 * @param cursor of the next page; null before the first and after the last
 * @param total events in all
 * @param count events that are written
 * @param bytes that these take
 */
record ExportProgress(
        String query, @Nullable String asOf, @Nullable String cursor, long total, long count, long bytes) {

    /** Nothing is written. */
    static ExportProgress none(String query) {
        return new ExportProgress(query, null, null, 0, 0, 0);
    }

    ExportProgress withBytes(long written) {
        return new ExportProgress(query, asOf, cursor, total, count, written);
    }

    boolean isComplete() {
        return asOf != null && cursor == null;
    }

    static ExportProgress parse(JsonObject json) {
        return new ExportProgress(
                member(json, "query").asText(),
                text(member(json, "as_of")),
                text(member(json, "cursor")),
                number(json, "total"),
                number(json, "count"),
                number(json, "bytes"));
    }

    String toJson() {
        return "{\"query\":" + text(query) + ",\"as_of\":" + text(asOf) + ",\"cursor\":" + text(cursor) + ",\"total\":"
                + total + ",\"count\":" + count + ",\"bytes\":" + bytes + "}";
    }

    private static String text(@Nullable String text) {
        return text == null ? "null" : JsonValue.ofText(text).raw();
    }

    private static @Nullable String text(JsonValue value) {
        return value.isNull() ? null : value.asText();
    }

    private static long number(JsonObject json, String name) {
        return Long.parseLong(member(json, name).raw());
    }

    private static JsonValue member(JsonObject json, String name) {
        JsonValue value = json.member(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }
}
