package io.forebay.app;

import io.forebay.app.Capability.Stage;
import io.forebay.command.DecidingHealth;
import io.forebay.command.StartNotice;
import io.forebay.records.model.Model;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RenewLease;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.avro.ToldOperation;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.Feed;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.association.PlacesFlow;
import io.forebay.sync.association.query.CopiesFound;
import io.forebay.sync.association.query.FindCopies;
import io.forebay.sync.change.RowStats;
import io.forebay.sync.change.RowsFlow;
import io.forebay.sync.change.query.FindChange;
import io.forebay.sync.change.query.FindOwnRef;
import io.forebay.sync.change.query.GetRow;
import io.forebay.sync.change.query.GetRows;
import io.forebay.sync.change.query.RowFound;
import io.forebay.sync.change.query.RowsFound;
import io.forebay.sync.channel.query.SentCounts;
import io.forebay.sync.definition.DefinitionsFlow;
import io.forebay.sync.definition.SubscriptionRules;
import io.forebay.sync.definition.WatcherDefinitions;
import io.forebay.sync.definition.query.GetWatchers;
import io.forebay.sync.http.KnownWatchers;
import io.forebay.sync.http.RecordToldCodec;
import io.forebay.sync.http.SyncHttpConfig;
import io.forebay.sync.http.SyncResource;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.model.ModelNotice;
import io.forebay.sync.model.OwnModel;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.subscription.SubscribersFlow;
import io.forebay.sync.subscription.query.ListeningTo;
import io.forebay.sync.subscription.query.SubscribedTo;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.streams.Topology;

/** Record sync. */
final class SyncWiring implements Wiring {

    @Override
    public String name() {
        return SyncConfig.CAPABILITY;
    }

    @Override
    public void register(QueryRegistry queries) {
        queries.register("sync.row", GetRow.class, RowFound.class)
                .register("sync.change", FindChange.class, FindChange.Found.class)
                .register("sync.rows", GetRows.class, RowsFound.class)
                .register("sync.sent", SentCounts.class, SentCounts.Sent.class)
                .register("sync.copies", FindCopies.class, CopiesFound.class)
                .register("sync.own", FindOwnRef.class, Long.class)
                .register("sync.watchers", GetWatchers.class, GetWatchers.Found.class)
                .register("sync.subscribed", SubscribedTo.class, SubscribedTo.Found.class)
                .register("sync.listening", ListeningTo.class, ListeningTo.Found.class);
    }

    @Override
    public void serializeExamples(AvroSerdes serdes, TopicCatalogue catalogue) {
        serdes.serializer(RowChange.class)
                .serialize(
                        catalogue.changes().name(),
                        RowChange.newBuilder()
                                .setOp(RowOperation.truncated)
                                .setTable("")
                                .build());
        serdes.serializer(SubscriptionCommand.class)
                .serialize(catalogue.subscriptions().name(), new SubscriptionCommand(new RenewLease()));
        serdes.serializer(DeliveryCommand.class)
                .serialize(
                        catalogue.syncDeliveries().name(),
                        new DeliveryCommand("", 0, 0L, new SubscriberCommand("", new RenewLease())));
        serdes.serializer(RecordTold.class)
                .serialize(
                        catalogue.recordsSync().name(),
                        RecordTold.newBuilder()
                                .setOp(ToldOperation.caught_up)
                                .setRecord("")
                                .setRef(-1)
                                .setFollowed(false)
                                .setIdentifiers(List.of())
                                .setSource(new SourcePosition(-1, -1L))
                                .setUnitOffset(0)
                                .setUnitIndex(0)
                                .setUnitLast(true)
                                .build());
        serdes.serializer(RouteCommand.class)
                .serialize(
                        catalogue.syncRoutes().name(),
                        new RouteCommand(RoutedChange.newBuilder()
                                .setPartition(0)
                                .setNumber(0)
                                .setRef(0)
                                .setOp(RowOperation.truncated)
                                .setRecord("")
                                .build()));
    }

    /** Threads for what streams of values take: few, since it is work of the processors alone. */
    private static ExecutorService liveValues() {
        return Executors.newFixedThreadPool(2, work -> {
            Thread thread = new Thread(work, "forebay-live-values");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Capability wire(Parts parts) {
        SyncConfig config = parts.config().sync();
        Model model = Objects.requireNonNull(config.model(), "it runs where there is a model");
        AccessRules rules = Objects.requireNonNull(config.rules(), "they come with the model");
        parts.metrics().add(rules.stats());
        StoreRef rows = RowsFlow.store(parts.catalogue());
        StoreRef places = PlacesFlow.store(parts.catalogue());
        DecidingHealth rowsHealth = new DecidingHealth();
        DecidingHealth placesHealth = new DecidingHealth();
        DecidingHealth definitionsHealth = new DecidingHealth();
        DecidingHealth subscribersHealth = new DecidingHealth();
        RowStats stats = new RowStats();
        parts.metrics().add(stats);
        OwnModel own = new OwnModel(model);
        parts.metrics().add(own);
        Topology rowsTopology = RowsFlow.topology(
                parts.catalogue(),
                parts.serdes(),
                parts.engine(),
                own,
                config,
                parts.retention(),
                parts.ticks(),
                rowsHealth,
                stats);
        Topology placesTopology = PlacesFlow.addTo(
                rowsTopology,
                parts.catalogue(),
                parts.serdes(),
                parts.engine(),
                config,
                parts.retention(),
                parts.ticks(),
                placesHealth);
        Topology definitionsTopology = DefinitionsFlow.addTo(
                placesTopology,
                parts.catalogue(),
                parts.serdes(),
                parts.engine(),
                model,
                new SubscriptionRules(rules),
                config,
                parts.retention(),
                parts.ticks(),
                definitionsHealth);
        Topology topology = SubscribersFlow.addTo(
                definitionsTopology,
                parts.catalogue(),
                parts.serdes(),
                parts.engine(),
                model,
                rules,
                parts.retention(),
                parts.ticks(),
                subscribersHealth);
        StartNotice notice = declare(own.known(), rows, parts);
        StoreRef definitions = DefinitionsFlow.store(parts.catalogue());
        StoreRef subscribers = SubscribersFlow.store(parts.catalogue());
        SyncResource resource = new SyncResource(
                new SyncResource.Stages(
                        rows,
                        places,
                        definitions,
                        subscribers,
                        new KnownWatchers(
                                parts.router(),
                                definitions,
                                model,
                                WatcherDefinitions.before(config.watchersRequired()))),
                new SyncResource.Writing(
                        parts.sender(),
                        parts.transactions(),
                        parts.outcomes(),
                        parts.serdes().serializer(RowChange.class),
                        parts.serdes().serializer(SubscriptionCommand.class),
                        parts.serdes().serializer(DeliveryCommand.class)),
                parts.router(),
                parts.hub(),
                new Feed(
                        parts.catalogue().syncDeliveries().name(),
                        parts.catalogue().recordsSync().name(),
                        new RecordToldCodec(parts.serdes().deserializer(RecordTold.class))),
                model,
                rules,
                SyncHttpConfig.of(config),
                System::nanoTime,
                parts.lifecycle().keep("live values", liveValues(), ExecutorService::shutdownNow));
        return new Capability(
                name(),
                List.of(
                        new Stage(rows, rowsHealth),
                        new Stage(places, placesHealth),
                        new Stage(definitions, definitionsHealth),
                        new Stage(subscribers, subscribersHealth)),
                topology,
                List.of(resource),
                notice::problems);
    }

    private static StartNotice declare(KnownModel model, StoreRef rows, Parts parts) {
        TopicCatalogue catalogue = parts.catalogue();
        int most = ModelNotice.mostBytes(
                List.of(catalogue.changes(), catalogue.subscriptions(), catalogue.syncDeliveries()));
        if (model.bytes() > most) {
            throw new StartException("the model of " + SyncConfig.MODEL.name() + " has " + model.bytes()
                    + " bytes; a record that declares it holds " + most + ", by forebay.topics.max.message");
        }
        StartNotice notice = parts.notice(rows);
        new ModelNotice(notice, catalogue.changes(), parts.serdes().serializer(RowChange.class)).send(model);
        return notice;
    }
}
