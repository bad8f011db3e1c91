package io.forebay.sync.subscription;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.records.model.Model;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.subscription.state.SubscriberIndexing;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** From the topic of deliveries through the decider of subscribers to what they are told, and back to places. */
public final class SubscribersFlow {

    /** Name of the store. */
    public static final String STORE = "subscribers";

    private static final String NODE = "subscribers-decide";
    private static final String DEAD_LETTERS = "subscribers-dead-letters-sink";
    private static final String INTERESTS = "subscribers-interests-sink";

    private SubscribersFlow() {}

    /** The store of subscribers, as the router knows it. */
    public static StoreRef store(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, catalogue.syncDeliveries());
    }

    /** Adds it to the topology of the stages before. */
    public static Topology addTo(
            Topology places,
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            Model model,
            AccessRules rules,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health) {
        TopicSpec input = catalogue.syncDeliveries();
        TopicSpec routes = catalogue.syncRoutes();
        TopicSpec told = catalogue.recordsSync();
        Deciding<DeliveryCommand> deciding =
                deciding(catalogue, serdes, engine, model, rules, retention, ticks, health);
        Dataflow flow = new Dataflow(places);
        String node = DecidingFlow.addTo(
                flow,
                NODE,
                deciding,
                new SubscriberIndexing(),
                catalogue
                        .changelog(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, input)
                        .properties());
        flow.sink(told, node);
        flow.sink(INTERESTS, routes, node);
        flow.openSink(DEAD_LETTERS, catalogue.deadLetters(), node);
        return flow.topology();
    }

    /** What decides. */
    public static Deciding<DeliveryCommand> deciding(
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            Model model,
            AccessRules rules,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health) {
        TopicSpec input = catalogue.syncDeliveries();
        TopicSpec routes = catalogue.syncRoutes();
        TopicSpec told = catalogue.recordsSync();
        Deserializer<DeliveryCommand> decoder = serdes.deserializer(DeliveryCommand.class);
        Serializer<DeliveryCommand> encoder = serdes.serializer(DeliveryCommand.class);
        Serializer<RouteCommand> interests = serdes.serializer(RouteCommand.class);
        Serializer<RecordTold> messages = serdes.serializer(RecordTold.class);
        return new Deciding<>(
                input,
                STORE,
                List.of(),
                Dataflow.sinkName(told),
                null,
                List.of(INTERESTS),
                DEAD_LETTERS,
                value -> decoder.deserialize(input.name(), value),
                () -> new SubscribersDecider(
                        catalogue.subscriptions(),
                        KnownModel.ofFile(model),
                        new RuleViewers(rules),
                        command -> encoder.serialize(input.name(), command),
                        value -> decoder.deserialize(input.name(), value),
                        new Ways(
                                routes,
                                INTERESTS,
                                command -> interests.serialize(routes.name(), command),
                                message -> messages.serialize(told.name(), message))),
                retention,
                engine,
                ticks,
                health);
    }
}
