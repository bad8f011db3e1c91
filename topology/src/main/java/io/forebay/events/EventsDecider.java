package io.forebay.events;

import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.command.SideStore;
import io.forebay.command.Violation;
import io.forebay.events.Appended.Place;
import io.forebay.events.seal.EventSeal;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.events.state.EventLead;
import io.forebay.events.state.EventLog;
import io.forebay.events.state.EventValues;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EraseInstance;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.RewriteInstanceKey;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.avro.StreamCondition;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides appends and erasures.
 *
 * <p>An append is all or nothing: every rule and every expectation is checked against the log before it, then its events get
 * the next versions of their streams and the next numbers of the partition, without a gap. Of two appends that expect the same
 * version of a stream the log's order lets one through, and the other is told the version that the stream has by then.
 *
 * <p>An event is recognised by its id in its stream, for ever. An append of which every event is recorded already, the same, is
 * a repetition: whatever it expects, it is answered with what was recorded then. One of which some are is neither that nor new,
 * and is refused.
 *
 * <p>Events of some domains are sealed with a key of their stream, which is in a store of its own ({@link EventSeal}). An
 * erasure destroys the key, and with it every copy of what it sealed: the log is never written again, so no restore, replica
 * or backup of it has to be looked for. What is appended afterwards has a new key. That an append is a repetition is told by
 * the ids of its events alone, where there is nothing left to compare.
 */
public final class EventsDecider implements Decider<EventCommand> {

    /** The code of a condition that would have to be decided by several partitions at once. */
    public static final String CROSS_PARTITION = "cross_partition_condition";

    private static final int PARTS_OF_A_STREAM = 2;

    private final TopicSpec input;
    private final EventsConfig config;
    private final EventRules rules;
    private final EventValues values;
    private final EventSeal seal;

    /**
     * A decider for one task.
     *
     * @param input the topic of the commands
     * @param values of the log and of the keys
     */
    public EventsDecider(TopicSpec input, EventsConfig config, EventValues values) {
        this.input = input;
        this.config = config;
        this.rules = new EventRules(config);
        this.values = values;
        this.seal = new EventSeal(values);
    }

    @Override
    public void checkKey(Path key) throws RefusedException {
        if (key.size() != PARTS_OF_A_STREAM) {
            throw new RefusedException(400, "wrong_key", "key", "a domain and an instance");
        }
    }

    @Override
    public Outcome decide(Path key, EventCommand command, Decision decision) throws RefusedException {
        Object asked = command.getCommand();
        if (asked instanceof AppendEvents append) {
            return append(key, append, decision);
        }
        if (asked instanceof EraseInstance) {
            return erase(key, decision);
        }
        if (asked instanceof RewriteInstanceKey) {
            return rewriteKey(key, decision);
        }
        throw RefusedException.invalid("command", "one of the commands this version knows");
    }

    private Outcome append(Path key, AppendEvents asked, Decision decision) throws RefusedException {
        SideStore recording = decision.beside(EventsFlow.LOG);
        EventLog log = new EventLog(recording.before());
        if (recording.isWritten()) {
            return answer(Appended.of(log.appendedBy(decision.offset())));
        }
        AppendEvents append = rules.check(asked);
        checkPlaces(key, append, decision.partition());
        StreamKeys keys = new StreamKeys(decision, values, seal);
        Appended recorded = recorded(append, log, keys);
        if (recorded != null) {
            return answer(recorded);
        }
        checkExpected(append.getExpected(), log);
        return answer(append(append.getEvents(), log, keys, decision));
    }

    private Outcome erase(Path stream, Decision decision) {
        EventLog log = new EventLog(decision.beside(EventsFlow.LOG).before());
        new StreamKeys(decision, values, seal).destroy(stream);
        long events = log.version(stream.part(0), stream.part(1), decision.offset());
        long sealed = log.sealed(stream.part(0), stream.part(1), decision.offset());
        return Outcome.answered(new Erased(events, sealed).toJson().getBytes(StandardCharsets.UTF_8));
    }

    private Outcome rewriteKey(Path stream, Decision decision) {
        new StreamKeys(decision, values, seal).rewrite(stream);
        return Outcome.done();
    }

    private static Outcome answer(Appended appended) {
        return Outcome.answered(appended.toJson().getBytes(StandardCharsets.UTF_8));
    }

    /** All streams are on this partition, and the record key is one of them. */
    private void checkPlaces(Path key, AppendEvents append, int partition) throws RefusedException {
        boolean named = append.getEvents().isEmpty() && append.getExpected().isEmpty();
        List<Violation> elsewhere = new ArrayList<>();
        for (int i = 0; i < append.getEvents().size(); i++) {
            NewEvent event = append.getEvents().get(i);
            Path stream = Path.of(event.getDomain(), event.getInstanceId());
            named |= stream.equals(key);
            if (input.partitionFor(stream) != partition) {
                elsewhere.add(
                        new Violation("/events/" + i, "an event of a stream on the partition that it is sent to"));
            }
        }
        if (!elsewhere.isEmpty()) {
            throw RefusedException.of(400, "wrong_partition", elsewhere, null);
        }
        for (int i = 0; i < append.getExpected().size(); i++) {
            ExpectedVersion expected = append.getExpected().get(i);
            Path stream = Path.of(expected.getDomain(), expected.getInstanceId());
            named |= stream.equals(key);
            if (input.partitionFor(stream) != partition) {
                elsewhere.add(crossesPartitions("/expected/" + i));
            }
        }
        if (!elsewhere.isEmpty()) {
            throw RefusedException.of(400, CROSS_PARTITION, elsewhere, null);
        }
        if (!named) {
            throw new RefusedException(400, "wrong_key", "key", "one of the streams that the command names");
        }
    }

    /** What is wrong with a condition that would have to be decided by several partitions at once. */
    public static Violation crossesPartitions(String pointer) {
        return new Violation(
                pointer, "conditions hold within one partition: on all streams with forebay.events.order global");
    }

    /** What was recorded where the append is a repetition; null where it is new. */
    private @Nullable Appended recorded(AppendEvents append, EventLog log, StreamKeys keys) throws RefusedException {
        List<Place> places = new ArrayList<>();
        List<Violation> stored = new ArrayList<>();
        List<Violation> different = new ArrayList<>();
        for (int i = 0; i < append.getEvents().size(); i++) {
            NewEvent event = append.getEvents().get(i);
            String id = event.getId();
            Stored found = id == null ? null : log.find(event.getDomain(), event.getInstanceId(), id);
            if (found != null) {
                String field = "/events/" + i + "/id";
                stored.add(new Violation(
                        field, "an event that is recorded already: repeat its whole append, or leave it out"));
                places.add(Place.of(EventLead.of(found.payload())));
                if (!isSame(event, keys.open(values.event(found.payload())))) {
                    different.add(new Violation(field, "the id of an event that is recorded with other content"));
                }
            }
        }
        if (!different.isEmpty()) {
            throw RefusedException.of(422, "event_id_reused", different, null);
        }
        if (places.isEmpty()) {
            return null;
        }
        if (places.size() < append.getEvents().size()) {
            throw RefusedException.of(409, "event_already_recorded", stored, null);
        }
        return new Appended(places);
    }

    private static boolean isSame(NewEvent event, OpenedEvent opened) {
        RecordedEvent recorded = opened.event();
        return event.getType().equals(recorded.getType())
                && Objects.equals(event.getVersion(), recorded.getVersion())
                && (opened.erased() || isSameContent(event, recorded));
    }

    private static boolean isSameContent(NewEvent event, RecordedEvent recorded) {
        return Objects.equals(event.getContentType(), recorded.getContentType())
                && isSameData(event.getData(), recorded.getData())
                && isSameObject(event.getMetadata(), recorded.getMetadata());
    }

    private static boolean isSameData(Object one, Object other) {
        if (one instanceof String text && other instanceof String otherText) {
            return isSameObject(text, otherText);
        }
        return one.equals(other);
    }

    private static boolean isSameObject(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return Objects.equals(one, other);
        }
        JsonLimits any = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);
        return one.equals(other) || JsonObject.parse(one, any).sameValue(JsonObject.parse(other, any));
    }

    private static void checkExpected(List<ExpectedVersion> expected, EventLog log) throws RefusedException {
        List<Violation> violations = new ArrayList<>();
        StringBuilder conflicts = new StringBuilder();
        for (int i = 0; i < expected.size(); i++) {
            ExpectedVersion one = expected.get(i);
            long version = log.version(one.getDomain(), one.getInstanceId());
            if (!holds(one.getVersion(), version)) {
                violations.add(
                        new Violation("/expected/" + i + "/version", "the version that the stream has, " + version));
                conflicts.append(conflicts.isEmpty() ? "" : ",").append(conflict(one, version));
            }
        }
        if (!violations.isEmpty()) {
            throw RefusedException.of(409, "version_conflict", violations, "{\"conflicts\":[" + conflicts + "]}");
        }
    }

    private static boolean holds(Object expected, long version) {
        if (expected instanceof Long number) {
            return number == version;
        }
        return switch ((StreamCondition) expected) {
            case none -> version == 0;
            case exists -> version > 0;
            case any -> true;
            case other -> false;
        };
    }

    private static String conflict(ExpectedVersion expected, long version) {
        Object asked = expected.getVersion();
        return "{\"domain\":" + JsonValue.ofText(expected.getDomain()).raw()
                + ",\"instance_id\":"
                + JsonValue.ofText(expected.getInstanceId()).raw()
                + ",\"expected\":" + (asked instanceof Long ? asked.toString() : "\"" + asked + "\"")
                + ",\"current_version\":" + version + "}";
    }

    private Appended append(List<NewEvent> events, EventLog log, StreamKeys keys, Decision decision) {
        SourcePosition source = new SourcePosition(decision.partition(), decision.offset());
        Map<Path, Long> versions = new HashMap<>();
        Set<String> given = new HashSet<>();
        events.forEach(event -> given.add(event.getId()));
        long sequence = events.isEmpty() ? 0 : log.lastSequence();
        List<Place> places = new ArrayList<>(events.size());
        SideStore recording = decision.beside(EventsFlow.LOG);
        for (int i = 0; i < events.size(); i++) {
            NewEvent event = events.get(i);
            Path stream = Path.of(event.getDomain(), event.getInstanceId());
            Long before = versions.get(stream);
            long version = (before == null ? log.version(event.getDomain(), event.getInstanceId()) : before) + 1;
            versions.put(stream, version);
            sequence++;
            String id = event.getId() != null ? event.getId() : newId(event, i, given, log, decision);
            Place place = new Place(source, decision.logTime(), sequence, version, id);
            places.add(place);
            RecordedEvent recorded = Appended.record(event, place);
            recording.put(
                    EventLog.key(event.getDomain(), event.getInstanceId(), version),
                    values.encode(config.isErasable(event.getDomain()) ? keys.seal(stream, recorded) : recorded));
        }
        return new Appended(places);
    }

    /** An id from the place of the event's command, unless somebody has given that to an event of the stream. */
    private static String newId(NewEvent event, int index, Set<String> given, EventLog log, Decision decision) {
        String id = decision.partition() + "-" + decision.offset() + "-" + index;
        while (given.contains(id) || log.find(event.getDomain(), event.getInstanceId(), id) != null) {
            id += "-";
        }
        return id;
    }
}
