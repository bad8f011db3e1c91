package io.forebay.erasure;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The copies of what was erased that a changelog still holds, found by reading it as any consumer can, what aborted
 * transactions left included. It is read through once; from then on only the places are looked at where a value was, since
 * a compaction removes records and moves none.
 */
final class Copies {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, NavigableSet<Long>> places = new HashMap<>();

    /**
     * Looks for copies below the given ends.
     *
     * @param isCopy whether a record, which has a value, is one
     */
    Copies(
            Consumer<byte[], byte[]> uncommitted,
            Predicate<ConsumerRecord<byte[], byte[]>> isCopy,
            Map<TopicPartition, Long> ends) {
        this.consumer = uncommitted;
        consumer.assign(ends.keySet());
        consumer.seekToBeginning(ends.keySet());
        Set<TopicPartition> unread = new HashSet<>(ends.keySet());
        while (unread.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L))
                || !unread.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)
                        && record.value() != null
                        && isCopy.test(record)) {
                    places.computeIfAbsent(partition, any -> new TreeSet<>()).add(record.offset());
                }
            }
        }
    }

    /** Looks again, and tells the partitions that still hold copies. */
    Set<Integer> partitions() {
        Set<Integer> left = new HashSet<>();
        places.forEach((partition, offsets) -> {
            consumer.assign(List.of(partition));
            while (!offsets.isEmpty() && !isThere(partition, offsets.first())) {
                offsets.pollFirst();
            }
            if (!offsets.isEmpty()) {
                left.add(partition.partition());
            }
        });
        return left;
    }

    private boolean isThere(TopicPartition partition, long offset) {
        if (consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L) > offset) {
            return false;
        }
        consumer.seek(partition, offset);
        while (consumer.position(partition) <= offset) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return record.offset() == offset;
            }
        }
        return false;
    }
}
