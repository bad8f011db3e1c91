package io.forebay.it.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.it.engine.EngineApplication;
import io.forebay.it.engine.StoreProcessor;
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
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * One instance of an application that keeps each key's last value; the value {@value #NOTHING} changes nothing and leaves no trace, and at the
 * value {@value #PAUSE} it stops until it is told to go on.
 */
final class KeepingInstance implements AutoCloseable, Applications {

    static final String STORE = "kept";
    static final String NOTHING = "nothing";
    static final String PAUSE = "pause";
    private static final byte TAG = 1;

    private final EngineApplication engine;
    private final RunningApplication application;
    private final Router router;
    private final Semaphore goingOn = new Semaphore(0);

    KeepingInstance(
            String bootstrap,
            String applicationId,
            String input,
            Path directory,
            HostInfo self,
            Admin admin,
            PeerTransport transport) {
        engine = new EngineApplication(
                bootstrap,
                applicationId,
                directory,
                Map.of(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port()),
                // A 4.3.1 group coordinator that has not heard of a new topic yet answers the first heartbeat with an
                // unknown error.
                StreamThreadExceptionResponse.REPLACE_THREAD,
                under -> topology(under, input));
        application = new RunningApplication(applicationId, engine.streams(), engine.engine());
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
        engine.streams().start();
    }

    private Topology topology(StoreEngine engine, String input) {
        return new Topology()
                .addSource("input", input)
                .addProcessor("keep", () -> new Keeping(engine, goingOn), "input")
                .addStateStore(engine.builder(new StoreSpec(STORE, Indexing.NONE, input), Map.of()), "keep");
    }

    /** Whether it has come to a pause and has not been told to go on. */
    boolean isPaused() {
        return goingOn.hasQueuedThreads();
    }

    void goOn() {
        goingOn.release();
    }

    Router router() {
        return router;
    }

    @Nullable
    PartitionStore store(int partition) {
        return engine.store(STORE, partition);
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
        engine.streams().close();
        router.close();
        engine.close();
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

    private static final class Keeping extends StoreProcessor {

        private final Semaphore goingOn;

        Keeping(StoreEngine engine, Semaphore goingOn) {
            super(engine, STORE);
            this.goingOn = goingOn;
        }

        @Override
        protected void take(Record<byte[], byte[]> record, long offset, PartitionStore opened, StoreWriter to) {
            if (new String(record.value(), UTF_8).equals(NOTHING)) {
                opened.advance(offset, record.timestamp());
                return;
            }
            if (new String(record.value(), UTF_8).equals(PAUSE)) {
                goingOn.acquireUninterruptibly();
            }
            WriteSet writes = to.begin(offset, record.timestamp());
            writes.put(storeKey(record.key()), record.value());
            writes.commit();
        }
    }
}
