package io.forebay.it.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The least that a stateful flow does: gets the old value of a record's key from Kafka's own RocksDB store and puts the new one, with a
 * changelog and exactly-once. What the presence flow does more is decoding, merging, comparing, indexes and telling.
 */
public final class BareTopology {
    private static final String STORE = "bare";

    private BareTopology() {}

    /** Arguments: bootstrap servers, topic, state directory, number of records after which it says so. */
    public static void main(String[] args) throws IOException {
        long expected = Long.parseLong(args[3]);
        AtomicLong seen = new AtomicLong();
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1] + "-bare");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, args[2]);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        properties.put("auto.offset.reset", "earliest");
        try (KafkaStreams streams = new KafkaStreams(topology(args[1], seen, expected), properties)) {
            streams.setStateListener((now, before) -> {
                if (now == KafkaStreams.State.RUNNING) {
                    System.out.println("running");
                }
            });
            streams.start();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static Topology topology(String topic, AtomicLong seen, long expected) {
        return new Topology()
                .addSource(
                        "source",
                        Serdes.ByteArray().deserializer(),
                        Serdes.ByteArray().deserializer(),
                        topic)
                .addProcessor("get-and-put", () -> new GetAndPut(seen, expected), "source")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                                .withCachingDisabled(),
                        "get-and-put");
    }

    private static final class GetAndPut implements Processor<byte[], byte[], Void, Void> {
        private final AtomicLong seen;
        private final long expected;
        private KeyValueStore<org.apache.kafka.common.utils.Bytes, byte[]> store;

        @SuppressWarnings("NullAway.Init") // the store is set by init, before any record
        GetAndPut(AtomicLong seen, long expected) {
            this.seen = seen;
            this.expected = expected;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            // The user is in the first bytes of the value; the topic's key is the guild, as it is for presences.
            byte[] key = java.util.Arrays.copyOf(record.value(), 8);
            var id = new org.apache.kafka.common.utils.Bytes(key);
            byte[] old = store.get(id);
            if (!java.util.Arrays.equals(old, record.value())) {
                store.put(id, record.value());
            }
            if (seen.incrementAndGet() == expected) {
                System.out.println("done");
            }
        }
    }
}
