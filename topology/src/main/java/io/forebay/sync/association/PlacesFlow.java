package io.forebay.sync.association;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.association.state.PlaceIndexing;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** From the topic to places through the decider of places to the topic to subscribers: a sub-topology of its own behind that of rows. */
public final class PlacesFlow {

    /** Name of the store. */
    public static final String STORE = "places";

    private static final String NODE = "places-decide";
    private static final String DELIVERIES = "places-deliveries-sink";
    private static final String ROUTES = "places-routes-sink";
    private static final String DEAD_LETTERS = "places-dead-letters-sink";

    private PlacesFlow() {}

    /** The store of places, as the router knows it. */
    public static StoreRef store(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, catalogue.syncRoutes());
    }

    /** Adds it to the topology of rows. */
    public static Topology addTo(
            Topology rows,
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            SyncConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health) {
        TopicSpec input = catalogue.syncRoutes();
        TopicSpec deliveries = catalogue.syncDeliveries();
        Deciding<RouteCommand> deciding = deciding(catalogue, serdes, engine, config, retention, ticks, health);
        Dataflow flow = new Dataflow(rows);
        String node = DecidingFlow.addTo(
                flow,
                NODE,
                deciding,
                new PlaceIndexing(),
                catalogue
                        .changelog(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, input)
                        .properties());
        flow.sink(DELIVERIES, deliveries, node);
        flow.sink(ROUTES, input, node);
        flow.openSink(DEAD_LETTERS, catalogue.deadLetters(), node);
        return flow.topology();
    }

    /** What decides. */
    public static Deciding<RouteCommand> deciding(
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            SyncConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health) {
        TopicSpec input = catalogue.syncRoutes();
        TopicSpec deliveries = catalogue.syncDeliveries();
        Deserializer<RouteCommand> commands = serdes.deserializer(RouteCommand.class);
        Serializer<RouteCommand> routes = serdes.serializer(RouteCommand.class);
        Serializer<DeliveryCommand> told = serdes.serializer(DeliveryCommand.class);
        return new Deciding<>(
                input,
                STORE,
                List.of(),
                DELIVERIES,
                ROUTES,
                DEAD_LETTERS,
                value -> commands.deserialize(input.name(), value),
                () -> new PlacesDecider(
                        catalogue,
                        command -> routes.serialize(input.name(), command),
                        command -> told.serialize(deliveries.name(), command),
                        PlaceLimits.of(input, config.transactionWait())),
                retention,
                engine,
                ticks,
                health);
    }
}
