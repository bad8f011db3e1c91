package io.forebay.schemas.topic;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * One topic: its name and what it must be like on the cluster.
 *
 * <p>The partition of a key is computed here, as Kafka's default partitioner computes it (murmur2 over the record key), so
 * that every producer that leaves the choice to the default agrees with every reader that looks for the key. Namespaces that
 * are kept together are the exception, see {@link KeyPlacement}.
 *
 * <p>A broker drops and compacts segments, never the one it appends to. With its default of a week for a segment, records
 * would stay for up to a week longer than they are said to. So a topic that drops records by age has segments of a sixth of
 * that age, and a compacted one a greatest lag, which bounds its segments as well
 * (<a href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-354">KIP-354</a>).
 *
 * @param id stable name within Forebay, for example {@code presence.sync}; configuration refers to it
 * @param name name on the cluster, with the prefix
 * @param partitions how many partitions; at least 1
 * @param keyForm what record keys are
 * @param valueSchema Avro schema of values; null when they are as received or internal
 * @param owner the capability the topic belongs to
 * @param direction who writes and who reads
 * @param cleanup how old records go
 * @param retention how long records stay, and in a compacted topic those that are out of date; null: for ever, and in a
 *     compacted topic as long as the broker sees no need to compact
 * @param timestampType whose clock stamps records
 * @param maxMessageBytes the greatest record batch, in bytes; a cluster may allow more
 * @param placement where keys are
 * @param config further topic properties, name to value; checked like the others
 */
public record TopicSpec(
        String id,
        String name,
        int partitions,
        KeyForm keyForm,
        @Nullable Schema valueSchema,
        String owner,
        Direction direction,
        Cleanup cleanup,
        @Nullable Duration retention,
        TimestampType timestampType,
        int maxMessageBytes,
        KeyPlacement placement,
        Map<String, String> config) {

    private static final int SEGMENTS_KEPT = 6;
    private static final Duration SHORTEST_SEGMENT = Duration.ofMinutes(1);
    private static final Duration LONGEST_SEGMENT = Duration.ofDays(1);

    /** What the record keys of a topic are. */
    public enum KeyForm {
        /** A path of one part: the guild id in canonical decimal. */
        GUILD,
        /** A path of a namespace and at least one part. */
        NAMESPACED,
        /** A path of a table's name and the values of a row's primary key. */
        ROW,
        /** A path of a place, or one that begins with an empty part. */
        PLACE,
        /** A path of a subscriber and what it subscribes to. */
        SUBSCRIPTION,
        /** A path of one part: the subscriber; or one that begins with an empty part. */
        SUBSCRIBER,
        /** A path of two parts: domain and instance. */
        STREAM,
        /** A path of three parts: domain, instance and the version in the stream. */
        EVENT,
        /** Whatever the source record had. */
        AS_RECEIVED,
        /** Keys of a state store. */
        STORE
    }

    /** Who writes a topic and who reads it. */
    public enum Direction {
        /** Producers and HTTP write, a flow reads. */
        IN,
        /** A flow writes, consumers read. */
        OUT,
        /** A flow writes, a later stage of it reads. */
        BETWEEN,
        /** A flow writes and restores from it. */
        STATE
    }

    /** How old records go. */
    public enum Cleanup {
        /** By age. */
        DELETE("delete"),
        /** The last record of each key stays. */
        COMPACT("compact");

        private final String value;

        Cleanup(String value) {
            this.value = value;
        }

        /** The value of {@code cleanup.policy}. */
        public String value() {
            return value;
        }
    }

    /** Whose clock stamps the records of a topic. */
    public enum TimestampType {
        /** The producer's. */
        CREATE_TIME("CreateTime"),
        /** The broker's, when it appends. */
        LOG_APPEND_TIME("LogAppendTime");

        private final String value;

        TimestampType(String value) {
            this.value = value;
        }

        /** The value of {@code message.timestamp.type}. */
        public String value() {
            return value;
        }
    }

    public TopicSpec {
        if (partitions < 1) {
            throw new IllegalArgumentException("a topic has at least one partition");
        }
        config = Map.copyOf(config);
    }

    /** The partition of a record key. */
    public int partitionFor(byte[] recordKey) {
        return placement.partition(recordKey, partitions);
    }

    /** The partition of a path. */
    public int partitionFor(Path key) {
        return partitionFor(key.toBytes());
    }

    /** The partition of every path that meets a match, where there is but one; empty where they may be on several. */
    public OptionalInt partitionFor(PathMatch match) {
        return placement.partition(match, partitions);
    }

    /** All topic properties that a cluster must agree to, name to value, in the order they are documented. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.value());
        if (cleanup == Cleanup.DELETE) {
            properties.put(TopicConfig.RETENTION_MS_CONFIG, retention == null ? "-1" : millis(retention));
            if (retention != null) {
                properties.put(TopicConfig.SEGMENT_MS_CONFIG, millis(segment(retention)));
            }
        } else if (retention != null) {
            properties.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, millis(retention));
        }
        properties.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, timestampType.value());
        properties.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        properties.putAll(config);
        return properties;
    }

    private static Duration segment(Duration retention) {
        Duration part = retention.dividedBy(SEGMENTS_KEPT);
        if (part.compareTo(LONGEST_SEGMENT) > 0) {
            return LONGEST_SEGMENT;
        }
        return part.compareTo(SHORTEST_SEGMENT) < 0 ? SHORTEST_SEGMENT : part;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    /**
     * The request that creates this topic.
     *
     * @param replication replication factor; -1 for the broker's default
     */
    public NewTopic newTopic(int replication) {
        Optional<Short> factor = replication == -1 ? Optional.empty() : Optional.of((short) replication);
        return new NewTopic(name, Optional.of(partitions), factor).configs(properties());
    }
}
