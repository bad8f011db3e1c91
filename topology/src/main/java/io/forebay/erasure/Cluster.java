package io.forebay.erasure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** What an erasure asks of the brokers. Failures come as {@link KafkaException}. */
final class Cluster {

    private static final String CHECK_INTERVAL = "log.retention.check.interval.ms";

    private final Admin admin;
    private final Duration timeout;

    Cluster(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    /** A topic's properties in effect, name to value. */
    Map<String, String> properties(String topic) throws InterruptedException {
        Map<String, String> properties = new HashMap<>();
        for (ConfigEntry entry : config(resource(topic)).entries()) {
            if (entry.value() != null) {
                properties.put(entry.name(), entry.value());
            }
        }
        return properties;
    }

    /** Sets properties of a topic, and tells how to put back what they were. */
    Collection<AlterConfigOp> set(String topic, Map<String, String> properties) throws InterruptedException {
        Config before = config(resource(topic));
        List<AlterConfigOp> back = new ArrayList<>();
        List<AlterConfigOp> changes = new ArrayList<>();
        properties.forEach((name, value) -> {
            ConfigEntry was = before.get(name);
            boolean own = was != null && was.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
            changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
            back.add(new AlterConfigOp(
                    new ConfigEntry(name, own ? was.value() : ""),
                    own ? AlterConfigOp.OpType.SET : AlterConfigOp.OpType.DELETE));
        });
        alter(topic, changes);
        return back;
    }

    void alter(String topic, Collection<AlterConfigOp> changes) throws InterruptedException {
        await(admin.incrementalAlterConfigs(Map.of(resource(topic), changes)).all());
    }

    /** How often the brokers look for what is due; their default where they do not say. */
    long retentionCheckIntervalMs() throws InterruptedException {
        try {
            String node =
                    await(admin.describeCluster().nodes()).iterator().next().idString();
            ConfigEntry entry =
                    config(new ConfigResource(ConfigResource.Type.BROKER, node)).get(CHECK_INTERVAL);
            return entry == null || entry.value() == null
                    ? RetentionBound.DEFAULT_CHECK_INTERVAL_MS
                    : Long.parseLong(entry.value());
        } catch (KafkaException e) {
            // Reading a broker's settings is a right of its own; the default is what a report can go by without it.
            return RetentionBound.DEFAULT_CHECK_INTERVAL_MS;
        }
    }

    /** Fails when there is no such topic. */
    int partitions(String topic) throws InterruptedException {
        return await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .mapToInt(description -> description.partitions().size())
                .sum();
    }

    /** Partitions of a topic. */
    static List<TopicPartition> of(String topic, Collection<Integer> partitions) {
        return partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        return await(admin.listOffsets(asked).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    void deleteBefore(Map<TopicPartition, Long> offsets) throws InterruptedException {
        Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
        offsets.forEach((partition, offset) -> records.put(partition, RecordsToDelete.beforeOffset(offset)));
        await(admin.deleteRecords(records).all());
    }

    private Config config(ConfigResource resource) throws InterruptedException {
        return await(admin.describeConfigs(List.of(resource)).all())
                .values()
                .iterator()
                .next();
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private <T> T await(KafkaFuture<T> request) throws InterruptedException {
        try {
            return request.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException failure) {
                throw failure;
            }
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "the cluster gave no answer within " + timeout.toMillis() + " ms", e);
        }
    }
}
