package io.forebay.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.store.StoreSpec;
import io.forebay.store.StoreView;
import io.forebay.store.StoreWriter;
import io.forebay.store.WriteSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The engine beside Kafka's own persistent store: 100 thousand records of 500 bytes, random keys. Both as Kafka Streams sets them up, but
 * not logged, since the log would be measured and not the store. Processors read the engine by its handle, Kafka's store through its
 * wrapper; so does this. Kafka's store is the baseline: compare within a run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class EngineBenchmark {
    private static final String STORE = "bench";
    private static final int KEYS = 100_000;
    private static final int VALUE_BYTES = 500;
    private static final int BATCH = 10;
    private static final int SCANNED = 100;

    /** What is measured: Kafka's store, the engine, and the engine with an index entry and a counter on every record. */
    @Param({"kafka", "engine", "engine-indexed"})
    public String kind;

    private final Random random = new Random(1);
    private Path directory;
    private StoreEngine engine;
    private TopologyTestDriver driver;
    private KeyValueStore<Bytes, byte[]> store;
    private @Nullable PartitionStore handle;
    private long offset;

    /** Fills the store. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("engine-benchmark");
        engine = StoreEngine.create(StoreEngineConfig.defaults());
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        Topology topology = new Topology()
                .addSource("input", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "input")
                .addProcessor("nothing", Nothing::new, "input")
                .addStateStore(builder(), "nothing");
        driver = new TopologyTestDriver(topology, properties);
        store = driver.getKeyValueStore(STORE);
        handle = engine.partition(STORE, 0);
        for (int key = 0; key < KEYS; key += BATCH) {
            write(key, BATCH);
        }
    }

    /** Closes and deletes it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        driver.close();
        engine.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(EngineBenchmark::delete);
        }
    }

    /** Reads a record that exists. */
    @Benchmark
    public @Nullable Object get() {
        return read(key(random.nextInt(KEYS)));
    }

    /** Reads a record that does not exist. */
    @Benchmark
    public @Nullable Object getMiss() {
        return read(key(KEYS + random.nextInt(KEYS)));
    }

    /** Overwrites a record. */
    @Benchmark
    public void put() {
        write(random.nextInt(KEYS), 1);
    }

    /** Overwrites ten neighbours in one batch. */
    @Benchmark
    public void putTen() {
        write(random.nextInt(KEYS - BATCH), BATCH);
    }

    /** Reads a hundred neighbours. */
    @Benchmark
    public long scanHundred() {
        return handle == null ? scanKafka(random.nextInt(KEYS)) : scanEngine(handle, random.nextInt(KEYS));
    }

    private @Nullable Object read(byte[] key) {
        return handle == null ? store.get(Bytes.wrap(key)) : handle.get(key);
    }

    private void write(int first, int count) {
        if (handle == null) {
            writeKafka(first, count);
            return;
        }
        WriteSet writes = new StoreWriter(store, handle).begin(offset++, 0);
        for (int i = 0; i < count; i++) {
            writes.put(key(first + i), value());
        }
        writes.commit();
    }

    private void writeKafka(int first, int count) {
        if (count == 1) {
            store.put(Bytes.wrap(key(first)), value());
            return;
        }
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(KeyValue.pair(Bytes.wrap(key(first + i)), value()));
        }
        store.putAll(entries);
    }

    private long scanKafka(int first) {
        long read = 0;
        try (KeyValueIterator<Bytes, byte[]> records = store.range(Bytes.wrap(key(first)), null)) {
            for (int i = 0; i < SCANNED && records.hasNext(); i++) {
                read += records.next().value.length;
            }
        }
        return read;
    }

    private static long scanEngine(PartitionStore handle, int first) {
        long read = 0;
        try (StoreView view = handle.snapshot();
                Scan records = view.scan(key(first), null)) {
            for (int i = 0; i < SCANNED && records.next(); i++) {
                read += records.value().length;
            }
        }
        return read;
    }

    private StoreBuilder<KeyValueStore<Bytes, byte[]>> builder() {
        if (kind.equals("kafka")) {
            return Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .withCachingDisabled();
        }
        Indexing indexing = kind.equals("engine-indexed") ? EngineBenchmark::index : Indexing.NONE;
        return engine.builder(new StoreSpec(STORE, indexing), Map.of()).withLoggingDisabled();
    }

    private static void index(byte[] key, byte[] payload, IndexSink sink) {
        byte[] entry = new byte[key.length + 1];
        entry[0] = payload[0];
        System.arraycopy(key, 0, entry, 1, key.length);
        sink.index(entry);
        sink.count(new byte[] {payload[0]}, 1);
    }

    private byte[] value() {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return value;
    }

    private static byte[] key(int number) {
        return "k%09d".formatted(number).getBytes(UTF_8);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(Objects.toString(file), e);
        }
    }

    private static final class Nothing implements Processor<byte[], byte[], Void, Void> {
        @Override
        public void process(Record<byte[], byte[]> record) {}
    }
}
