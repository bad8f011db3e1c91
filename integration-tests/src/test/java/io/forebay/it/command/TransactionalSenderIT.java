package io.forebay.it.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.forebay.command.Receipt;
import io.forebay.command.TransactionalSender;
import io.forebay.command.TransactionalSender.Part;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicAdmin;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All parts of a command or none, whatever fails, with other transactions beside it. */
class TransactionalSenderIT {

    private static final int PARTITIONS = 4;

    private final Map<String, Object> cluster =
            Map.of("bootstrap.servers", ClusterProvider.shared().bootstrapServers());
    private final String prefix = ClusterProvider.freshPrefix();
    private final TopicSpec topic = TopicCatalogue.of(
                    CatalogueSettings.defaults().withPrefix(prefix).withPartitions(PARTITIONS))
            .keys();
    private final TransactionalSender sender = new TransactionalSender(this::producer, prefix + "sender", 2);

    @BeforeEach
    void createTopic() throws InterruptedException {
        try (Admin admin = Admin.create(cluster)) {
            new TopicAdmin(admin, Duration.ofSeconds(30)).createMissing(List.of(topic), -1);
        }
    }

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void everyPartitionGetsItsPart() throws Exception {
        List<Receipt> receipts = get(sender.send(topic, parts("a", 10), "request"));
        List<Receipt> next = get(sender.send(topic, parts("b", 10), null));

        List<ConsumerRecord<byte[], byte[]>> read = read(2 * PARTITIONS);
        assertThat(receipts)
                .extracting(receipt -> receipt.partition().partition())
                .containsExactly(0, 1, 2, 3);
        assertThat(read)
                .filteredOn(record -> text(record.key()).equals("a"))
                .allSatisfy(record -> assertThat(text(record.headers()
                                .lastHeader("forebay.request-id")
                                .value()))
                        .isEqualTo("request"))
                .extracting(ConsumerRecord::offset)
                .containsExactlyInAnyOrderElementsOf(
                        receipts.stream().map(Receipt::offset).toList());
        assertThat(next).allSatisfy(receipt -> assertThat(receipt.offset()).isGreaterThan(0));
    }

    @Test
    void noPartitionGetsItsPartWhenOneIsRefused() throws Exception {
        List<Part> parts = new ArrayList<>(parts("too large", 10));
        parts.set(PARTITIONS - 1, new Part(PARTITIONS - 1, utf8("too large"), new byte[topic.maxMessageBytes() + 1]));

        CompletionStage<List<Receipt>> refused = sender.send(topic, parts, null);

        assertThatThrownBy(() -> get(refused))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(KafkaException.class);
        get(sender.send(topic, parts("after", 10), null));
        assertThat(read(PARTITIONS)).extracting(record -> text(record.key())).containsOnly("after");
    }

    @Test
    void aSuccessorEndsWhatItsPredecessorLeftOpen() throws Exception {
        Producer<byte[], byte @Nullable []> died = producer(prefix + "sender-0");
        Producer<byte[], byte @Nullable []> alsoDied = producer(prefix + "sender-1");
        for (Producer<byte[], byte @Nullable []> producer : List.of(died, alsoDied)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic.name(), 0, utf8("left"), utf8("open")))
                    .get();
        }

        get(sender.send(topic, parts("a", 1), null));
        get(sender.send(topic, parts("b", 1), null));

        assertThat(read(2 * PARTITIONS))
                .extracting(record -> text(record.key()))
                .containsOnly("a", "b");
        assertThatThrownBy(died::commitTransaction).isInstanceOf(KafkaException.class);
        died.close(Duration.ZERO);
        alsoDied.close(Duration.ZERO);
    }

    @Test
    void manyAtOnceStayWhole() throws Exception {
        List<CompletionStage<List<Receipt>>> sent = IntStream.range(0, 50)
                .mapToObj(i -> sender.send(topic, parts("k" + i, 100), null))
                .toList();
        for (CompletionStage<List<Receipt>> one : sent) {
            assertThat(get(one)).hasSize(PARTITIONS);
        }

        Map<String, Integer> counts = new TreeMap<>();
        read(50 * PARTITIONS).forEach(record -> counts.merge(text(record.key()), 1, Integer::sum));
        assertThat(counts).hasSize(50);
        assertThat(counts.values()).containsOnly(PARTITIONS);
    }

    private Producer<byte[], byte @Nullable []> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>(cluster);
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        settings.put("transactional.id", transactionalId);
        settings.put("transaction.timeout.ms", 5_000);
        settings.put("max.request.size", 8 << 20);
        return new KafkaProducer<>(settings);
    }

    /** The committed records of all partitions, once there are so many; a short while later there are no more. */
    private List<ConsumerRecord<byte[], byte[]>> read(int count) {
        Map<String, Object> settings = new HashMap<>(cluster);
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        settings.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= count;
            });
            consumer.poll(Duration.ofMillis(300)).forEach(records::add);
        }
        assertThat(records).hasSize(count);
        return records;
    }

    private static List<Part> parts(String key, int bytes) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new Part(partition, utf8(key), new byte[bytes]))
                .toList();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
