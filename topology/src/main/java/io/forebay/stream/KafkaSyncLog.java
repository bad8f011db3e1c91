package io.forebay.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The sync topics on a Kafka cluster: one consumer at their ends, and one for what is older. */
final class KafkaSyncLog implements SyncLog, AutoCloseable {

    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
    private static final int FETCH_BYTES = 8 << 20;

    private final SyncTail tail;
    private final SyncArchive archive;

    KafkaSyncLog(StreamHubConfig config, Map<String, Object> consumerConfig, LongSupplier nanoTime, Counters counters) {
        Decoding decoding = new Decoding(counters);
        this.tail = new SyncTail(config, () -> consumer(consumerConfig, "tail"), nanoTime, decoding, counters);
        this.archive = new SyncArchive(config, () -> consumer(consumerConfig, "archive"), nanoTime, decoding, counters);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> given, String role) {
        Map<String, Object> config = new HashMap<>(given);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "forebay-stream-" + role);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public CompletionStage<Tail> follow(Feed feed, int partition, Runnable grown) {
        return tail.follow(feed, partition, grown);
    }

    @Override
    public CompletionStage<Long> end(Feed feed, int partition) {
        return archive.end(feed, partition);
    }

    @Override
    public CompletionStage<Window.Slice> read(
            Feed feed, int partition, long from, long until, Predicate<StreamChange> selector) {
        return archive.read(feed, partition, from, until, selector);
    }

    @Override
    public CompletionStage<Long> locate(Feed feed, int partition, long unitOffset) {
        return archive.locate(feed, partition, unitOffset);
    }

    int partitions() {
        return tail.partitions();
    }

    long windowBytes() {
        return tail.windowBytes();
    }

    @Override
    public void close() {
        tail.close();
        archive.close();
    }
}
