package io.forebay.app;

import io.forebay.config.NodeConfig;
import io.forebay.sync.SyncConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Settings of Kafka's clients and of Kafka Streams, from what passes through and what Forebay needs.
 *
 * <p>A Streams producer may block longer than a transaction may last: when a send fails inside {@code process}, the
 * coordinator has aborted the transaction by then, so no part of a record's output can be committed without the rest.
 */
final class KafkaSettings {

    private static final int TRANSACTION_TIMEOUT_MS = 10_000;
    private static final int COMMAND_TRANSACTION_MS = 5_000;
    private static final int MAX_BLOCK_MS = 60_000;
    /** Nobody waits for it: outcomes are answered from the store, and changes are seen with the commit, which flushes. */
    private static final int INTERACTIVE_LINGER_MS = 10;

    private static final int INTERACTIVE_BATCH_BYTES = 64 * 1024;
    private static final int THROUGHPUT_LINGER_MS = 100;
    private static final int THROUGHPUT_BATCH_BYTES = 256 * 1024;
    private static final long BUFFERED_INPUT_BYTES = 16L << 20;

    private final ForebayConfig config;

    KafkaSettings(ForebayConfig config) {
        this.config = config;
    }

    Map<String, Object> admin() {
        return of("admin.", AdminClientConfig.configNames());
    }

    /** For commands and ticks: idempotent, acknowledged by all in-sync replicas. */
    Map<String, Object> commandProducer() {
        Map<String, Object> settings = of("producer.", ProducerConfig.configNames());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "forebay-commands");
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, largestRecord());
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        return settings;
    }

    /** For commands to several partitions at once: as for other commands, in a transaction that holds readers up briefly. */
    Map<String, Object> transactionalProducer(String transactionalId) {
        Map<String, Object> settings = commandProducer();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, COMMAND_TRANSACTION_MS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, COMMAND_TRANSACTION_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, COMMAND_TRANSACTION_MS / 2);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, COMMAND_TRANSACTION_MS);
        return settings;
    }

    /** For readers of sync topics. */
    Map<String, Object> syncConsumer() {
        Map<String, Object> settings = of("consumer.", ConsumerConfig.configNames());
        settings.keySet().removeAll(Set.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_PROTOCOL_CONFIG));
        return settings;
    }

    /** For a reader of single partitions that is in no group. */
    Map<String, Object> plainConsumer(boolean committed) {
        Map<String, Object> settings = syncConsumer();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, committed ? "read_committed" : "read_uncommitted");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }

    /**
     * For an application of Kafka Streams. Record sync commits at an interval of its own: what the other capabilities decide is answered
     * from their stores at once, here each stage waits for the commit of the one before.
     */
    Properties streams(Capability capability, HostInfo self) {
        Properties settings = new Properties();
        settings.putAll(config.kafka());
        settings.keySet().removeIf(name -> GroupSettings.holds(String.valueOf(name)));
        NodeConfig node = config.node();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, capability.application());
        settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, node.stateDir().toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, node.streamThreads());
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, node.replication());
        if (capability.name().equals(SyncConfig.CAPABILITY)) {
            settings.put(
                    StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                    config.sync().commitInterval().toMillis());
        } else {
            settings.putIfAbsent(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        }
        settings.putIfAbsent("input.buffer.max.bytes", BUFFERED_INPUT_BYTES);
        String producer = StreamsConfig.PRODUCER_PREFIX;
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MS);
        settings.put(producer + ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        settings.putIfAbsent(producer + ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putIfAbsent(producer + ProducerConfig.MAX_REQUEST_SIZE_CONFIG, largestRecord());
        boolean throughput = node.profile().equals(NodeConfig.THROUGHPUT);
        settings.putIfAbsent(
                producer + ProducerConfig.LINGER_MS_CONFIG, throughput ? THROUGHPUT_LINGER_MS : INTERACTIVE_LINGER_MS);
        settings.putIfAbsent(
                producer + ProducerConfig.BATCH_SIZE_CONFIG,
                throughput ? THROUGHPUT_BATCH_BYTES : INTERACTIVE_BATCH_BYTES);
        settings.putIfAbsent(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), Integer.toString(largestRecord()));
        return settings;
    }

    /** For the serdes: everything, they take what they know. */
    Map<String, Object> serdes() {
        return new HashMap<>(config.kafka());
    }

    private Map<String, Object> of(String prefix, Set<String> known) {
        Map<String, Object> settings = new HashMap<>();
        config.kafka().forEach((name, value) -> {
            if (known.contains(name)) {
                settings.put(name, value);
            }
        });
        config.kafka().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                settings.put(name.substring(prefix.length()), value);
            }
        });
        settings.remove(CommonClientConfigs.CLIENT_ID_CONFIG);
        return settings;
    }

    /** A sync record holds a presence before and after, an outcome both once more with some words; and a store may keep either for a while. */
    private int largestRecord() {
        return (int) Math.min(Integer.MAX_VALUE, 2L * config.node().topics().maxMessageBytes() + 128 * 1024);
    }
}
