package io.forebay.it.topic;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.it.stack.Surroundings;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
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
 * The topics of a capability as any other program would use them: a plain producer with Confluent's serializer, a plain consumer that
 * reads what is committed.
 *
 * @param <C> its commands
 * @param <E> its changes
 */
public class CapabilityTopics<C extends SpecificRecord, E extends SpecificRecord> implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Surroundings surroundings;
    private final TopicSpec input;
    private final TopicSpec sync;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaAvroSerializer serializer;
    private final AvroSerdes serdes;
    private final Deserializer<E> changes;

    protected CapabilityTopics(Surroundings surroundings, TopicSpec input, TopicSpec sync, Class<E> change) {
        this.surroundings = surroundings;
        this.input = input;
        this.sync = sync;
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", surroundings.bootstrapServers());
        config.put("acks", "all");
        config.put("linger.ms", "0");
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.serializer = new KafkaAvroSerializer();
        serializer.configure(Map.of("schema.registry.url", surroundings.registryUrl()), false);
        this.serdes = AvroSerdes.create(Map.of("schema.registry.url", surroundings.registryUrl()));
        this.changes = serdes.deserializer(change);
    }

    /** The wire form of a command. */
    public final byte[] encode(C command) {
        return serializer.serialize(input.name(), command);
    }

    /** The wire form of a change, which is no command. */
    public final byte[] encodeChange(E change) {
        return serializer.serialize(sync.name(), change);
    }

    /** Sends a command; the partition is the default partitioner's choice. */
    public final Future<RecordMetadata> send(String key, C command) {
        return send(key, command, null);
    }

    /** As {@link #send(String, SpecificRecord)}, under a request id. */
    public final Future<RecordMetadata> send(String key, C command, @Nullable String requestId) {
        return sendRaw(null, key.getBytes(StandardCharsets.UTF_8), encode(command), requestId);
    }

    /** Sends a record as it is; the partition is the default partitioner's choice where none is given. */
    public final Future<RecordMetadata> sendRaw(
            @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, @Nullable String requestId) {
        ProducerRecord<byte @Nullable [], byte @Nullable []> record =
                new ProducerRecord<>(input.name(), partition, key, value);
        if (requestId != null) {
            record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        }
        return producer.send(record);
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

    public final TopicSpec input() {
        return input;
    }

    public final Surroundings surroundings() {
        return surroundings;
    }

    protected final <T extends SpecificRecord> Deserializer<T> decoder(Class<T> type) {
        return serdes.deserializer(type);
    }

    /** All committed changes from the beginning to the present end of the sync topic, partition by partition in order. */
    public final List<ConsumerRecord<byte[], E>> changes() {
        List<ConsumerRecord<byte[], E>> decoded = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : readAll(sync.name())) {
            decoded.add(new ConsumerRecord<>(
                    sync.name(),
                    record.partition(),
                    record.offset(),
                    record.key(),
                    changes.deserialize(sync.name(), record.value())));
        }
        return decoded;
    }

    /** All committed commands, as they are, partition by partition in order. */
    public final List<ConsumerRecord<byte[], byte[]>> commands() {
        return readAll(input.name());
    }

    /** All committed dead letters. */
    public final List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return readAll(surroundings.topics().deadLetters().name());
    }

    /** A header of a record as text. */
    public static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Everything that is committed in a topic, partition by partition in order. */
    protected final List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
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
