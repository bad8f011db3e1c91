package io.forebay.app;

import io.forebay.command.DecidingHealth;
import io.forebay.events.EventsFlow;
import io.forebay.events.http.EventChangeCodec;
import io.forebay.events.http.EventChangeOpener;
import io.forebay.events.http.EventOpening;
import io.forebay.events.http.EventsHttpConfig;
import io.forebay.events.http.EventsResource;
import io.forebay.events.query.EventPage;
import io.forebay.events.query.InstanceKeysFound;
import io.forebay.events.query.ReadEvents;
import io.forebay.events.query.ReadInstanceKeys;
import io.forebay.events.query.ReadStream;
import io.forebay.events.query.StreamPage;
import io.forebay.events.state.EventValues;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.SealedContent;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.Feed;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.Topology;

/** Events. */
final class EventsWiring implements Wiring {

    @Override
    public String name() {
        return EventsFlow.CAPABILITY;
    }

    @Override
    public void register(QueryRegistry queries) {
        queries.register("events.read", ReadEvents.class, EventPage.class)
                .register("events.read.stream", ReadStream.class, StreamPage.class)
                .register("events.keys", ReadInstanceKeys.class, InstanceKeysFound.class);
    }

    @Override
    public void serializeExamples(AvroSerdes serdes, TopicCatalogue catalogue) {
        serdes.serializer(EventCommand.class)
                .serialize(catalogue.events().name(), new EventCommand(new AppendEvents(List.of(), List.of())));
        EventValues values = new EventValues(catalogue, serdes);
        values.encode(RecordedEvent.newBuilder()
                .setSource(new SourcePosition(0, 0L))
                .setInsertedAt(Instant.EPOCH)
                .setUnitLast(true)
                .setSequenceNumber(0L)
                .setStreamVersion(0L)
                .setType("")
                .setDomain("")
                .setInstanceId("")
                .setId("")
                .setVersion(null)
                .setData("{}")
                .setContentType(null)
                .setMetadata(null)
                .build());
        values.encode(new InstanceKey(new SourcePosition(0, 0L), Instant.EPOCH, true, 0L, null));
        values.encode(new SealedContent("{}", null, null));
    }

    @Override
    public Capability wire(Parts parts) {
        TopicCatalogue catalogue = parts.catalogue();
        StoreRef decisions = EventsFlow.decisions(catalogue);
        DecidingHealth health = new DecidingHealth();
        Topology topology = EventsFlow.topology(
                catalogue,
                parts.serdes(),
                parts.engine(),
                parts.config().events(),
                parts.retention(),
                parts.ticks(),
                health);
        EventsHttpConfig http = EventsHttpConfig.of(parts.config().events());
        String input = catalogue.events().name();
        EventValues values = new EventValues(catalogue, parts.serdes());
        EventOpening opening = new EventOpening(parts.router(), EventsFlow.keys(catalogue), values, http.readTimeout());
        EventsResource resource = new EventsResource(
                EventsFlow.log(catalogue),
                decisions,
                parts.router(),
                parts.sender(),
                parts.transactions(),
                parts.outcomes(),
                parts.serdes().serializer(EventCommand.class),
                opening,
                parts.hub(),
                new Feed(
                        input,
                        catalogue.eventLog().name(),
                        new EventChangeCodec(values, input),
                        true,
                        new EventChangeOpener(opening, input, System::nanoTime)),
                http);
        return new Capability(name(), decisions, topology, health, List.of(resource));
    }
}
