package io.forebay.store;

import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/** All stores of an instance, under one memory budget. Thread-safe. To be closed after the streams that use it. */
@SuppressWarnings("DoNotCallSuggester")
public final class StoreEngine implements AutoCloseable {
    private StoreEngine() {}

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
        throw new UnsupportedOperationException(config + " " + clock);
    }

    /** Supplies stores whose changelog keeps tombstones for Kafka's default of a day. */
    public KeyValueBytesStoreSupplier supplier(StoreSpec spec) {
        throw new UnsupportedOperationException(spec.name());
    }

    /**
     * Builds logged, uncached stores, as the engine needs them.
     *
     * @param spec the store
     * @param changelogConfig topic settings of its changelog; {@code delete.retention.ms} also decides for how long a
     *     closed database can be trusted
     */
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(StoreSpec spec, Map<String, String> changelogConfig) {
        throw new UnsupportedOperationException(spec.name() + changelogConfig);
    }

    /** The store of that name and partition that is open in this process, or null. */
    public @Nullable PartitionStore partition(String store, int partition) {
        throw new UnsupportedOperationException(store + partition);
    }

    /** Tells stores that they are being restored: to be given to {@code KafkaStreams.setGlobalStateRestoreListener}. */
    public StateRestoreListener restoreListener() {
        throw new UnsupportedOperationException();
    }

    /** What the engine uses now. */
    public StoreEngineStats stats() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
