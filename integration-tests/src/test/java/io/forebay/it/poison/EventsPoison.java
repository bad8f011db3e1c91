package io.forebay.it.poison;

import io.forebay.it.events.EventTopics;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EraseInstance;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.NewEvent;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What is wrong with events. */
final class EventsPoison implements PoisonTable {
    /** Limits that a few events exceed. */
    static final Map<String, String> LIMITS =
            Map.of("forebay.events.data.max.bytes", "1024", "forebay.events.append.max.count", "10");

    private static final String STREAM = "users/1";
    private static final String CALL = "/v1/events";

    private static final String NAME = "event without a type, a domain or an instance, or with one that is too long";
    private static final String DATA = "event whose data is no JSON object, or bytes without a media type";
    private static final String VERSION = "version of an event's schema that is less than 1";
    private static final String UNKNOWN = "member of an event or an append that is not known";
    private static final String LARGE = "data above `forebay.events.data.max.bytes`";
    private static final String MANY = "more events than `forebay.events.append.max.count`";
    private static final String OTHER_KEY = "record key that is none of the streams of its append";
    private static final String EXPECTED = "expectation of a stream that does not hold";
    private static final String TWICE = "id that two events of an append to one stream have";
    private static final String RECORDED = "append of which some events are recorded already";
    private static final String REUSED = "id of an event that is recorded with other content";
    private static final String ERASURE =
            "erasure of what can be no stream: without an instance, or with a name that is too long";
    private static final String READ = "time, position, direction or cursor of a read that is none";

    private final ForebayStack stack;
    private final EventTopics topics;

    /** Appends what some of the rows are about. */
    EventsPoison(ForebayStack stack) {
        this.stack = stack;
        this.topics = new EventTopics(stack);
        stack.client().post(CALL, call(json("'id':'known',"))).orFail();
    }

    @Override
    public EventTopics topics() {
        return topics;
    }

    @Override
    public boolean goesOn(int partition) {
        String after = EventTopics.position(topics.append(List.of(event().build())));
        return stack.client().get(CALL + "?limit=1", after).isSuccess();
    }

    @Override
    public List<BadRecord> records() {
        NewEvent known = event().setId("known").build();
        return List.of(
                bad(NAME, "invalid", event().setType("").build()),
                bad(NAME, "invalid", event().setType("t".repeat(513)).build()).named("too long"),
                bad(DATA, "invalid", event().setData("[1]").build()),
                bad(DATA, "invalid", event().setData(ByteBuffer.allocate(1)).build())
                        .named("bytes"),
                bad(VERSION, "invalid", event().setVersion(0).build()),
                bad(LARGE, "too_large", event().setData(large()).build()),
                BadRecord.of(MANY, "too_large", STREAM, encode(Collections.nCopies(11, event().build()), List.of())),
                BadRecord.of(OTHER_KEY, "wrong_key", "users/2", encode(List.of(event().build()), List.of())),
                BadRecord.of(
                        EXPECTED,
                        "version_conflict",
                        STREAM,
                        encode(List.of(event().build()), List.of(new ExpectedVersion("users", "1", 0L)))),
                BadRecord.of(
                        TWICE,
                        "invalid",
                        STREAM,
                        encode(Collections.nCopies(2, event().setId("new").build()), List.of())),
                BadRecord.of(
                        RECORDED, "event_already_recorded", STREAM, encode(List.of(event().build(), known), List.of())),
                bad(
                        REUSED,
                        "event_id_reused",
                        event().setId("known").setType("other").build()),
                BadRecord.of(ERASURE, "wrong_key", "users", topics.encode(new EventCommand(new EraseInstance()))));
    }

    @Override
    public List<BadRequest> requests() {
        return List.of(
                BadRequest.of(NAME, "POST", CALL, 400, "invalid", "/events/0/type")
                        .json("{\"events\":[{}]}"),
                BadRequest.of(DATA, "POST", CALL, 400, "invalid", "/events/0/data")
                        .json(call(json("").replace("{\"n\":1}", "[1]"))),
                BadRequest.of(DATA, "POST", CALL, 400, "invalid", "/events/0/content_type")
                        .json(call(json("").replace("\"data\":{\"n\":1}", "\"data_base64\":\"AA==\"")))
                        .named("bytes"),
                BadRequest.of(VERSION, "POST", CALL, 400, "invalid", "/events/0/version")
                        .json(call(json("'version':0,"))),
                BadRequest.of(UNKNOWN, "POST", CALL, 400, "invalid", "/events/0/colour")
                        .json(call(json("'colour':1,"))),
                BadRequest.of(LARGE, "POST", CALL, 413, "too_large", "/events/0/data")
                        .json(call(json("").replace("{\"n\":1}", large()))),
                BadRequest.of(MANY, "POST", CALL, 413, "too_large", "/events")
                        .json(call(Collections.nCopies(11, json("")).toArray(String[]::new))),
                BadRequest.of(EXPECTED, "POST", CALL, 409, "version_conflict", "/expected/0/version")
                        .json(
                                "{\"events\":[],\"expected\":[{\"domain\":\"users\",\"instance_id\":\"1\",\"version\":0}]}"),
                BadRequest.of(TWICE, "POST", CALL, 400, "invalid", "/events/1/id")
                        .json(call(json("'id':'new',"), json("'id':'new',"))),
                BadRequest.of(RECORDED, "POST", CALL, 409, "event_already_recorded", "/events/1/id")
                        .json(call(json(""), json("'id':'known',"))),
                BadRequest.of(REUSED, "POST", CALL, 422, "event_id_reused", "/events/0/id")
                        .json(call(json("'id':'known','version':2,"))),
                BadRequest.of(ERASURE, "DELETE", CALL + "/users/" + "x".repeat(4097), 400, "invalid", "instance"),
                BadRequest.of(READ, "GET", CALL + "?from=yesterday", 400, "invalid", "from"),
                BadRequest.of(READ, "GET", CALL + "?as_of=x", 400, "invalid", "as_of")
                        .named("position"),
                BadRequest.of(READ, "GET", CALL + "?direction=up", 400, "invalid", "direction")
                        .named("direction"),
                BadRequest.of(READ, "GET", CALL + "?cursor=x", 400, "invalid", "cursor")
                        .named("cursor"));
    }

    private static NewEvent.Builder event() {
        return NewEvent.newBuilder()
                .setType("t")
                .setDomain("users")
                .setInstanceId("1")
                .setData("{\"n\":1}");
    }

    private BadRecord bad(String line, String reason, NewEvent event) {
        return BadRecord.of(line, reason, STREAM, encode(List.of(event), List.of()));
    }

    private byte[] encode(List<NewEvent> events, List<ExpectedVersion> expected) {
        return topics.encode(new EventCommand(new AppendEvents(events, expected)));
    }

    /** The same event for a call, with more members in front; a quote is written as a single one. */
    private static String json(String members) {
        return ("{" + members + "'type':'t','domain':'users','instance_id':'1','data':{'n':1}}").replace('\'', '"');
    }

    private static String call(String... events) {
        return "{\"events\":[" + String.join(",", events) + "]}";
    }

    private static String large() {
        return "{\"a\":\"" + "x".repeat(1024) + "\"}";
    }
}
