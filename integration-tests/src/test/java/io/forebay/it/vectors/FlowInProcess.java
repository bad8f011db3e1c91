package io.forebay.it.vectors;

import io.forebay.cache.CacheDecider;
import io.forebay.cache.CacheStats;
import io.forebay.command.CommandSender;
import io.forebay.command.DecidingHealth;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeQuery;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Receipt;
import io.forebay.command.Ticks;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysFlow;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreAnswer;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.store.StoreQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The production topology of one capability under a test driver, written by the production sender and read by the production queries.
 * The topic has one partition, since the driver has but one; append times and the instance's clock are one time, which starts at zero.
 */
public final class FlowInProcess implements AutoCloseable {
    /** Makes the topology of a capability. */
    @FunctionalInterface
    interface Flow {
        Topology topology(
                TopicCatalogue topics,
                AvroSerdes serdes,
                StoreEngine engine,
                OutcomeRetention retention,
                Ticks ticks,
                DecidingHealth health);
    }

    /** What the owner of the partition has asked to be appended. */
    @SuppressWarnings("ArrayRecordComponent") // on its way; nothing compares it
    private record Own(byte[] key, byte @Nullable [] value) {}

    private final java.nio.file.Path directory;
    private final AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://" + UUID.randomUUID()));
    private final TopicCatalogue topics =
            TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
    private final StoreRef store;
    private final Flow flow;
    private final Queue<Own> own = new ArrayDeque<>();
    private final ExecutorService sending = Executors.newSingleThreadExecutor();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final CommandSender sender = new CommandSender(producer, sending);
    private StoreEngine engine;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> input;
    private long appended;
    private long now;

    private FlowInProcess(java.nio.file.Path directory, Function<TopicCatalogue, StoreRef> store, Flow flow) {
        this.directory = directory;
        this.store = store.apply(topics);
        this.flow = flow;
        this.engine = StoreEngine.create(StoreEngineConfig.defaults(), new OwnClock());
        this.driver = newDriver();
        this.input = newInput();
    }

    static FlowInProcess open(Function<TopicCatalogue, StoreRef> store, Flow flow) {
        try {
            return new FlowInProcess(Files.createTempDirectory("vectors"), store, flow);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keys and caches, with the limits that hold where nothing is configured. */
    public static FlowInProcess ofCaches() {
        KeysConfig config = KeysConfig.defaults();
        return open(
                KeysFlow::store,
                (topics, serdes, engine, retention, ticks, health) -> KeysFlow.topology(
                        topics,
                        serdes,
                        engine,
                        config,
                        retention,
                        ticks,
                        health,
                        keys -> new CacheDecider(keys, topics.keys(), config, new CacheStats((cache, counts) -> {}))));
    }

    private TopologyTestDriver newDriver() {
        linkStore();
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, store.application());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
        return new TopologyTestDriver(
                flow.topology(
                        topics,
                        serdes,
                        engine,
                        new OutcomeRetention(Duration.ofHours(24), 1_000),
                        (topic, partition, key, value, result) -> own.add(new Own(key, value)),
                        new DecidingHealth()),
                properties,
                Instant.EPOCH);
    }

    /** The driver wipes its state when it closes, and removes a link to the store instead. */
    private void linkStore() {
        try {
            java.nio.file.Path kept = Files.createDirectories(directory.resolve("kept"));
            java.nio.file.Path task =
                    Files.createDirectories(directory.resolve("state").resolve(store.application() + "/0_0"));
            Files.createSymbolicLink(task.resolve(store.store()), kept.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestInputTopic<byte[], byte[]> newInput() {
        return driver.createInputTopic(store.source().name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The input topic. */
    public TopicSpec topic() {
        return store.source();
    }

    /** The serdes of its topics. */
    public AvroSerdes serdes() {
        return serdes;
    }

    /** All topics. */
    TopicCatalogue topics() {
        return topics;
    }

    /** How many records there are, which is the offset of the next. */
    public long appended() {
        return appended;
    }

    /** Sends a command as HTTP would, lets the topology take it in and asks for its outcome. */
    public Outcome decide(Path key, byte[] value) {
        return decide(key, value, UUID.randomUUID().toString());
    }

    /** As {@link #decide(Path, byte[])}, under a request id. */
    Outcome decide(Path key, byte[] value, String requestId) {
        return decide(requestId, sender.send(topic(), key, value, requestId));
    }

    /** As {@link #decide}, a command to the partition itself. */
    public Outcome decideForPartition(byte[] value) {
        String requestId = UUID.randomUUID().toString();
        return decide(requestId, sender.sendToPartition(topic(), 0, value, requestId));
    }

    private Outcome decide(String requestId, CompletionStage<Receipt> sent) {
        Receipt receipt =
                sent.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        takeIn();
        return Objects.requireNonNull(
                ask(new OutcomeQuery(requestId, receipt.fingerprint())).outcome(), "the outcome is kept");
    }

    /** Lets the topology take in what was sent, and the ticks that it asks for. */
    private void takeIn() {
        for (ProducerRecord<byte[], byte[]> record : producer.history()) {
            input.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), now));
            appended++;
        }
        producer.clear();
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        for (Own next = own.poll(); next != null; next = own.poll()) {
            append(next);
        }
    }

    private void append(Own record) {
        input.pipeInput(new TestRecord<>(record.key(), record.value(), null, now));
        appended++;
    }

    public <R> R ask(StoreQuery<R> query) {
        return ask(store.store(), query);
    }

    /** Evaluates a query in a store of that name. */
    <R> R ask(String name, StoreQuery<R> query) {
        QueryResult<StoreAnswer<R>> result =
                driver.getKeyValueStore(name).query(query, PositionBound.unbounded(), new QueryConfig(false));
        if (result.isFailure()) {
            throw new IllegalStateException(result.getFailureMessage());
        }
        return result.getResult().value();
    }

    /** Lets time pass. Nothing is appended by that. */
    public void advance(long millis) {
        now += millis;
    }

    /** Lets time pass until an instant, which is not before the present. */
    void advanceTo(Instant instant) {
        now = Math.max(now, instant.toEpochMilli());
    }

    /** Sets the clock, which may go back. */
    void setClock(Instant instant) {
        now = instant.toEpochMilli();
    }

    /** The values that a topic has got since it was last asked for. */
    List<byte[]> produced(String topic) {
        return driver.producedTopicNames().contains(topic)
                ? driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                        .readValuesToList()
                : List.of();
    }

    /** Stops the application and starts it again on its data. */
    public void restart() {
        driver.close();
        engine.close();
        own.clear();
        engine = StoreEngine.create(StoreEngineConfig.defaults(), new OwnClock());
        driver = newDriver();
        input = newInput();
        long reached = appended;
        appended = 0;
        // The driver counts offsets from 0 again; what the store has decided already is passed over.
        while (appended < reached) {
            append(new Own(ReservedKeys.tick(), null));
        }
    }

    @Override
    public void close() {
        driver.close();
        engine.close();
        serdes.close();
        sending.shutdownNow();
        try (var files = Files.walk(directory)) {
            List<java.nio.file.Path> deepestFirst = new ArrayList<>(files.toList());
            Collections.reverse(deepestFirst);
            for (java.nio.file.Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class OwnClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now);
        }
    }
}
