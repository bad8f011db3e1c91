package io.forebay.store;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;

/**
 * All stores of an instance, under one memory budget. Thread-safe. To be closed after the streams that use it.
 *
 * <p>Kafka Streams' change-logging wrapper is on, so a put is one changelog record, and its record cache is off, so that a
 * write set stays one batch and its order in the log. Index entries and counters are derived, in a put and again in a
 * restore, and never logged.
 */
public final class StoreEngine implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private static final Duration DEFAULT_DELETE_RETENTION = Duration.ofDays(1);

    private record Partition(String store, int partition) {}

    private final ConcurrentMap<Partition, OpenStore> open = new ConcurrentHashMap<>();
    private final MemoryBudget budget;
    private final Clock clock;

    private StoreEngine(StoreEngineConfig config, Clock clock) {
        budget = new MemoryBudget(config.memoryBytes());
        this.clock = clock;
    }

    /** An engine on the system's clock. */
    public static StoreEngine create(StoreEngineConfig config) {
        return create(config, Clock.systemUTC());
    }

    /**
     * An engine.
     *
     * @param config its limits
     * @param clock tells how old a database is when it is opened
     */
    public static StoreEngine create(StoreEngineConfig config, Clock clock) {
        return new StoreEngine(config, clock);
    }

    /** Supplies stores whose changelog keeps tombstones for Kafka's default of a day. */
    public KeyValueBytesStoreSupplier supplier(StoreSpec spec) {
        return supplier(spec, DEFAULT_DELETE_RETENTION);
    }

    /**
     * Builds logged, uncached stores, as the engine needs them.
     *
     * @param spec the store
     * @param changelogConfig topic settings of its changelog; {@code delete.retention.ms} also decides for how long a
     *     closed database can be trusted
     */
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(StoreSpec spec, Map<String, String> changelogConfig) {
        String retention = changelogConfig.get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
        Duration tombstonesKept =
                retention == null ? DEFAULT_DELETE_RETENTION : Duration.ofMillis(Long.parseLong(retention));
        return Stores.keyValueStoreBuilder(supplier(spec, tombstonesKept), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(changelogConfig)
                .withCachingDisabled();
    }

    private KeyValueBytesStoreSupplier supplier(StoreSpec spec, Duration tombstonesKept) {
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return spec.name();
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return new EngineStore(StoreEngine.this, budget, spec, tombstonesKept, clock);
            }

            @Override
            public String metricsScope() {
                return "forebay";
            }
        };
    }

    /** The store of that name and partition that is open in this process, or null. */
    public @Nullable PartitionStore partition(String store, int partition) {
        return open.get(new Partition(store, partition));
    }

    /**
     * Tells stores that they are being restored, so that they say so as their {@link Role}: to be given to
     * {@code KafkaStreams.setGlobalStateRestoreListener}.
     */
    public StateRestoreListener restoreListener() {
        return new StateRestoreListener() {
            @Override
            public void onRestoreStart(TopicPartition changelog, String store, long from, long to) {
                restoring(store, changelog, true);
            }

            @Override
            public void onBatchRestored(TopicPartition changelog, String store, long end, long count) {}

            @Override
            public void onRestoreEnd(TopicPartition changelog, String store, long total) {
                restoring(store, changelog, false);
            }

            @Override
            public void onRestoreSuspended(TopicPartition changelog, String store, long total) {
                restoring(store, changelog, false);
            }
        };
    }

    /**
     * Tells standbys whether they have got to the end of their changelog, so that they say so as their {@link Role}: to be given to
     * {@code KafkaStreams.setStandbyUpdateListener}.
     */
    public StandbyUpdateListener standbyListener() {
        return new StandbyUpdateListener() {
            @Override
            public void onUpdateStart(TopicPartition changelog, String store, long from) {}

            @Override
            public void onBatchLoaded(
                    TopicPartition changelog, String store, TaskId task, long batchEnd, long count, long end) {
                OpenStore followed = open.get(new Partition(store, changelog.partition()));
                if (followed != null) {
                    // The end is the last record's offset plus what the consumer lags behind after it.
                    followed.whole(batchEnd >= end);
                }
            }

            @Override
            public void onUpdateSuspended(
                    TopicPartition changelog, String store, long reached, long end, SuspendReason reason) {}
        };
    }

    private void restoring(String store, TopicPartition changelog, boolean now) {
        OpenStore restored = open.get(new Partition(store, changelog.partition()));
        if (restored != null) {
            restored.restoring(now);
        }
    }

    /** What the engine uses now. */
    public StoreEngineStats stats() {
        Collection<OpenStore> stores = open.values();
        return new StoreEngineStats(
                stores.size(),
                budget.bytes(),
                budget.cache().getUsage(),
                budget.cache().getPinnedUsage(),
                stores.stream().mapToLong(OpenStore::allMemtableBytes).sum(),
                stores.stream().mapToLong(OpenStore::recordsEstimated).sum(),
                stores.stream().mapToLong(OpenStore::tableBytes).sum());
    }

    void opened(String store, int partition, OpenStore opened) {
        open.put(new Partition(store, partition), opened);
    }

    void closed(String store, int partition, OpenStore closed) {
        open.remove(new Partition(store, partition), closed);
    }

    void written(long size) {
        budget.written(size, open.values());
    }

    /** Gives the memory back; what stores that are still open use of it goes when they close. */
    @Override
    public void close() {
        budget.close();
    }
}
