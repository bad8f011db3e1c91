package io.forebay.it.presence;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.it.stack.Surroundings;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.TopicSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The topics of presences as any other program would use them: a plain producer with Confluent's serializer, a plain consumer that reads
 * what is committed.
 */
public final class PresenceTopics implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Surroundings surroundings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaAvroSerializer serializer;
    private final AvroSerdes serdes;
    private final Deserializer<PresenceChanged> changes;

    public PresenceTopics(Surroundings surroundings) {
        this.surroundings = surroundings;
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", surroundings.bootstrapServers());
        config.put("acks", "all");
        config.put("linger.ms", "0");
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.serializer = new KafkaAvroSerializer();
        serializer.configure(Map.of("schema.registry.url", surroundings.registryUrl()), false);
        this.serdes = AvroSerdes.create(Map.of("schema.registry.url", surroundings.registryUrl()));
        this.changes = serdes.deserializer(PresenceChanged.class);
    }

    /** The wire form of a command. */
    public byte[] encode(PresenceCommand command) {
        return serializer.serialize(input().name(), command);
    }

    /** The wire form of a command under another schema with the same fields, which is registered under the same subject. */
    public byte[] encodeAs(Schema schema, PresenceCommand command) {
        try (CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(surroundings.registryUrl(), 10)) {
            int id = client.register(input().name() + "-value", new AvroSchema(schema));
            return ByteBuffer.wrap(encode(command)).putInt(1, id).array();
        } catch (IOException | RestClientException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a command to a guild; the partition is the default partitioner's choice. */
    public Future<RecordMetadata> send(String guild, PresenceCommand command) {
        return send(guild, command, null);
    }

    /** As {@link #send(String, PresenceCommand)}, under a request id. */
    public Future<RecordMetadata> send(String guild, PresenceCommand command, @Nullable String requestId) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(input().name(), guild.getBytes(StandardCharsets.UTF_8), encode(command));
        if (requestId != null) {
            record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        }
        return producer.send(record);
    }

    /** Sends a record as it is. */
    public Future<RecordMetadata> sendRaw(@Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value) {
        return producer.send(new ProducerRecord<>(input().name(), partition, key, value));
    }

    /** The token that covers an appended record. */
    public static String position(Future<RecordMetadata> appended) {
        RecordMetadata metadata = get(appended);
        return Position.of(metadata.topic(), metadata.partition(), metadata.offset())
                .token();
    }

    public static RecordMetadata get(Future<RecordMetadata> appended) {
        try {
            return appended.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    public TopicSpec input() {
        return surroundings.topics().presence();
    }

    /** All committed changes from the beginning to the present end of the sync topic, partition by partition in order. */
    public List<ConsumerRecord<byte[], PresenceChanged>> changes() {
        List<ConsumerRecord<byte[], PresenceChanged>> decoded = new ArrayList<>();
        String topic = surroundings.topics().presenceSync().name();
        for (ConsumerRecord<byte[], byte[]> record : readAll(topic)) {
            decoded.add(new ConsumerRecord<>(
                    topic,
                    record.partition(),
                    record.offset(),
                    record.key(),
                    changes.deserialize(topic, record.value())));
        }
        return decoded;
    }

    /** All committed dead letters. */
    public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return readAll(surroundings.topics().deadLetters().name());
    }

    /** A header of a record as text. */
    public static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                surroundings.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(tp -> consumer.position(tp) < ends.getOrDefault(tp, 0L))) {
                consumer.poll(POLL).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        serializer.close();
        serdes.close();
    }
}
