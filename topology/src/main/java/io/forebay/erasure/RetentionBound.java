package io.forebay.erasure;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.config.TopicConfig;

/**
 * When a record is gone at the latest from a topic.
 *
 * <p>By age: a broker drops segments, not records: a segment goes when its newest record is older than {@code retention.ms}. It
 * takes records up to {@code segment.ms} after its first one, so its newest is at most that much younger than any other.
 * The broker looks at intervals ({@code log.retention.check.interval.ms}), renames what is due and deletes the file {@code
 * file.delete.delay.ms} later. A limit by size can only bring the end forward.
 *
 * <p>By compaction: {@code max.compaction.lag.ms} after its first record a segment ends, with the first append from then on,
 * and is compacted.
 */
final class RetentionBound {

    /** What brokers do unless told otherwise. */
    static final long DEFAULT_CHECK_INTERVAL_MS = 300_000;

    private static final long DEFAULT_FILE_DELETE_DELAY_MS = 60_000;

    private RetentionBound() {}

    /**
     * The latest end of a record.
     *
     * @param topic the topic's properties in effect
     * @param writtenAt the record's timestamp, in milliseconds since the epoch
     * @param checkIntervalMs how often brokers look for segments that are due
     * @return milliseconds since the epoch; empty when nothing bounds it
     */
    static OptionalLong latest(Map<String, String> topic, long writtenAt, long checkIntervalMs) {
        long retention = number(topic, TopicConfig.RETENTION_MS_CONFIG, -1);
        if (!dropsByAge(topic) || retention < 0) {
            return OptionalLong.empty();
        }
        long end = writtenAt;
        for (long part : new long[] {
            retention,
            number(topic, TopicConfig.SEGMENT_MS_CONFIG, Long.MAX_VALUE),
            checkIntervalMs,
            number(topic, TopicConfig.FILE_DELETE_DELAY_MS_CONFIG, DEFAULT_FILE_DELETE_DELAY_MS)
        }) {
            if (part > Long.MAX_VALUE - end) {
                return OptionalLong.empty();
            }
            end += part;
        }
        return OptionalLong.of(end);
    }

    /**
     * From when on the first record of a partition has what is out of date compacted.
     *
     * @param topic the topic's properties in effect
     * @param outdatedAt the timestamp of the record that put it out of date, in milliseconds since the epoch
     * @return milliseconds since the epoch; empty when nothing sets a time
     */
    static OptionalLong compaction(Map<String, String> topic, long outdatedAt) {
        long lag = number(topic, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.MAX_VALUE);
        return lag > Long.MAX_VALUE - outdatedAt ? OptionalLong.empty() : OptionalLong.of(outdatedAt + lag);
    }

    /** Whether records go by age at all. */
    static boolean dropsByAge(Map<String, String> topic) {
        String policy = topic.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
        return Arrays.stream(policy.split(",", -1)).map(String::trim).anyMatch("delete"::equals);
    }

    static long number(Map<String, String> topic, String name, long otherwise) {
        String value = topic.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }
}
