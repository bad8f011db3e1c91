package io.forebay.store;

import static io.forebay.store.StoreFixture.bytes;
import static io.forebay.store.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store inside Kafka Streams' own wrappers: written by a processor, queried from outside, logged. */
class StoreQueryTest {
    private static final String STORE = "things";
    private static final String INPUT = "input";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Counts the records whose key starts with a prefix. */
    private record CountByPrefix(String prefix) implements StoreQuery<Integer> {
        @Override
        public Integer evaluate(StoreView view) {
            int count = 0;
            try (Scan scan = view.scanPrefix(bytes(prefix))) {
                while (scan.next()) {
                    count++;
                }
            }
            return count;
        }
    }

    @TempDir
    private Path directory;

    private StoreEngine engine;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> input;

    @BeforeEach
    void start() {
        engine = StoreEngine.create(StoreEngineConfig.defaults());
        driver = driver(directory.resolve("one"));
        input = driver.createInputTopic(INPUT, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        driver.close();
        engine.close();
    }

    @Test
    void answersAQueryOfOurOwn() {
        put("a-1", "red");
        put("a-2", "red");
        put("b-1", "red");

        QueryResult<StoreAnswer<Integer>> result = query(new CountByPrefix("a-"));

        assertThat(result.getResult())
                .isEqualTo(new StoreAnswer<>(2, 2, START.plusMillis(2).toEpochMilli(), Role.ACTIVE));
        assertThat(result.getPosition()).isEqualTo(Position.fromMap(Map.of(INPUT, Map.of(0, 2L))));
    }

    @Test
    void answersABoundQueryOnceItIsThere() {
        put("a-1", "red");

        QueryResult<StoreAnswer<Integer>> result = query(new BoundQuery<>(new CountByPrefix("a"), 0, false));

        assertThat(result.getResult().value()).isEqualTo(1);
    }

    @Test
    void refusesABoundBeyondItsPosition() {
        put("a-1", "red");

        QueryResult<StoreAnswer<Integer>> result = query(new BoundQuery<>(new CountByPrefix("a"), 1, false));

        assertThat(result.getFailureReason()).isEqualTo(FailureReason.NOT_UP_TO_BOUND);
    }

    @Test
    void refusesWhatItMayNotAnswerInItsRole() {
        put("a-1", "red");
        handle().deactivate();

        QueryResult<StoreAnswer<Integer>> refused = query(new BoundQuery<>(new CountByPrefix("a"), 0, false));
        QueryResult<StoreAnswer<Integer>> accepted = query(new BoundQuery<>(new CountByPrefix("a"), 0, true));

        assertThat(refused.getFailureReason()).isEqualTo(FailureReason.NOT_ACTIVE);
        assertThat(accepted.getResult().role()).isEqualTo(Role.STANDBY);
    }

    @Test
    void refusesKafkasBoundBeyondItsPosition() {
        put("a-1", "red");
        PositionBound bound = PositionBound.at(Position.fromMap(Map.of(INPUT, Map.of(0, 1L))));

        QueryResult<StoreAnswer<Integer>> result = store().query(new CountByPrefix("a"), bound, new QueryConfig(false));

        assertThat(result.getFailureReason()).isEqualTo(FailureReason.NOT_UP_TO_BOUND);
    }

    @Test
    void saysWhatWentWrongInAQuery() {
        StoreQuery<String> broken = view -> {
            throw new IllegalStateException("no good");
        };

        QueryResult<StoreAnswer<String>> result = query(broken);

        assertThat(result.getFailureReason()).isEqualTo(FailureReason.STORE_EXCEPTION);
        assertThat(result.getFailureMessage()).contains("no good");
    }

    @Test
    @SuppressWarnings("NullAway") // it does not follow a type argument's nullness into a lambda
    void mayAnswerNull() {
        StoreQuery<@Nullable Stored> query = view -> view.get(bytes("absent"));

        QueryResult<StoreAnswer<@Nullable Stored>> result = query(query);

        assertThat(result.isSuccess()).isTrue();
        assertThat(result.getResult().value()).isNull();
    }

    @Test
    void doesNotKnowKafkasOwnQueries() {
        QueryResult<byte[]> byKey = query(KeyQuery.withKey(Bytes.wrap(bytes("a"))));
        QueryResult<KeyValueIterator<Bytes, byte[]>> byRange = query(RangeQuery.withNoBounds());

        assertThat(byKey.getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
        assertThat(byRange.getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
    }

    @Test
    void isReadThroughKafkasInterface() {
        put("a-1", "red");
        put("a-2", "green");
        put("b-1", "blue");

        assertThat(keys(store().all())).containsExactly("a-1", "a-2", "b-1");
        assertThat(keys(store().range(key("a-2"), key("b-1")))).containsExactly("a-2", "b-1");
        assertThat(keys(store().range(null, key("a-1")))).containsExactly("a-1");
        assertThat(keys(store().prefixScan("a-", new StringSerializer()))).containsExactly("a-1", "a-2");
        assertThat(store().get(key("a-2"))).isNotNull();
        assertThat(store().get(key("absent"))).isNull();
        assertThat(store().approximateNumEntries()).isEqualTo(3);
    }

    @Test
    void isWrittenThroughKafkasInterface() {
        put("a-1", "red");
        byte[] value = store().get(key("a-1"));

        byte[] kept = store().putIfAbsent(key("a-1"), RecordForm.binary().wrap(true, 1, 1, bytes("blue")));
        store().putIfAbsent(key("a-2"), value);
        byte[] deleted = store().delete(key("a-1"));

        assertThat(kept).isEqualTo(value);
        assertThat(deleted).isEqualTo(value);
        assertThat(keys(store().all())).containsExactly("a-2");
        assertThat(entries("red")).containsExactly("red\0a-2");
    }

    @Test
    void logsOneRecordForEachWriteAndNothingDerived() {
        put("a-1", "red green");
        put("a-1", "blue");

        List<TestRecord<byte[], byte[]>> log = changelog();

        assertThat(log).extracting(record -> text(record.key())).containsExactly("a-1", "a-1");
        assertThat(log)
                .extracting(record -> text(RecordForm.binary().payload(record.value())))
                .containsExactly("red green", "blue");
    }

    private void put(String key, String payload) {
        long offset = Math.max(0, handle().position() + 1);
        input.pipeInput(bytes(key), bytes(payload), START.plusMillis(offset));
    }

    private <R> QueryResult<R> query(Query<R> query) {
        return store().query(query, PositionBound.unbounded(), new QueryConfig(false));
    }

    private KeyValueStore<Bytes, byte[]> store() {
        return driver.getKeyValueStore(STORE);
    }

    private PartitionStore handle() {
        return Objects.requireNonNull(engine.partition(STORE, 0));
    }

    private List<TestRecord<byte[], byte[]>> changelog() {
        return driver.createOutputTopic(
                        "app-" + STORE + "-changelog", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private List<String> entries(String word) {
        List<String> found = new ArrayList<>();
        try (StoreView view = handle().snapshot();
                Scan scan = view.scanIndexPrefix(bytes(word + '\0'))) {
            while (scan.next()) {
                found.add(text(scan.key()));
            }
        }
        return found;
    }

    private static List<String> keys(KeyValueIterator<Bytes, byte[]> iterator) {
        List<String> keys = new ArrayList<>();
        try (iterator) {
            while (iterator.hasNext()) {
                Bytes peeked = iterator.peekNextKey();
                KeyValue<Bytes, byte[]> entry = iterator.next();
                assertThat(entry.key).isEqualTo(peeked);
                keys.add(text(entry.key.get()));
            }
        }
        return keys;
    }

    private static Bytes key(String key) {
        return Bytes.wrap(bytes(key));
    }

    private TopologyTestDriver driver(Path stateDirectory) {
        StoreSpec spec = new StoreSpec(STORE, StoreFixture.WORDS, INPUT);
        Topology topology = new Topology()
                .addSource("input", INPUT)
                .addProcessor("writer", () -> new Writer(engine), "input")
                .addStateStore(engine.builder(spec, Map.of()), "writer");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG,
                "org.apache.kafka.common.serialization.Serdes$ByteArraySerde");
        properties.put(
                StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG,
                "org.apache.kafka.common.serialization.Serdes$ByteArraySerde");
        return new TopologyTestDriver(topology, properties, START);
    }

    /** Stores each input record under its key. */
    private static final class Writer implements Processor<byte[], byte[], Void, Void> {
        private final StoreEngine engine;
        private @Nullable ProcessorContext<Void, Void> context;
        private @Nullable PartitionStore handle;
        private @Nullable StoreWriter writer;

        Writer(StoreEngine engine) {
            this.engine = engine;
        }

        @Override
        public void init(ProcessorContext<Void, Void> started) {
            context = started;
            KeyValueStore<Bytes, byte[]> store = started.getStateStore(STORE);
            PartitionStore opened = Objects.requireNonNull(
                    engine.partition(STORE, started.taskId().partition()));
            opened.activate();
            handle = opened;
            writer = new StoreWriter(store, opened);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            long offset = Objects.requireNonNull(context)
                    .recordMetadata()
                    .orElseThrow()
                    .offset();
            WriteSet writes = Objects.requireNonNull(writer).begin(offset, record.timestamp());
            writes.put(record.key(), record.value());
            writes.commit();
        }

        @Override
        public void close() {
            if (handle != null) {
                handle.deactivate();
            }
        }
    }
}
