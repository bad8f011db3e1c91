package io.forebay.presence;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.presence.state.PresenceIndexing;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** The presence capability: from the presence topic, through its decider and store, to its sync topic. */
public final class PresenceFlow {

    /** Name of the capability, in configuration and in the application id. */
    public static final String CAPABILITY = "presence";

    /** Name of the state store. */
    public static final String STORE = "presences";

    private static final String NODE = "presence-decide";

    private PresenceFlow() {}

    /** The store, as the router knows it. */
    public static StoreRef store(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(CAPABILITY), STORE, catalogue.presence());
    }

    /** The topology. */
    public static Topology topology(
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            PresenceConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health) {
        TopicSpec input = catalogue.presence();
        TopicSpec sync = catalogue.presenceSync();
        TopicSpec deadLetters = catalogue.deadLetters();
        Deserializer<PresenceCommand> commands = serdes.deserializer(PresenceCommand.class);
        Serializer<PresenceChanged> changes = serdes.serializer(PresenceChanged.class);
        Deciding<PresenceCommand> deciding = new Deciding<>(
                input,
                STORE,
                List.of(),
                Dataflow.sinkName(sync),
                null,
                Dataflow.sinkName(deadLetters),
                value -> commands.deserialize(input.name(), value),
                () -> new PresenceDecider(config, change -> changes.serialize(sync.name(), change)),
                retention,
                engine,
                ticks,
                health);
        return DecidingFlow.of(
                NODE,
                deciding,
                new PresenceIndexing(),
                catalogue
                        .changelog(catalogue.applicationId(CAPABILITY), STORE, input)
                        .properties(),
                sync,
                deadLetters);
    }
}
