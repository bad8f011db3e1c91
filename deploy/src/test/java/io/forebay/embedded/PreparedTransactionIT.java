package io.forebay.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.deploy.LocalPort;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process killed between the two steps of a commit: the transaction log says that the transaction is prepared, its
 * partitions have no marker yet. The moment is too short to be hit at will, so the log is given that record by hand, and
 * the files of the running broker, copied, are what a kill would have left.
 */
class PreparedTransactionIT {

    private static final TopicPartition PARTITION = new TopicPartition("written", 0);
    // Many, so that a broker that is elected and fenced by turns is seen without leaders for a while, not for an
    // instant.
    private static final int PARTITIONS = 300;
    private static final String TRANSACTION_LOG = "__transaction_state";
    private static final byte ONGOING = 1;
    private static final byte PREPARE_COMMIT = 2;

    @TempDir
    Path directory;

    @Test
    void commitPreparedBeforeAKillIsCompletedByTheNextStart() throws Exception {
        Path logs = directory.resolve("kafka");
        Path left = directory.resolve("left");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(logs, anyFreePort());
                KafkaProducer<String, String> producer = transactional(kafka)) {
            createTopic(kafka);
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(PARTITION.topic(), 0, "", "prepared"))
                    .get();
            append(kafka, prepared(ongoing(kafka)));
            copy(logs, left);
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(left, anyFreePort())) {
            assertThat(firstCommitted(kafka)).isEqualTo("prepared");
        }
    }

    private static int anyFreePort() {
        return LocalPort.anyFree(InetAddress.getLoopbackAddress());
    }

    private static KafkaProducer<String, String> transactional(EmbeddedKafka kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "killed"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(Set.of(new NewTopic(PARTITION.topic(), PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static ConsumerRecord<byte[], byte[]> ongoing(EmbeddedKafka kafka) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(
                            0, consumer.partitionsFor(TRANSACTION_LOG).size())
                    .mapToObj(partition -> new TopicPartition(TRANSACTION_LOG, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (state(record).transactionStatus() == ONGOING) {
                        found.add(record);
                    }
                }
                return !found.isEmpty();
            });
            return found.get(0);
        }
    }

    private static TransactionLogValue state(ConsumerRecord<byte[], byte[]> record) {
        ByteBuffer value = ByteBuffer.wrap(record.value());
        short version = value.getShort();
        return new TransactionLogValue(new ByteBufferAccessor(value), version);
    }

    /** What the coordinator writes for the first step of a commit, the producer's epoch raised as in KIP-890. */
    private static ProducerRecord<byte[], byte[]> prepared(ConsumerRecord<byte[], byte[]> ongoing) {
        TransactionLogValue state = state(ongoing);
        state.setTransactionStatus(PREPARE_COMMIT)
                .setPreviousProducerId(state.producerId())
                .setProducerEpoch((short) (state.producerEpoch() + 1));
        return new ProducerRecord<>(
                ongoing.topic(),
                ongoing.partition(),
                ongoing.key(),
                MessageUtil.toVersionPrefixedBytes(TransactionLogValue.HIGHEST_SUPPORTED_VERSION, state));
    }

    private static void append(EmbeddedKafka kafka, ProducerRecord<byte[], byte[]> record) throws Exception {
        // The only client id that a broker lets write to its internal topics.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "client.id", "__admin_client"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(from)) {
            files = tree.toList();
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }

    private static String firstCommitted(EmbeddedKafka kafka) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(Set.of(PARTITION));
            consumer.seekToBeginning(Set.of(PARTITION));
            return await().atMost(Duration.ofSeconds(20))
                    .until(() -> consumer.poll(Duration.ofMillis(100)), records -> !records.isEmpty())
                    .iterator()
                    .next()
                    .value();
        }
    }
}
