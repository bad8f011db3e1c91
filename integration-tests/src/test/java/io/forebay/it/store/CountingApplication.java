package io.forebay.it.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.it.engine.EngineApplication;
import io.forebay.it.engine.StoreProcessor;
import io.forebay.store.IndexSink;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreSpec;
import io.forebay.store.StoreWriter;
import io.forebay.store.Stored;
import io.forebay.store.WriteSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.Record;
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

    private final EngineApplication application;

    private CountingApplication(String bootstrapServers, String prefix, Path stateDirectory) {
        application = new EngineApplication(
                bootstrapServers,
                applicationId(prefix),
                stateDirectory,
                Map.of(),
                StreamThreadExceptionResponse.SHUTDOWN_CLIENT,
                engine -> topology(engine, prefix));
    }

    static CountingApplication start(String bootstrapServers, String prefix, Path stateDirectory) {
        CountingApplication counting = new CountingApplication(bootstrapServers, prefix, stateDirectory);
        counting.application.streams().start();
        return counting;
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
        return application.store(STORE, partition);
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
        application.close();
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

    private static byte[] tagged(byte tag, byte[] key) {
        return ByteBuffer.allocate(1 + key.length).put(tag).put(key).array();
    }

    private static final class Counting extends StoreProcessor {

        Counting(StoreEngine engine) {
            super(engine, STORE);
        }

        @Override
        protected void take(Record<byte[], byte[]> record, long offset, PartitionStore opened, StoreWriter to) {
            WriteSet writes = to.begin(offset, record.timestamp());
            byte[] count = tagged(COUNT_TAG, record.key());
            long next = count(writes.get(count)) + 1;
            byte[] payload =
                    ByteBuffer.allocate(Long.BYTES + PADDING).putLong(next).array();
            writes.put(count, payload);
            writes.put(tagged(TWIN_TAG, record.key()), payload);
            writes.commit();
            forward(record.withValue(
                    ByteBuffer.allocate(Long.BYTES).putLong(next).array()));
        }
    }
}
