package io.forebay.events;

import io.forebay.events.seal.OpenedEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.position.Position;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Recorded events as JSON, on one line. */
public final class EventJson {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final JsonLimits ANY = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);

    private EventJson() {}

    /**
     * An event. Of one that is erased {@code data} are null, and the member {@code erased} says so.
     *
     * @param input name of the topic whose positions are told
     */
    public static String event(OpenedEvent opened, String input) {
        RecordedEvent event = opened.event();
        StringBuilder json = new StringBuilder(256);
        json.append("{\"id\":").append(text(event.getId()));
        json.append(",\"type\":").append(text(event.getType()));
        json.append(",\"domain\":").append(text(event.getDomain()));
        json.append(",\"instance_id\":").append(text(event.getInstanceId()));
        Object data = event.getData();
        if (opened.erased()) {
            json.append(",\"data\":null");
        } else if (data instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            json.append(",\"data_base64\":\"").append(Base64.getEncoder().encodeToString(copy));
            json.append("\",\"content_type\":").append(text(String.valueOf(event.getContentType())));
        } else {
            json.append(",\"data\":").append(onOneLine(data.toString()));
        }
        json.append(",\"metadata\":").append(metadata(event));
        json.append(",\"version\":").append(event.getVersion());
        json.append(",\"sequence_number\":").append(event.getSequenceNumber());
        json.append(",\"stream_version\":").append(event.getStreamVersion());
        json.append(",\"inserted_at\":\"").append(time(event.getInsertedAt()));
        json.append("\",\"position\":\"").append(position(event, input).token());
        return json.append(opened.erased() ? "\",\"erased\":true}" : "\"}").toString();
    }

    private static String metadata(RecordedEvent event) {
        @Nullable String further = event.getMetadata();
        JsonObject metadata = JsonObject.parse(further == null ? "{}" : further, ANY)
                .with(EventRules.DOMAIN, JsonValue.ofText(event.getDomain()))
                .with(EventRules.INSTANCE_ID, JsonValue.ofText(event.getInstanceId()));
        return onOneLine(metadata.text());
    }

    /** A time as events tell it: ISO 8601 in UTC, with milliseconds. */
    public static String time(Instant time) {
        return TIME.format(time);
    }

    /** The position from which on a store has the event. */
    public static Position position(RecordedEvent event, String input) {
        return Position.of(
                new TopicPartition(input, event.getSource().getPartition()),
                event.getSource().getOffset());
    }

    private static String text(String text) {
        return JsonValue.ofText(text).raw();
    }

    /** Line breaks in JSON stand between its tokens only, so a space does as well. */
    private static String onOneLine(String json) {
        return json.replace('\n', ' ').replace('\r', ' ');
    }
}
