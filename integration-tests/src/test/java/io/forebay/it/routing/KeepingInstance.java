package io.forebay.it.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.routing.Applications;
import io.forebay.routing.PeerTransport;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.Router;
import io.forebay.routing.RouterConfig;
import io.forebay.routing.RunningApplication;
import io.forebay.routing.ScanQuery;
import io.forebay.store.Indexing;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreSpec;
import io.forebay.store.StoreView;
import io.forebay.store.StoreWriter;
import io.forebay.store.Stored;
import io.forebay.store.WriteSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
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
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** One instance of an application that keeps each key's last value; the value {@value #NOTHING} changes nothing and leaves no trace. */
final class KeepingInstance implements AutoCloseable, Applications {

    static final String STORE = "kept";
    static final String NOTHING = "nothing";
    private static final byte TAG = 1;

    private final StoreEngine engine = StoreEngine.create(new StoreEngineConfig(8 * 1024 * 1024));
    private final RunningApplication application;
    private final Router router;

    KeepingInstance(
            String bootstrap,
            String applicationId,
            String input,
            Path directory,
            HostInfo self,
            Admin admin,
            PeerTransport transport) {
        StoreSpec spec = new StoreSpec(STORE, Indexing.NONE, input);
        Topology topology = new Topology()
                .addSource("input", input)
                .addProcessor("keep", () -> new Keeping(engine), "input")
                .addStateStore(engine.builder(spec, Map.of()), "keep");
        KafkaStreams streams = new KafkaStreams(topology, properties(bootstrap, applicationId, directory, self));
        streams.setGlobalStateRestoreListener(engine.restoreListener());
        // A 4.3.1 group coordinator that has not heard of a new topic yet answers the first heartbeat with an unknown
        // error.
        streams.setUncaughtExceptionHandler(e -> StreamThreadExceptionResponse.REPLACE_THREAD);
        application = new RunningApplication(applicationId, streams, engine);
        QueryRegistry queries =
                new QueryRegistry().register("get", Get.class, Kept.class).register("keys", Keys.class, Listed.class);
        router = new Router(
                new RouterConfig(() -> self, 2, 16),
                this,
                queries,
                transport,
                admin,
                Clock.systemUTC(),
                System::nanoTime);
        streams.start();
    }

    Router router() {
        return router;
    }

    @Nullable
    PartitionStore store(int partition) {
        return engine.partition(STORE, partition);
    }

    @Override
    public @Nullable RunningApplication find(String name) {
        return name.equals(application.name()) ? application : null;
    }

    @Override
    public Collection<RunningApplication> all() {
        return List.of(application);
    }

    @Override
    public void close() {
        application.streams().close();
        router.close();
        engine.close();
    }

    private static Properties properties(String bootstrap, String applicationId, Path directory, HostInfo self) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return properties;
    }

    static byte[] storeKey(byte[] key) {
        return ByteBuffer.allocate(1 + key.length).put(TAG).put(key).array();
    }

    /** The value of a key. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Get(byte[] key) implements StoreQuery<Kept> {

        @Override
        public Kept evaluate(StoreView view) {
            Stored stored = view.get(storeKey(key));
            return new Kept(stored == null ? null : stored.payload());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Kept(byte @Nullable [] value) {}

    /** All keys of a partition. */
    record Keys() implements ScanQuery<Listed> {

        @Override
        public Listed evaluate(StoreView view) {
            List<String> keys = new ArrayList<>();
            try (Scan scan = view.scanPrefix(new byte[] {TAG})) {
                while (scan.next()) {
                    keys.add(new String(scan.key(), UTF_8).substring(1));
                }
            }
            return new Listed(keys);
        }
    }

    record Listed(List<String> keys) {}

    private static final class Keeping implements Processor<byte[], byte[], Void, Void> {

        private final StoreEngine engine;
        private @Nullable ProcessorContext<Void, Void> context;
        private @Nullable PartitionStore handle;
        private @Nullable StoreWriter writer;

        Keeping(StoreEngine engine) {
            this.engine = engine;
        }

        @Override
        public void init(ProcessorContext<Void, Void> started) {
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
            PartitionStore store = Objects.requireNonNull(handle);
            long offset = Objects.requireNonNull(context)
                    .recordMetadata()
                    .orElseThrow()
                    .offset();
            if (offset <= store.position()) {
                return;
            }
            if (new String(record.value(), UTF_8).equals(NOTHING)) {
                store.advance(offset, record.timestamp());
                return;
            }
            WriteSet writes = Objects.requireNonNull(writer).begin(offset, record.timestamp());
            writes.put(storeKey(record.key()), record.value());
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
