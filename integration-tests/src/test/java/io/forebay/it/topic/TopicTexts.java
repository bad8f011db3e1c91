package io.forebay.it.topic;

import io.forebay.it.stack.Surroundings;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a consumer that knows nothing of Forebay finds in a topic. */
public final class TopicTexts {
    private static final Duration POLL = Duration.ofMillis(200);

    private TopicTexts() {}

    /** The values of everything that can be read of a topic, uncommitted records included, byte for character. */
    public static List<String> of(Surroundings surroundings, TopicSpec topic) {
        List<String> texts = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", surroundings.bootstrapServers(), "check.crcs", "true"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(POLL).forEach(record -> {
                    if (record.value() != null) {
                        texts.add(new String(record.value(), StandardCharsets.ISO_8859_1));
                    }
                });
            }
        }
        return texts;
    }
}
