package io.forebay.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes sync records; one that cannot be read is counted and passed over, and the first of a run is logged. */
final class Decoding {

    private static final Logger LOG = LoggerFactory.getLogger(Decoding.class);

    private final Counters counters;
    private final Set<TopicPartition> failing = ConcurrentHashMap.newKeySet();

    Decoding(Counters counters) {
        this.counters = counters;
    }

    @Nullable
    StreamChange decode(ChangeCodec codec, ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        try {
            StreamChange change = codec.decode(record);
            if (!failing.isEmpty()) {
                failing.remove(partition);
            }
            return change;
        } catch (RuntimeException e) {
            counters.undecodable();
            if (failing.add(partition)) {
                LOG.warn("Record {} of {} is left out of streams: it cannot be read", record.offset(), partition, e);
            }
            return null;
        }
    }
}
