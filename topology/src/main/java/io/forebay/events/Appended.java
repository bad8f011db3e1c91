package io.forebay.events;

import io.forebay.events.state.EventLead;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of the events of an append: where each of them was recorded, in the order of the append. It is the outcome that is
 * kept for retries, so it tells no more of an event than what the append itself does not.
 *
 * @param places of the events
 */
public record Appended(List<Place> places) {

    private static final JsonLimits OURS = new JsonLimits(Integer.MAX_VALUE, JsonLimits.DEFAULT_MAX_DEPTH);

    /**
     * Where one event was recorded.
     *
     * @param source the command that appended it
     * @param insertedAt when, in milliseconds since the epoch
     * @param sequence its number
     * @param streamVersion its version in its stream
     * @param id its id
     */
    public record Place(SourcePosition source, long insertedAt, long sequence, long streamVersion, String id) {

        static Place of(EventLead event) {
            return new Place(
                    new SourcePosition(event.partition(), event.offset()),
                    event.insertedAt(),
                    event.sequence(),
                    event.streamVersion(),
                    event.id());
        }

        private boolean follows(Place other) {
            return source.equals(other.source) && insertedAt == other.insertedAt && sequence == other.sequence + 1;
        }
    }

    public Appended {
        places = List.copyOf(places);
    }

    static Appended of(List<EventLead> events) {
        return new Appended(events.stream().map(Place::of).toList());
    }

    /** The record of an event at its place. */
    static RecordedEvent record(NewEvent event, Place place) {
        return RecordedEvent.newBuilder()
                .setSource(place.source())
                .setInsertedAt(Instant.ofEpochMilli(place.insertedAt()))
                .setUnitLast(false)
                .setSequenceNumber(place.sequence())
                .setStreamVersion(place.streamVersion())
                .setType(event.getType())
                .setDomain(event.getDomain())
                .setInstanceId(event.getInstanceId())
                .setId(place.id())
                .setVersion(event.getVersion())
                .setData(event.getData())
                .setContentType(event.getContentType())
                .setMetadata(event.getMetadata())
                .build();
    }

    /** The records of an append's events. */
    public List<RecordedEvent> records(AppendEvents append) {
        List<RecordedEvent> records = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            records.add(record(append.getEvents().get(i), places.get(i)));
        }
        return records;
    }

    /**
     * The outcome's body: runs of events that were appended next to each other, mostly one.
     */
    String toJson() {
        StringBuilder json = new StringBuilder("{\"appends\":[");
        int from = 0;
        while (from < places.size()) {
            int to = from + 1;
            while (to < places.size() && places.get(to).follows(places.get(to - 1))) {
                to++;
            }
            json.append(from == 0 ? "" : ",");
            writeRun(json, places.subList(from, to));
            from = to;
        }
        return json.append("]}").toString();
    }

    private static void writeRun(StringBuilder json, List<Place> run) {
        Place first = run.get(0);
        json.append("{\"partition\":").append(first.source().getPartition());
        json.append(",\"offset\":").append(first.source().getOffset());
        json.append(",\"inserted_at\":").append(first.insertedAt());
        json.append(",\"sequence_number\":").append(first.sequence());
        json.append(",\"events\":[");
        for (int i = 0; i < run.size(); i++) {
            Place place = run.get(i);
            json.append(i == 0 ? "[" : ",[").append(place.streamVersion()).append(',');
            json.append(JsonValue.ofText(place.id()).raw()).append(']');
        }
        json.append("]}");
    }

    /** Reads an outcome's body. */
    public static Appended parse(byte[] body) {
        List<Place> places = new ArrayList<>();
        for (JsonValue element : member(JsonObject.parse(body, OURS), "appends").elements()) {
            JsonObject run = element.asObject();
            SourcePosition source = new SourcePosition((int) number(run, "partition"), number(run, "offset"));
            long insertedAt = number(run, "inserted_at");
            long sequence = number(run, "sequence_number");
            for (JsonValue event : member(run, "events").elements()) {
                List<JsonValue> told = event.elements();
                places.add(new Place(
                        source,
                        insertedAt,
                        sequence++,
                        Long.parseLong(told.get(0).raw()),
                        told.get(1).asText()));
            }
        }
        return new Appended(places);
    }

    private static long number(JsonObject object, String name) {
        return Long.parseLong(member(object, name).raw());
    }

    private static JsonValue member(JsonObject object, String name) {
        @Nullable JsonValue value = object.member(name);
        return Objects.requireNonNull(value, name);
    }
}
