package io.forebay.keys;

import io.forebay.command.Decider;
import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.keys.state.KeyIndexing;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** The keys capability: from the topic of commands, through its decider and store, to its sync topic. */
public final class KeysFlow {

    /** Name of the capability, in configuration and in the application id. */
    public static final String CAPABILITY = "keys";

    /** Name of the state store. */
    public static final String STORE = "keys";

    private static final String NODE = "keys-decide";

    private KeysFlow() {}

    /** The store, as the router knows it. */
    public static StoreRef store(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(CAPABILITY), STORE, catalogue.keys());
    }

    /**
     * The topology.
     *
     * @param extension what decides in front of the decider of keys and leaves to it what it does not know itself
     */
    public static Topology topology(
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            KeysConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health,
            Function<KeysDecider, Decider<KeyCommand>> extension) {
        TopicSpec input = catalogue.keys();
        TopicSpec sync = catalogue.keysSync();
        TopicSpec deadLetters = catalogue.deadLetters();
        Deserializer<KeyCommand> commands = serdes.deserializer(KeyCommand.class);
        Serializer<KeyCommand> own = serdes.serializer(KeyCommand.class);
        Serializer<KeyChanged> changes = serdes.serializer(KeyChanged.class);
        Deciding<KeyCommand> deciding = new Deciding<>(
                input,
                STORE,
                List.of(),
                Dataflow.sinkName(sync),
                null,
                Dataflow.sinkName(deadLetters),
                value -> commands.deserialize(input.name(), value),
                () -> extension.apply(new KeysDecider(
                        input,
                        config,
                        change -> changes.serialize(sync.name(), change),
                        command -> own.serialize(input.name(), command))),
                retention,
                engine,
                ticks,
                health);
        return DecidingFlow.of(
                NODE,
                deciding,
                new KeyIndexing(ReservedNamespaces.CACHE),
                catalogue
                        .changelog(catalogue.applicationId(CAPABILITY), STORE, input)
                        .properties(),
                sync,
                deadLetters);
    }
}
