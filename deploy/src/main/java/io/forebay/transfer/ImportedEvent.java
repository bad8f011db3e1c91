package io.forebay.transfer;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.transfer.EventLines.Line;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An exported event as it is appended: with its own id, and without what the log that records it assigns. Whatever else it says
 * is passed on as it is, for the target to judge.
 *
 * @param line its number in the file
 * @param end the place after it in the file
 * @param id of the event in its stream
 * @param stream domain and instance, as far as they are told
 * @param json the event
 * @param checksum of the line
 */
record ImportedEvent(long line, long end, String id, List<String> stream, JsonObject json, long checksum) {

    private static final JsonLimits ANY = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);
    private static final JsonValue EMPTY = JsonValue.of(JsonObject.parse("{}"));
    private static final JsonValue TRUE =
            JsonObject.parse("{\"erased\":true}").members().get(0).value();

    /** What the log assigns. */
    private static final List<String> ASSIGNED =
            List.of("sequence_number", "stream_version", "inserted_at", "position");

    private static final String ERASED = "erased";
    private static final String METADATA = "metadata";

    /**
     * Reads a line.
     *
     * @param insertedAtAs member of metadata that takes the time at which the event was recorded first; null for none
     */
    static ImportedEvent parse(Line line, @Nullable String insertedAtAs) throws BadLineException {
        JsonObject event;
        try {
            event = JsonObject.parse(line.text(), ANY);
        } catch (JsonSyntaxException e) {
            throw new BadLineException(line.number(), "is no event: " + e.getMessage());
        }
        String id = text(event, "id");
        if (id.isEmpty()) {
            throw new BadLineException(
                    line.number(), "is no recorded event: /id must be a string, by which it is known");
        }
        List<String> stream = List.of(text(event, "domain"), text(event, "instance_id"));
        return new ImportedEvent(
                line.number(), line.end(), id, stream, appended(event, line, insertedAtAs), checksum(line.text()));
    }

    private static JsonObject appended(JsonObject event, Line line, @Nullable String insertedAtAs)
            throws BadLineException {
        JsonObject appended = event;
        for (String member : ASSIGNED) {
            appended = appended.without(member);
        }
        JsonValue given = event.member(METADATA);
        JsonObject metadata = given != null && given.isObject() ? given.asObject() : EMPTY.asObject();
        // The target adds them anew; here they would count as the caller's.
        metadata = metadata.without("domain").without("instance_id");
        appended = appended.without(ERASED);
        if (isErased(event, line)) {
            appended = appended.without("data_base64").without("content_type").with("data", EMPTY);
            metadata = metadata.with(ERASED, TRUE);
        }
        JsonValue insertedAt = event.member("inserted_at");
        if (insertedAtAs != null && insertedAt != null && !metadata.has(insertedAtAs)) {
            metadata = metadata.with(insertedAtAs, insertedAt);
        }
        boolean isJudged = given != null && !given.isObject() && !given.isNull();
        return isJudged ? appended : appended.with(METADATA, JsonValue.of(metadata));
    }

    private static boolean isErased(JsonObject event, Line line) throws BadLineException {
        JsonValue erased = event.member(ERASED);
        if (erased != null && !erased.isBoolean()) {
            throw new BadLineException(line.number(), "is no event: /erased must be true or false");
        }
        return erased != null && erased.asBoolean();
    }

    private static String text(JsonObject event, String name) {
        JsonValue value = event.member(name);
        return value != null && value.isString() ? value.asText() : "";
    }

    /** Tells a line from others, well enough to notice that a file is another. */
    static long checksum(byte[] text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text);
        return checksum.getValue();
    }

    /** Bytes of the event in the body of an append. */
    int length() {
        return json.length() + 1;
    }

    /** For the terminal: control characters are escaped. */
    String quotedId() {
        return JsonValue.ofText(id).raw();
    }
}
