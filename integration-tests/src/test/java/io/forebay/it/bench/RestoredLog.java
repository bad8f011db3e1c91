package io.forebay.it.bench;

import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.events.EventsConfig;
import io.forebay.events.EventsFlow;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** The flow of events alone, on an empty disk, which says how long its log took to be restored. */
public final class RestoredLog {
    private RestoredLog() {}

    /** Arguments: bootstrap servers, registry, prefix of the topics, state directory. Runs until standard input ends. */
    public static void main(String[] args) throws IOException {
        TopicCatalogue topics = TopicCatalogue.of(CatalogueSettings.defaults().withPrefix(args[2]));
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.applicationId(EventsFlow.CAPABILITY));
        properties.put(StreamsConfig.STATE_DIR_CONFIG, args[3]);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        try (AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", args[1]));
                StoreEngine engine = StoreEngine.create(StoreEngineConfig.defaults());
                KafkaStreams streams = new KafkaStreams(
                        EventsFlow.topology(
                                topics,
                                serdes,
                                engine,
                                EventsConfig.defaults(),
                                new OutcomeRetention(Duration.ofHours(24), 1_000_000),
                                (topic, partition, key, value, result) -> result.failed(),
                                new DecidingHealth()),
                        properties)) {
            streams.setGlobalStateRestoreListener(new Clock());
            streams.start();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Times the log's restore from its first record to its last. */
    private static final class Clock implements StateRestoreListener {
        private long started;

        @Override
        public void onRestoreStart(TopicPartition changelog, String store, long from, long to) {
            if (store.equals(EventsFlow.LOG)) {
                started = System.nanoTime();
            }
        }

        @Override
        public void onBatchRestored(TopicPartition changelog, String store, long end, long count) {}

        @Override
        public void onRestoreEnd(TopicPartition changelog, String store, long total) {
            if (store.equals(EventsFlow.LOG)) {
                System.out.println("restored " + total + " in " + (System.nanoTime() - started) / 1_000_000);
            }
        }
    }
}
