package io.forebay.transfer;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;

/**
 * How far an import of a file has got.
 *
 * @param kind what is imported where: an import that differs in it is another one
 * @param bytes up to where the file's lines are imported
 * @param lines that these are
 * @param checksum of the last of them
 * @param count what became of them
 */
record ImportProgress(String kind, long bytes, long lines, long checksum, ImportCount count) {

    static ImportProgress none(String kind) {
        return new ImportProgress(kind, 0, 0, 0, ImportCount.NONE);
    }

    static ImportProgress parse(JsonObject json) {
        return new ImportProgress(
                member(json, "import").asText(),
                number(json, "bytes"),
                number(json, "lines"),
                number(json, "checksum"),
                new ImportCount(number(json, "recorded"), number(json, "present"), number(json, "left_out")));
    }

    String toJson() {
        return "{\"import\":" + JsonValue.ofText(kind).raw() + ",\"bytes\":" + bytes + ",\"lines\":" + lines
                + ",\"checksum\":" + checksum + ",\"recorded\":" + count.recorded() + ",\"present\":" + count.present()
                + ",\"left_out\":" + count.leftOut() + "}";
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
