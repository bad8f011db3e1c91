package io.forebay.it.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.forebay.it.stack.Surroundings;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the event log as a program does that knows Kafka and Confluent's deserializer, and of Forebay the name of the topic. */
final class PlainConsumer {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private PlainConsumer() {}

    /**
     * All that is committed in the log, partition by partition in order. An append is answered before it is committed, so those that
     * are there for certain are waited for.
     *
     * @param atLeast how many events were answered
     * @param more of the consumer's and the deserializer's configuration
     * @param <R> what the deserializer is configured to give
     */
    static <R extends IndexedRecord> List<ConsumerRecord<String, R>> readLog(
            Surroundings surroundings, int atLeast, Map<String, Object> more) {
        return read(surroundings, surroundings.topics().eventLog(), atLeast, more);
    }

    /** As {@link #readLog}, of any topic. */
    @SuppressWarnings("unchecked") // the configuration says what comes
    static <R extends IndexedRecord> List<ConsumerRecord<String, R>> read(
            Surroundings surroundings, TopicSpec spec, int atLeast, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", surroundings.bootstrapServers());
        config.put("schema.registry.url", surroundings.registryUrl());
        config.put("isolation.level", "read_committed");
        config.put("key.deserializer", StringDeserializer.class);
        config.put("value.deserializer", KafkaAvroDeserializer.class);
        String topic = spec.name();
        AvroSerdes.trustGenerated();
        try (KafkaConsumer<String, Object> consumer = new KafkaConsumer<>(config)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, R>> records = new ArrayList<>();
            long began = System.nanoTime();
            while (records.size() < atLeast
                    || partitions.stream().anyMatch(tp -> consumer.position(tp) < ends.getOrDefault(tp, 0L))) {
                assertThat(System.nanoTime() - began)
                        .as("nanoseconds that %s records of %s took", records.size(), topic)
                        .isLessThan(PATIENCE.toNanos());
                consumer.poll(POLL)
                        .forEach(record -> records.add(new ConsumerRecord<>(
                                topic, record.partition(), record.offset(), record.key(), (R) record.value())));
            }
            return records;
        }
    }
}
