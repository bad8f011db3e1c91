package io.forebay.app;

import io.forebay.command.DecidingHealth;
import io.forebay.presence.PresenceFlow;
import io.forebay.presence.http.PresenceChangeCodec;
import io.forebay.presence.http.PresenceHttpConfig;
import io.forebay.presence.http.PresenceResource;
import io.forebay.presence.query.CountPresences;
import io.forebay.presence.query.GetPresence;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresenceCounts;
import io.forebay.presence.query.PresenceFound;
import io.forebay.presence.query.PresencePage;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.Feed;
import java.util.List;
import org.apache.kafka.streams.Topology;

/** Presences. */
final class PresenceWiring implements Wiring {

    @Override
    public String name() {
        return PresenceFlow.CAPABILITY;
    }

    @Override
    public void register(QueryRegistry queries) {
        queries.register("presence.get", GetPresence.class, PresenceFound.class)
                .register("presence.list", ListPresences.class, PresencePage.class)
                .register("presence.count", CountPresences.class, PresenceCounts.class);
    }

    @Override
    public void serializeExamples(AvroSerdes serdes, TopicCatalogue catalogue) {
        serdes.serializer(PresenceCommand.class)
                .serialize(catalogue.presence().name(), new PresenceCommand(new CreatePresence(null, "{}", null)));
        serdes.serializer(PresenceChanged.class)
                .serialize(
                        catalogue.presenceSync().name(),
                        PresenceChanged.newBuilder()
                                .setGuildId("0")
                                .setUserId("0")
                                .setSource(new SourcePosition(0, 0L))
                                .setUnitOffset(0L)
                                .setUnitIndex(0)
                                .setUnitLast(true)
                                .build());
    }

    @Override
    public Capability wire(Parts parts) {
        TopicCatalogue catalogue = parts.catalogue();
        StoreRef store = PresenceFlow.store(catalogue);
        DecidingHealth health = new DecidingHealth();
        Topology topology = PresenceFlow.topology(
                catalogue,
                parts.serdes(),
                parts.engine(),
                parts.config().presence(),
                parts.retention(),
                parts.ticks(),
                health);
        PresenceResource resource = new PresenceResource(
                store,
                parts.router(),
                parts.sender(),
                parts.outcomes(),
                parts.serdes().serializer(PresenceCommand.class),
                parts.hub(),
                new Feed(
                        catalogue.presence().name(),
                        catalogue.presenceSync().name(),
                        new PresenceChangeCodec(parts.serdes().deserializer(PresenceChanged.class))),
                PresenceHttpConfig.of(parts.config().presence()));
        return new Capability(name(), store, topology, health, List.of(resource));
    }
}
