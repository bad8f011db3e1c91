package io.forebay.events;

import io.forebay.command.FlowDriver;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeRetention;
import io.forebay.events.query.EventPage;
import io.forebay.events.query.ReadEvents;
import io.forebay.events.query.ReadInstanceKeys;
import io.forebay.events.query.ReadStream;
import io.forebay.events.query.StreamPage;
import io.forebay.events.seal.EventSeal;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.events.state.EventValues;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The production events topology under a test driver. */
final class EventsDriver implements AutoCloseable {

    static final long MANY_BYTES = 1 << 20;

    final FlowDriver flow;
    final EventValues values;
    private int requests;

    EventsDriver(java.nio.file.Path dir) {
        this(dir, EventsConfig.defaults(), CatalogueSettings.defaults());
    }

    EventsDriver(java.nio.file.Path dir, EventsConfig config, CatalogueSettings settings) {
        TopicCatalogue catalogue = TopicCatalogue.of(settings);
        OutcomeRetention retention = new OutcomeRetention(Duration.ofHours(24), 1_000);
        flow = new FlowDriver(
                dir,
                "mock://" + dir.hashCode(),
                new FlowDriver.Driven(
                        catalogue,
                        EventsFlow.decisions(catalogue),
                        List.of(EventsFlow.KEYS, EventsFlow.LOG),
                        catalogue.eventLog(),
                        (serdes, engine, ticks, health) ->
                                EventsFlow.topology(catalogue, serdes, engine, config, retention, ticks, health)));
        values = new EventValues(catalogue, flow.serdes());
    }

    /** An event of {@code users}. */
    static NewEvent event(String type, String instance) {
        return event(type, "users", instance);
    }

    static NewEvent event(String type, String domain, String instance) {
        return NewEvent.newBuilder()
                .setType(type)
                .setDomain(domain)
                .setInstanceId(instance)
                .setData("{}")
                .build();
    }

    static NewEvent withId(NewEvent event, String id) {
        return NewEvent.newBuilder(event).setId(id).build();
    }

    static NewEvent withData(NewEvent event, Object data) {
        return NewEvent.newBuilder(event).setData(data).build();
    }

    static ExpectedVersion expect(String instance, Object version) {
        return new ExpectedVersion("users", instance, version);
    }

    /** Appends without waiting for an outcome. */
    long append(NewEvent... events) {
        AppendEvents append = new AppendEvents(List.of(events), List.of());
        return flow.append(key(append), encode(append), null);
    }

    /** Sends an append and answers what was decided. */
    Outcome decide(List<ExpectedVersion> expected, NewEvent... events) {
        return decide("request-" + requests++, new AppendEvents(List.of(events), expected));
    }

    Outcome decide(String requestId, AppendEvents append) {
        return decide(requestId, key(append), encode(append));
    }

    private Outcome decide(String requestId, byte[] key, byte[] command) {
        flow.append(key, command, requestId);
        return flow.outcome(requestId, key, command);
    }

    /** Sends a command to a stream of {@code users} and answers what was decided. */
    Outcome decide(Object command, String instance) {
        return decide(command, "users", instance);
    }

    Outcome decide(Object command, String domain, String instance) {
        return decide("request-" + requests++, Path.of(domain, instance).toBytes(), command(command));
    }

    private byte[] command(Object command) {
        return Objects.requireNonNull(flow.serdes()
                .serializer(EventCommand.class)
                .serialize(flow.catalogue().events().name(), new EventCommand(command)));
    }

    private static byte[] key(AppendEvents append) {
        if (append.getEvents().isEmpty()) {
            ExpectedVersion first = append.getExpected().get(0);
            return Path.of(first.getDomain(), first.getInstanceId()).toBytes();
        }
        NewEvent first = append.getEvents().get(0);
        return Path.of(first.getDomain(), first.getInstanceId()).toBytes();
    }

    byte[] encode(AppendEvents append) {
        return command(append);
    }

    RecordedEvent decode(byte[] value) {
        return values.event(value);
    }

    /** The key record of a stream of {@code users}, as readers get it; null where there is none. */
    @Nullable
    InstanceKey key(String instance) {
        return key("users", instance);
    }

    private @Nullable InstanceKey key(String domain, String instance) {
        byte[] found = flow.ask(
                        EventsFlow.KEYS,
                        new ReadInstanceKeys(List.of(Path.of(domain, instance).toString())))
                .found()
                .get(0)
                .record();
        return found == null ? null : values.key(found);
    }

    /** Events as readers are told them. */
    List<OpenedEvent> opened(List<RecordedEvent> events) {
        EventSeal seal = new EventSeal(values);
        return events.stream()
                .map(event -> seal.open(event, key(event.getDomain(), event.getInstanceId())))
                .toList();
    }

    /** What the log's changelog has got since it was last asked. */
    List<RecordedEvent> logged() {
        return flow.told().stream()
                .map(record -> {
                    RecordedEvent event = decode(record.value());
                    Path key =
                            Path.of(event.getDomain(), event.getInstanceId(), Long.toString(event.getStreamVersion()));
                    if (!Path.parse(record.key()).equals(key)) {
                        throw new AssertionError("the record key is the event's path");
                    }
                    return event;
                })
                .toList();
    }

    EventPage read(ReadEvents query) {
        return flow.ask(EventsFlow.LOG, query);
    }

    StreamPage read(ReadStream query) {
        return flow.ask(EventsFlow.LOG, query);
    }

    /** Everything, in order. */
    List<RecordedEvent> all() {
        return decoded(read(query(null, null, null, null, null, 1_000)).events());
    }

    List<RecordedEvent> decoded(List<byte[]> events) {
        return events.stream().map(this::decode).toList();
    }

    static ReadEvents query(
            @Nullable String type,
            @Nullable String domain,
            @Nullable String instance,
            @Nullable Long from,
            @Nullable Long to,
            int limit) {
        return new ReadEvents(type, domain, instance, from, to, null, false, 0, limit, MANY_BYTES, null, true);
    }

    @Override
    public void close() {
        flow.close();
    }
}
