package io.forebay.sync.oracle;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingHealth;
import io.forebay.command.MemoryTask;
import io.forebay.command.MemoryTask.Sent;
import io.forebay.command.OutcomeRetention;
import io.forebay.records.model.Model;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.serde.DecodeException;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.Indexing;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreEngine;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.association.PlacesFlow;
import io.forebay.sync.association.state.PlaceIndexing;
import io.forebay.sync.association.state.PlaceReader;
import io.forebay.sync.association.state.PlacedTable;
import io.forebay.sync.change.RowStats;
import io.forebay.sync.change.RowsFlow;
import io.forebay.sync.change.state.RowIndexing;
import io.forebay.sync.channel.PartitionKeys;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.model.ModelNotice;
import io.forebay.sync.model.OwnModel;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.subscription.SubscribersFlow;
import io.forebay.sync.subscription.state.SubscriberIndexing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * All stages of record sync over some partitions, in memory, in an order that chance decides: which partition of which stage gets on
 * next, and how long what it sends stays uncommitted. Only what Kafka promises holds: what one task sends to one partition keeps
 * its order, and is seen once it is committed.
 */
final class World {

    private static final OutcomeRetention RETENTION = new OutcomeRetention(Duration.ofHours(1), 100);
    private static final AvroSerdes SERDES =
            AvroSerdes.create(Map.of("schema.registry.url", "mock://oracle", "auto.register.schemas", true));

    private final Random random;
    private final Model model;
    private final TopicCatalogue catalogue;
    private final Stage<RowChange> rows;
    private final Stage<RouteCommand> places;
    private final Stage<DeliveryCommand> subscribers;
    private final List<Task<?>> tasks = new ArrayList<>();
    private final Map<String, Client> clients = new TreeMap<>();
    private final Map<String, Consumer<RecordTold>> streams = new TreeMap<>();
    private long time = 1_000_000;

    World(Random random, Model model, AccessRules rules, StoreEngine engine) {
        this.random = random;
        this.model = model;
        this.catalogue = TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1 + random.nextInt(3)));
        SyncConfig config = SyncConfig.defaults();
        rows = new Stage<>(
                catalogue.changes(),
                RowsFlow.deciding(
                        catalogue,
                        SERDES,
                        engine,
                        new OwnModel(model),
                        config,
                        RETENTION,
                        (topic, partition, key, value, result) -> {},
                        new DecidingHealth(),
                        new RowStats()),
                new RowIndexing());
        places = new Stage<>(
                catalogue.syncRoutes(),
                PlacesFlow.deciding(
                        catalogue,
                        SERDES,
                        engine,
                        config,
                        RETENTION,
                        (topic, partition, key, value, result) -> {},
                        new DecidingHealth()),
                new PlaceIndexing());
        subscribers = new Stage<>(
                catalogue.syncDeliveries(),
                SubscribersFlow.deciding(
                        catalogue,
                        SERDES,
                        engine,
                        model,
                        rules,
                        RETENTION,
                        (topic, partition, key, value, result) -> {},
                        new DecidingHealth()),
                new SubscriberIndexing());
    }

    /** Has an instance declare a model. */
    void declare(Model declared) {
        change(KnownModel.KEY.toBytes(), ModelNotice.change(KnownModel.ofFile(declared)));
    }

    TopicCatalogue catalogue() {
        return catalogue;
    }

    Client client(String subscriber) {
        return clients.computeIfAbsent(subscriber, name -> new Client(model));
    }

    Map<String, Client> clients() {
        return clients;
    }

    /** Appends a row change. */
    void change(byte[] key, RowChange change) {
        rows.append(new Sent(
                key,
                SERDES.serializer(RowChange.class).serialize(catalogue.changes().name(), change)));
    }

    /** Appends what a subscriber wants. */
    void subscribe(Path key, DeliveryCommand command) {
        subscribers.append(new Sent(
                key.toBytes(),
                SERDES.serializer(DeliveryCommand.class)
                        .serialize(catalogue.syncDeliveries().name(), command)));
    }

    /** Something happens, if anything can. */
    boolean step() {
        List<Task<?>> able = tasks.stream().filter(Task::isAble).toList();
        if (able.isEmpty()) {
            return false;
        }
        able.get(random.nextInt(able.size())).step();
        return true;
    }

    /** Everything happens that can, and time passes for what waits for it. */
    void settle() {
        int idle = 0;
        while (idle < 3) {
            idle = step() ? 0 : idle + 1;
            if (idle > 0) {
                time += 5_000;
                idle = tick() ? 1 : idle;
            }
        }
    }

    /** Where what a stream is told goes, in place of a client that it would have. */
    void live(String subscriber, Consumer<RecordTold> messages) {
        streams.put(subscriber, messages);
    }

    /** A tick of each task that has work to go on with; tells whether there was one. */
    boolean tick() {
        boolean ticked = false;
        for (Task<?> task : tasks) {
            ticked |= task.tick();
        }
        return ticked;
    }

    /** All tasks lose what they have in memory beside their stores. */
    void reopen() {
        tasks.forEach(task -> task.task.reopen());
    }

    /** The rows at places of values, by place and record. */
    Map<String, String> copies(List<Path> at) {
        Map<String, String> copies = new TreeMap<>();
        for (Path place : at) {
            new PlaceReader(storeOf(place).snapshot()).copiesAt(place, null, (record, copy) -> {
                copies.put(
                        place + " " + record,
                        Objects.requireNonNull(copy.row().json()).text());
                return true;
            });
        }
        return copies;
    }

    /** Whether a place says that all rows are there. */
    boolean isWhole(Path place) {
        return PlacedTable.isWhole(
                place, catalogue.changes().partitions(), storeOf(place).snapshot());
    }

    private PartitionStore storeOf(Path place) {
        return places.partitions
                .get(catalogue.syncRoutes().partitionFor(place))
                .task
                .store();
    }

    private void told(RecordTold told, String subscriber) {
        Consumer<RecordTold> stream = streams.get(subscriber);
        if (stream == null) {
            client(subscriber).take(told);
        } else {
            stream.accept(told);
        }
    }

    /** One stage: its partitions and the log that it reads. */
    private final class Stage<C> {

        private final TopicSpec input;
        private final List<Task<C>> partitions = new ArrayList<>();

        Stage(TopicSpec input, Deciding<C> deciding, Indexing indexing) {
            this.input = input;
            for (int partition = 0; partition < input.partitions(); partition++) {
                Task<C> task = new Task<>(this, deciding, indexing, partition);
                partitions.add(task);
                tasks.add(task);
            }
        }

        void append(Sent record) {
            if (ReservedKeys.isPartition(record.key())) {
                partitions.forEach(task -> task.log.add(record));
            } else {
                partitions.get(input.partitionFor(record.key())).log.add(record);
            }
        }
    }

    /** One partition of a stage: what it has not read, and what it has sent and not committed. */
    private final class Task<C> {

        private final Stage<C> stage;
        private final Deciding<C> deciding;
        private final MemoryTask<C> task;
        private final Queue<Sent> log = new ArrayDeque<>();
        private final Queue<Runnable> uncommitted = new ArrayDeque<>();

        Task(Stage<C> stage, Deciding<C> deciding, Indexing indexing, int partition) {
            this.stage = stage;
            this.deciding = deciding;
            this.task = new MemoryTask<>(deciding.decider().get(), partition, deciding.store(), indexing);
        }

        boolean isAble() {
            return !log.isEmpty() || !uncommitted.isEmpty();
        }

        void step() {
            Sent record = uncommitted.isEmpty() || random.nextInt(3) > 0 ? log.poll() : null;
            if (record == null) {
                uncommitted.forEach(Runnable::run);
                uncommitted.clear();
                return;
            }
            try {
                task.decide(record.key(), deciding.decoder().decode(record.value()), ++time);
            } catch (DecodeException e) {
                throw new AssertionError(e);
            }
            collect();
        }

        boolean tick() {
            boolean ticked = task.tick(time);
            if (ticked) {
                collect();
            }
            return ticked;
        }

        private void collect() {
            task.commanded().forEach(sent -> uncommitted.add(() -> stage.append(sent)));
            task.further().forEach(sent -> uncommitted.add(() -> further(sent)));
            task.told().forEach(sent -> uncommitted.add(() -> tell(sent)));
        }

        /** What rows send further is for definitions, which are not here, and pass it on to all partitions of subscribers. */
        private void further(Sent sent) {
            if (stage != (Object) rows) {
                places.append(sent);
                return;
            }
            SubscriptionCommand declared = SERDES.deserializer(SubscriptionCommand.class)
                    .deserialize(catalogue.subscriptions().name(), sent.value());
            PartitionKeys keys = new PartitionKeys(catalogue.syncDeliveries());
            for (int partition = 0; partition < keys.partitions(); partition++) {
                subscribe(
                        keys.on(partition),
                        new DeliveryCommand("subscriptions", 0, 0L, new SubscriberCommand("", declared.getCommand())));
            }
        }

        private void tell(Sent sent) {
            if (stage == (Object) rows) {
                places.append(sent);
            } else if (stage == (Object) places) {
                subscribers.append(sent);
            } else {
                RecordTold told = SERDES.deserializer(RecordTold.class)
                        .deserialize(catalogue.recordsSync().name(), sent.value());
                told(told, Path.parse(sent.key()).part(0));
            }
        }
    }
}
