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
 * @param id stable name within Forebay, for example {@code presence.sync}; configuration refers to it
 * @param name name on the cluster, with the prefix
 * @param partitions how many partitions; at least 1
 * @param keyForm what record keys are
 * @param valueSchema Avro schema of values; null when they are as received or internal
 * @param owner the capability the topic belongs to
 * @param direction who writes and who reads
 * @param cleanup how old records go
 * @param retention how long records stay; null: for ever. Has no meaning for a compacted topic
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

    /** What the record keys of a topic are. */
    public enum KeyForm {
        /** A path of one part: the guild id in canonical decimal. */
        GUILD,
        /** A path of a namespace and at least one part. */
        NAMESPACED,
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
            properties.put(
                    TopicConfig.RETENTION_MS_CONFIG, retention == null ? "-1" : Long.toString(retention.toMillis()));
        }
        properties.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, timestampType.value());
        properties.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        properties.putAll(config);
        return properties;
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
