package io.forebay.command;

import io.forebay.routing.StoreRef;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreAnswer;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.store.StoreQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The production topology of a deciding capability under a test driver, one partition. Append times and the instance's
 * clock are one time that the test owns; what the partition's
 * owner appends itself is delivered when it says so.
 */
public final class FlowDriver implements AutoCloseable {

    /** Makes the topology under test. */
    @FunctionalInterface
    public interface Flow {
        Topology topology(AvroSerdes serdes, StoreEngine engine, Ticks ticks, DecidingHealth health);
    }

    /**
     * What is driven.
     *
     * @param store the deciding store
     * @param beside names of the stores beside it
     * @param sync the topic that tells what was decided: the log's changelog where there is a log
     */
    public record Driven(TopicCatalogue catalogue, StoreRef store, List<String> beside, TopicSpec sync, Flow flow) {

        /** A capability with a store alone. */
        public Driven(TopicCatalogue catalogue, StoreRef store, TopicSpec sync, Flow flow) {
            this(catalogue, store, List.of(), sync, flow);
        }
    }

    /** What the owner of the partition has asked to be appended. */
    @SuppressWarnings("ArrayRecordComponent") // on its way; nothing compares it
    private record Own(byte[] key, byte @Nullable [] value) {}

    private final Driven driven;
    private final Path dir;
    private final AvroSerdes serdes;
    private final Queue<Own> own = new ArrayDeque<>();
    private final DecidingHealth health = new DecidingHealth();
    private final Map<String, TestOutputTopic<byte[], byte[]>> further = new HashMap<>();
    private long now = 1_000_000;
    private long offset = -1;

    private StoreEngine engine;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> input;
    private TestOutputTopic<byte[], byte[]> sync;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    /** Starts a capability on nothing. */
    public FlowDriver(Path dir, String registry, Driven driven) {
        this.driven = driven;
        this.dir = dir;
        this.serdes = AvroSerdes.create(Map.of("schema.registry.url", registry, "auto.register.schemas", "true"));
        this.engine = StoreEngine.create(StoreEngineConfig.defaults(), new OwnClock());
        this.driver = newDriver();
        this.input = newInput();
        this.sync = newOutput(driven.sync());
        this.deadLetters = newOutput(driven.catalogue().deadLetters());
    }

    private TopologyTestDriver newDriver() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, driven.store().application());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, dir.resolve("state").toString());
        linkState();
        return new TopologyTestDriver(
                driven.flow()
                        .topology(
                                serdes,
                                engine,
                                (topic, partition, key, value, result) -> own.add(new Own(key, value)),
                                health),
                properties,
                Instant.ofEpochMilli(now));
    }

    /** The driver wipes its state when it closes, and removes links to the stores instead. */
    private void linkState() {
        try {
            Path task = Files.createDirectories(
                    dir.resolve("state").resolve(driven.store().application()).resolve("0_0"));
            for (String store : stores()) {
                Path kept = Files.createDirectories(dir.resolve("kept").resolve(store));
                Files.createSymbolicLink(task.resolve(store), kept.toAbsolutePath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> stores() {
        List<String> stores = new ArrayList<>(driven.beside());
        stores.add(driven.store().store());
        return stores;
    }

    private TestInputTopic<byte[], byte[]> newInput() {
        return driver.createInputTopic(
                driven.store().source().name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private TestOutputTopic<byte[], byte[]> newOutput(TopicSpec topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Stops the capability and starts it again on its store. Its offsets go on where they were. What was told and not read is gone. */
    public void restart() {
        stop();
        start();
        long reached = offset;
        offset = -1;
        // The driver counts offsets from 0 again; what the store has decided already is passed over.
        while (offset < reached) {
            append(ReservedKeys.tick(), null, null);
        }
    }

    /** Stops the capability, loses some of its stores, and starts it again on the others and on an input that begins at offset 0. */
    public void restartWithout(String... stores) {
        stop();
        try {
            Path kept = dir.resolve("kept");
            for (String store : stores) {
                Files.move(kept.resolve(store), kept.resolve("lost-" + store));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
        offset = -1;
    }

    private void stop() {
        driver.close();
        engine.close();
        own.clear();
    }

    private void start() {
        engine = StoreEngine.create(StoreEngineConfig.defaults(), new OwnClock());
        driver = newDriver();
        input = newInput();
        sync = newOutput(driven.sync());
        deadLetters = newOutput(driven.catalogue().deadLetters());
        further.clear();
    }

    /** The topics. */
    public TopicCatalogue catalogue() {
        return driven.catalogue();
    }

    /** The serdes of its topics. */
    public AvroSerdes serdes() {
        return serdes;
    }

    /** What its tasks say of themselves. */
    public DecidingHealth health() {
        return health;
    }

    /** Appends a record at the present time and returns its offset. */
    public long append(byte @Nullable [] key, byte @Nullable [] value, @Nullable String requestId) {
        TestRecord<byte @Nullable [], byte @Nullable []> record =
                new TestRecord<>(key, value, Instant.ofEpochMilli(now));
        if (requestId != null) {
            record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        }
        input.pipeInput(record);
        offset++;
        long appended = offset;
        offset += commanded().size();
        return appended;
    }

    /** What the flow itself has sent to its input topic since it was last asked; the driver has delivered it already. */
    private List<TestRecord<byte[], byte[]>> commanded() {
        TopicSpec source = driven.store().source();
        return driver.producedTopicNames().contains(source.name())
                ? newOutput(source).readRecordsToList()
                : List.of();
    }

    /** Appends a record to another topic that the topology reads, and returns what came of it on the input topic. */
    public List<TestRecord<byte[], byte[]>> appendTo(TopicSpec topic, byte @Nullable [] key, byte @Nullable [] value) {
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, Instant.ofEpochMilli(now)));
        List<TestRecord<byte[], byte[]>> forwarded = commanded();
        offset += forwarded.size();
        return forwarded;
    }

    /** Delivers what the owner asked for, ticks mostly, and what that asks for, until there is nothing; tells how much. */
    public int runTicks() {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        int run = 0;
        for (Own next = own.poll(); next != null; next = own.poll()) {
            append(next.key(), next.value(), null);
            run++;
        }
        return run;
    }

    /** Delivers one record that the owner asked for, if there is one. */
    public void runOneTick() {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        Own next = own.poll();
        if (next != null) {
            append(next.key(), next.value(), null);
        }
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        now += time.toMillis();
    }

    /** The present, in milliseconds since the epoch. */
    public long now() {
        return now;
    }

    /** Offset of the last record appended; -1 for none. */
    public long offset() {
        return offset;
    }

    /** Evaluates a query in the store. */
    public <R extends @Nullable Object> R ask(StoreQuery<R> query) {
        return ask(driven.store().store(), query);
    }

    /** Evaluates a query in a store of that name. */
    public <R extends @Nullable Object> R ask(String store, StoreQuery<R> query) {
        QueryResult<StoreAnswer<R>> result =
                driver.getKeyValueStore(store).query(query, PositionBound.unbounded(), new QueryConfig(false));
        if (result.isFailure()) {
            throw new AssertionError(result.getFailureMessage());
        }
        return result.getResult().value();
    }

    /** The store's handle. */
    public PartitionStore store() {
        return store(driven.store().store());
    }

    /** The handle of a store of that name. */
    public PartitionStore store(String name) {
        return Objects.requireNonNull(engine.partition(name, 0));
    }

    /** What was decided about a command that was sent under a request id. */
    public Outcome outcome(String requestId, byte[] key, byte[] value) {
        byte[] fingerprint = KeptOutcome.fingerprint(key, value);
        return Objects.requireNonNull(
                ask(new OutcomeQuery(requestId, fingerprint)).outcome());
    }

    /** Values of the sync topic since they were last read. */
    public List<TestRecord<byte[], byte[]>> told() {
        return driver.producedTopicNames().contains(driven.sync().name()) ? sync.readRecordsToList() : List.of();
    }

    /** What went to a further topic since it was last read. */
    public List<TestRecord<byte[], byte[]>> sent(TopicSpec topic) {
        return driver.producedTopicNames().contains(topic.name())
                ? further.computeIfAbsent(topic.name(), name -> newOutput(topic))
                        .readRecordsToList()
                : List.of();
    }

    /** Dead letters since they were last read. */
    public List<TestRecord<byte[], byte[]>> deadLetters() {
        return deadLetters.readRecordsToList();
    }

    /** What was wrong with the records that went to the dead letters since they were last read: reason, then detail. */
    public List<String> refusals() {
        return deadLetters().stream()
                .map(letter -> header(letter, HeaderNames.REASON) + " " + header(letter, HeaderNames.DETAIL))
                .toList();
    }

    /** A header as text. */
    public static String header(TestRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
        engine.close();
        serdes.close();
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
