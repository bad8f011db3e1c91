package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.serde.AvroSerdes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Expiry in real time, where nothing is appended but what the partition's owner appends itself. */
class ExpiryIT {

    /** What is promised is 2 s; the rest is the test's own and that of a machine that does other things as well. */
    private static final long MOST_LATE_MS = 4_000;

    private final ForebayStack stack = ForebayStack.small(ClusterProvider.shared());
    private final AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", stack.registryUrl()));

    @AfterEach
    void close() {
        serdes.close();
        stack.close();
    }

    @Test
    void aKeyExpiresOnAQuietPartition() throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            RecordMetadata first = put("ns/first", 500);
            RecordMetadata second = put("ns/second", 2_500);

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(50)).forEach(records::add);
                return records.size() >= 4;
            });
            long late = System.currentTimeMillis() - (second.timestamp() + 2_500);
            consumer.poll(Duration.ofSeconds(2)).forEach(records::add);

            assertThat(records)
                    .extracting(record ->
                            change(record).getType() + " " + change(record).getKey())
                    .containsExactlyInAnyOrder(
                            "put ns/first", "put ns/second", "expired ns/first", "expired ns/second");
            assertThat(records)
                    .filteredOn(record -> change(record).getType() == KeyChange.expired)
                    .allSatisfy(record -> {
                        assertThat(change(record).getValue()).isEqualTo(ByteBuffer.wrap(utf8("v")));
                        assertThat(record.timestamp())
                                .isGreaterThanOrEqualTo(change(record).getExpiresAt());
                    });
            assertThat(records)
                    .filteredOn(record -> change(record).getKey().equals("ns/first"))
                    .allSatisfy(
                            record -> assertThat(change(record).getExpiresAt()).isEqualTo(first.timestamp() + 500));
            assertThat(late).as("ms late").isLessThan(MOST_LATE_MS);
        }
    }

    private RecordMetadata put(String key, long ttl) throws Exception {
        KeyCommand command = new KeyCommand(new PutKeys(List.of(PutKey.newBuilder()
                .setKey(key)
                .setValue(ByteBuffer.wrap(utf8("v")))
                .setTtlMs(ttl)
                .build())));
        String topic = stack.topics().keys().name();
        byte[] value = serdes.serializer(KeyCommand.class).serialize(topic, command);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(topic, utf8(key), value)).get();
        }
    }

    private KeyChanged change(ConsumerRecord<byte[], byte[]> record) {
        return serdes.deserializer(KeyChanged.class).deserialize(record.topic(), record.value());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(
                new TopicPartition(stack.topics().keysSync().name(), 0),
                new TopicPartition(stack.topics().keysSync().name(), 1));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
