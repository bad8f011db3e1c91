package io.forebay.sync.definition;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.records.model.Model;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.Indexing;
import io.forebay.store.StoreEngine;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.model.KnownModel;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** From the topic of what subscribers want through its decider to the topic to subscribers: a sub-topology of its own. */
public final class DefinitionsFlow {

    /** Name of the store. */
    public static final String STORE = "definitions";

    private static final String NODE = "definitions-decide";
    private static final String DELIVERIES = "definitions-deliveries-sink";
    private static final String DEAD_LETTERS = "definitions-dead-letters-sink";

    private DefinitionsFlow() {}

    /** The store of definitions, as the router knows it. */
    public static StoreRef store(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, catalogue.subscriptions());
    }

    /** Adds it to the topology of the other stages. */
    public static Topology addTo(
            Topology stages,
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            Model model,
            SubscriptionRules rules,
            SyncConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health) {
        TopicSpec input = catalogue.subscriptions();
        TopicSpec subscribers = catalogue.syncDeliveries();
        Deserializer<SubscriptionCommand> decoder = serdes.deserializer(SubscriptionCommand.class);
        Serializer<SubscriptionCommand> encoder = serdes.serializer(SubscriptionCommand.class);
        Serializer<DeliveryCommand> deliveries = serdes.serializer(DeliveryCommand.class);
        Deciding<SubscriptionCommand> deciding = new Deciding<>(
                input,
                STORE,
                List.of(),
                DELIVERIES,
                Dataflow.sinkName(input),
                DEAD_LETTERS,
                value -> decoder.deserialize(input.name(), value),
                () -> new DefinitionsDecider(
                        input,
                        KnownModel.ofFile(model),
                        rules,
                        WatcherDefinitions.before(config.watchersRequired()),
                        command -> encoder.serialize(input.name(), command),
                        new Deliveries(subscribers, command -> deliveries.serialize(subscribers.name(), command))),
                retention,
                engine,
                ticks,
                health);
        Dataflow flow = new Dataflow(stages);
        String node = DecidingFlow.addTo(
                flow,
                NODE,
                deciding,
                Indexing.NONE,
                catalogue
                        .changelog(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, input)
                        .properties());
        flow.sink(DELIVERIES, subscribers, node);
        flow.commandSink(input, node);
        flow.openSink(DEAD_LETTERS, catalogue.deadLetters(), node);
        return flow.topology();
    }
}
