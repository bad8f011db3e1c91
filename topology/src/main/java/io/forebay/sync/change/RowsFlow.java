package io.forebay.sync.change;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.change.state.ModelTable;
import io.forebay.sync.change.state.RowIndexing;
import io.forebay.sync.change.state.RowTable;
import io.forebay.sync.model.OwnModel;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** From the topic of row changes through the decider of rows to the topic to places. */
public final class RowsFlow {

    /** Name of the store. */
    public static final String STORE = "rows";

    private static final String NODE = "rows-decide";
    private static final String SUBSCRIPTIONS = "rows-subscriptions-sink";
    private static final String DEAD_LETTERS = "rows-dead-letters-sink";

    private RowsFlow() {}

    /** The store of rows, as the router knows it. */
    public static StoreRef store(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, catalogue.changes());
    }

    /** The topology. */
    public static Topology topology(
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            OwnModel model,
            SyncConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health,
            RowStats stats) {
        TopicSpec input = catalogue.changes();
        TopicSpec places = catalogue.syncRoutes();
        Deciding<RowChange> deciding =
                deciding(catalogue, serdes, engine, model, config, retention, ticks, health, stats);
        Dataflow flow = new Dataflow();
        String node = DecidingFlow.addTo(
                flow,
                NODE,
                deciding,
                new RowIndexing(),
                catalogue
                        .changelog(catalogue.applicationId(SyncConfig.CAPABILITY), STORE, input)
                        .properties());
        flow.sink(places, node);
        flow.commandSink(input, node);
        flow.sink(SUBSCRIPTIONS, catalogue.subscriptions(), node);
        flow.openSink(DEAD_LETTERS, catalogue.deadLetters(), node);
        return flow.topology();
    }

    /** What decides. */
    public static Deciding<RowChange> deciding(
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            OwnModel model,
            SyncConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health,
            RowStats stats) {
        TopicSpec input = catalogue.changes();
        TopicSpec places = catalogue.syncRoutes();
        Deserializer<RowChange> decoder = serdes.deserializer(RowChange.class);
        Serializer<RowChange> encoder = serdes.serializer(RowChange.class);
        Serializer<RouteCommand> routes = serdes.serializer(RouteCommand.class);
        Serializer<SubscriptionCommand> subscriptions = serdes.serializer(SubscriptionCommand.class);
        String wanted = catalogue.subscriptions().name();
        return new Deciding<>(
                input,
                STORE,
                List.of(),
                Dataflow.sinkName(places),
                Dataflow.sinkName(input),
                List.of(SUBSCRIPTIONS),
                DEAD_LETTERS,
                value -> decoder.deserialize(input.name(), value),
                () -> {
                    RowTable rows = new RowTable();
                    Function<RowChange, byte[]> changes = change -> encoder.serialize(input.name(), change);
                    ModelTable models = new ModelTable(model.known());
                    Routes ways = new Routes(
                            places,
                            command -> routes.serialize(places.name(), command),
                            () -> models.known().model());
                    Placing placing = new Placing(rows, ways, stats);
                    Declarations declarations = new Declarations(
                            models,
                            rows,
                            placing,
                            model,
                            changes,
                            command -> subscriptions.serialize(wanted, command),
                            SUBSCRIPTIONS);
                    return new RowsDecider(input, config, changes, rows, declarations, placing, ways, stats);
                },
                retention,
                engine,
                ticks,
                health);
    }
}
