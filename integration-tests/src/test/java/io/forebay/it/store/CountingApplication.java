package io.forebay.it.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.store.IndexSink;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.store.StoreSpec;
import io.forebay.store.StoreWriter;
import io.forebay.store.Stored;
import io.forebay.store.WriteSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts records by key under exactly-once, in a store of the engine, and emits each new count. Runs in this JVM or, by its main, in a child.
 * Two records are written for each input record, so half a write set would show.
 */
final class CountingApplication implements AutoCloseable {
    static final String STORE = "counts";
    private static final byte COUNT_TAG = 1;
    private static final byte TWIN_TAG = 2;
    private static final int PADDING = 1000;

    private final StoreEngine engine;
    private final KafkaStreams streams;

    private CountingApplication(String bootstrapServers, String prefix, Path stateDirectory) {
        engine = StoreEngine.create(new StoreEngineConfig(8 * 1024 * 1024));
        streams = new KafkaStreams(topology(engine, prefix), properties(bootstrapServers, prefix, stateDirectory));
        streams.setGlobalStateRestoreListener(engine.restoreListener());
        streams.setUncaughtExceptionHandler(e -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    }

    static CountingApplication start(String bootstrapServers, String prefix, Path stateDirectory) {
        CountingApplication application = new CountingApplication(bootstrapServers, prefix, stateDirectory);
        application.streams.start();
        return application;
    }

    /** Arguments: bootstrap servers, topic prefix, state directory. Runs until it is killed or told to end. */
    public static void main(String[] arguments) throws InterruptedException {
        CountingApplication application = start(arguments[0], arguments[1], Path.of(arguments[2]));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            application.close();
            ended.countDown();
        }));
        ended.await();
    }

    static String input(String prefix) {
        return prefix + "input";
    }

    static String output(String prefix) {
        return prefix + "output";
    }

    static String applicationId(String prefix) {
        return prefix.replace('.', '-') + "counting";
    }

    @Nullable
    PartitionStore partition(int partition) {
        return engine.partition(STORE, partition);
    }

    static byte[] countKey(String key) {
        return tagged(COUNT_TAG, key.getBytes(UTF_8));
    }

    static byte[] twinKey(String key) {
        return tagged(TWIN_TAG, key.getBytes(UTF_8));
    }

    static long count(@Nullable Stored stored) {
        return stored == null ? 0 : ByteBuffer.wrap(stored.payload()).getLong();
    }

    @Override
    public void close() {
        streams.close();
        engine.close();
    }

    private static Topology topology(StoreEngine engine, String prefix) {
        StoreSpec spec = new StoreSpec(STORE, CountingApplication::index, input(prefix));
        return new Topology()
                .addSource("input", input(prefix))
                .addProcessor("count", () -> new Counting(engine), "input")
                .addStateStore(engine.builder(spec, Map.of()), "count")
                .addSink("output", output(prefix), "count");
    }

    /** Every count's record is an entry, and the sum of all counts is a counter. */
    private static void index(byte[] key, byte[] payload, IndexSink sink) {
        sink.index(key);
        sink.count(new byte[] {key[0]}, ByteBuffer.wrap(payload).getLong());
    }

    private static Properties properties(String bootstrapServers, String prefix, Path stateDirectory) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(prefix));
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return properties;
    }

    private static byte[] tagged(byte tag, byte[] key) {
        return ByteBuffer.allocate(1 + key.length).put(tag).put(key).array();
    }

    private static final class Counting implements Processor<byte[], byte[], byte[], byte[]> {
        private final StoreEngine engine;
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable PartitionStore handle;
        private @Nullable StoreWriter writer;

        Counting(StoreEngine engine) {
            this.engine = engine;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> started) {
            KeyValueStore<Bytes, byte[]> store = started.getStateStore(STORE);
            PartitionStore opened = Objects.requireNonNull(
                    engine.partition(STORE, started.taskId().partition()));
            context = started;
            handle = opened;
            writer = new StoreWriter(store, opened);
            opened.activate();
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            ProcessorContext<byte[], byte[]> forwarding = Objects.requireNonNull(context);
            long offset = forwarding.recordMetadata().orElseThrow().offset();
            if (offset <= Objects.requireNonNull(handle).position()) {
                return;
            }
            WriteSet writes = Objects.requireNonNull(writer).begin(offset, record.timestamp());
            byte[] count = tagged(COUNT_TAG, record.key());
            long next = count(writes.get(count)) + 1;
            byte[] payload =
                    ByteBuffer.allocate(Long.BYTES + PADDING).putLong(next).array();
            writes.put(count, payload);
            writes.put(tagged(TWIN_TAG, record.key()), payload);
            writes.commit();
            forwarding.forward(record.withValue(
                    ByteBuffer.allocate(Long.BYTES).putLong(next).array()));
        }

        @Override
        public void close() {
            if (handle != null) {
                handle.deactivate();
            }
        }
    }
}
