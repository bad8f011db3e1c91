package io.forebay.schemas.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes the catalogue's topics on a cluster, or tells in what the cluster differs. Topics that are there are never changed:
 * a different number of partitions would move keys, a different retention would drop records.
 *
 * <p>Failures of the cluster come as {@link KafkaException}.
 */
public final class TopicAdmin {

    private static final long VISIBLE_POLL_MS = 50;

    private final Admin admin;
    private final Duration timeout;

    /**
     * On a cluster.
     *
     * @param admin stays the caller's to close
     * @param timeout how long one request may take
     */
    public TopicAdmin(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    /**
     * Creates the topics that are missing. Others that do the same meanwhile do no harm.
     *
     * @param replication replication factor; -1 for the broker's default
     * @return the names of the topics created
     */
    public List<String> createMissing(Collection<TopicSpec> topics, int replication) throws InterruptedException {
        Map<String, TopicDescription> there = describe(topics);
        List<TopicSpec> missing = topics.stream()
                .filter(topic -> !there.containsKey(topic.name()))
                .toList();
        Map<String, KafkaFuture<Void>> requests = admin.createTopics(missing.stream()
                        .map(topic -> topic.newTopic(replication))
                        .toList())
                .values();
        List<String> created = new ArrayList<>();
        for (TopicSpec topic : missing) {
            KafkaFuture<Void> request = requests.get(topic.name());
            if (request != null && succeeds(request, TopicExistsException.class)) {
                created.add(topic.name());
            }
        }
        awaitLeaders(awaitVisible(missing));
        return created;
    }

    /** The controller answers before the brokers know: what was created is asked for until it is there. */
    private Collection<TopicDescription> awaitVisible(Collection<TopicSpec> created) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Map<String, TopicDescription> visible = describe(created);
        while (visible.size() < created.size()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(
                        "topics were created but are not to be seen after " + timeout.toMillis() + " ms");
            }
            TimeUnit.MILLISECONDS.sleep(VISIBLE_POLL_MS);
            visible = describe(created);
        }
        return visible.values();
    }

    /**
     * A broker tells of a partition before it has made its log. Only when it has do those in it hear of the topic that act
     * on it, the group coordinator among them; the client asks again until then.
     */
    private void awaitLeaders(Collection<TopicDescription> created) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicDescription topic : created) {
            topic.partitions()
                    .forEach(partition ->
                            ends.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
        }
        await(admin.listOffsets(ends).all());
    }

    /** Every point in which the cluster differs from these topics, missing topics included; empty when it agrees. */
    public List<TopicDifference> check(Collection<TopicSpec> topics) throws InterruptedException {
        Map<String, TopicDescription> there = describe(topics);
        Map<ConfigResource, Config> configs = await(admin.describeConfigs(
                        there.keySet().stream().map(TopicAdmin::resource).toList())
                .all());
        List<TopicDifference> differences = new ArrayList<>();
        for (TopicSpec topic : topics) {
            TopicDescription description = there.get(topic.name());
            Config config = configs.get(resource(topic.name()));
            if (description == null || config == null) {
                differences.add(new TopicDifference(topic.name(), TopicDifference.MISSING, "present", null));
            } else {
                differences.addAll(
                        new ClusterTopic(description.partitions().size(), properties(config)).differences(topic));
            }
        }
        return differences;
    }

    private Map<String, TopicDescription> describe(Collection<TopicSpec> topics) throws InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> requests = admin.describeTopics(
                        topics.stream().map(TopicSpec::name).toList())
                .topicNameValues();
        Map<String, TopicDescription> there = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> request : requests.entrySet()) {
            if (succeeds(request.getValue(), UnknownTopicOrPartitionException.class)) {
                there.put(request.getKey(), await(request.getValue()));
            }
        }
        return there;
    }

    private static Map<String, String> properties(Config config) {
        Map<String, String> properties = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) {
                properties.put(entry.name(), entry.value());
            }
        }
        return properties;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** Whether a request succeeds rather than fails in the one way that is expected. */
    private <T> boolean succeeds(KafkaFuture<T> request, Class<? extends KafkaException> expected)
            throws InterruptedException {
        try {
            await(request);
            return true;
        } catch (KafkaException e) {
            if (expected.isInstance(e)) {
                return false;
            }
            throw e;
        }
    }

    private <T> T await(KafkaFuture<T> request) throws InterruptedException {
        try {
            return request.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException failure) {
                throw failure;
            }
            throw new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("the cluster gave no answer within " + timeout.toMillis() + " ms", e);
        }
    }
}
