package io.forebay.it.engine;

import io.forebay.store.PartitionStore;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;

/** A Kafka Streams application over an engine of its own, under exactly-once and the streams group protocol. Keys and values are bytes. */
public final class EngineApplication implements AutoCloseable {
    private final StoreEngine engine = StoreEngine.create(new StoreEngineConfig(8 * 1024 * 1024));
    private final KafkaStreams streams;

    /**
     * An application that is not started yet.
     *
     * @param more settings beside the usual ones
     * @param onFailure what follows when a stream thread fails
     * @param topology over stores of the engine it is given
     */
    public EngineApplication(
            String bootstrap,
            String applicationId,
            Path stateDirectory,
            Map<String, String> more,
            StreamThreadExceptionResponse onFailure,
            Function<StoreEngine, Topology> topology) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.putAll(more);
        streams = new KafkaStreams(topology.apply(engine), properties);
        streams.setGlobalStateRestoreListener(engine.restoreListener());
        streams.setStandbyUpdateListener(engine.standbyListener());
        streams.setUncaughtExceptionHandler(e -> onFailure);
    }

    public KafkaStreams streams() {
        return streams;
    }

    public StoreEngine engine() {
        return engine;
    }

    /** The store of a partition, null while this application does not have it. */
    public @Nullable PartitionStore store(String name, int partition) {
        return engine.partition(name, partition);
    }

    @Override
    public void close() {
        streams.close();
        engine.close();
    }
}
