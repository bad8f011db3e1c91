package io.forebay.schemas.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a deployment decides about its topics.
 *
 * @param prefix start of every topic name, {@code forebay.} by default; letters, digits, {@code .}, {@code _}, {@code -},
 *     at most 100 of them; may be empty
 * @param partitions partitions of every topic that has no entry in {@code partitionsByTopic}; 1 to 10000, default 8. The
 *     partition of a key depends on it, so it is not changed once a topic holds data
 * @param partitionsByTopic partitions by topic id; {@code keys.sync} has those of {@code keys}, {@code
 *     sync.routes} those of {@code changes}, and {@code events} has one where the order is global
 * @param retentionByTopic retention by topic id, positive, for topics that differ from {@link #DEFAULT_RETENTION}
 * @param maxMessageBytes the greatest record batch accepted on input topics, in bytes; at least 1 KiB, default 2 MiB.
 *     Topics that hold more than one input value in a record are given room accordingly
 * @param placement which namespaces of keys are kept together
 * @param eventsOrder which events have an order among each other; with the global order, the default, the topic of events
 *     has one partition
 */
public record CatalogueSettings(
        String prefix,
        int partitions,
        Map<String, Integer> partitionsByTopic,
        Map<String, Duration> retentionByTopic,
        int maxMessageBytes,
        KeyPlacement placement,
        EventsOrder eventsOrder) {

    /** Ids of the topics whose settings can differ from the common ones. */
    public static final Set<String> TOPIC_IDS = Set.of(
            TopicCatalogue.PRESENCE,
            TopicCatalogue.PRESENCE_SYNC,
            TopicCatalogue.KEYS,
            TopicCatalogue.KEYS_SYNC,
            TopicCatalogue.CHANGES,
            TopicCatalogue.SYNC_ROUTES,
            TopicCatalogue.SUBSCRIPTIONS,
            TopicCatalogue.SYNC_DELIVERIES,
            TopicCatalogue.RECORDS_SYNC,
            TopicCatalogue.EVENTS,
            TopicCatalogue.DEAD_LETTERS);

    /**
     * How long topics keep records by default. Commands and row changes, also those on their way: a week, in which a stopped flow can come back. Sync: a day; a
     * consumer that was away for longer starts from a snapshot. Dead letters: a week to look at them.
     */
    public static final Map<String, Duration> DEFAULT_RETENTION = Map.ofEntries(
            Map.entry(TopicCatalogue.PRESENCE, Duration.ofDays(7)),
            Map.entry(TopicCatalogue.PRESENCE_SYNC, Duration.ofDays(1)),
            Map.entry(TopicCatalogue.KEYS, Duration.ofDays(7)),
            Map.entry(TopicCatalogue.KEYS_SYNC, Duration.ofDays(1)),
            Map.entry(TopicCatalogue.CHANGES, Duration.ofDays(7)),
            Map.entry(TopicCatalogue.SYNC_ROUTES, Duration.ofDays(7)),
            Map.entry(TopicCatalogue.SUBSCRIPTIONS, Duration.ofDays(7)),
            Map.entry(TopicCatalogue.SYNC_DELIVERIES, Duration.ofDays(7)),
            Map.entry(TopicCatalogue.RECORDS_SYNC, Duration.ofDays(1)),
            Map.entry(TopicCatalogue.EVENTS, Duration.ofDays(7)),
            Map.entry(TopicCatalogue.DEAD_LETTERS, Duration.ofDays(7)));

    public static final String DEFAULT_PREFIX = "forebay.";
    public static final int DEFAULT_PARTITIONS = 8;
    public static final int MAX_PARTITIONS = 10_000;
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 2 * 1024 * 1024;
    public static final int MIN_MAX_MESSAGE_BYTES = 1024;
    /** Sync records and state may take twice the input's size, which has to stay within an {@code int}. */
    public static final int MAX_MAX_MESSAGE_BYTES = 512 * 1024 * 1024;

    /** A topic name has at most 249 characters; the rest is for our part of it. */
    public static final int MAX_PREFIX_LENGTH = 100;

    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]*");

    public CatalogueSettings {
        if (!isPrefix(prefix)) {
            throw new IllegalArgumentException(
                    "a topic prefix has at most " + MAX_PREFIX_LENGTH + " letters, digits, '.', '_' or '-'");
        }
        requireKnown(partitionsByTopic.keySet());
        requireKnown(retentionByTopic.keySet());
        if (partitionsByTopic.containsKey(TopicCatalogue.KEYS_SYNC)) {
            throw new IllegalArgumentException(TopicCatalogue.KEYS_SYNC + " has the partitions of keys");
        }
        if (partitionsByTopic.containsKey(TopicCatalogue.SYNC_ROUTES)) {
            throw new IllegalArgumentException(TopicCatalogue.SYNC_ROUTES + " has the partitions of changes");
        }
        for (String topic : List.of(TopicCatalogue.SYNC_DELIVERIES, TopicCatalogue.RECORDS_SYNC)) {
            if (partitionsByTopic.containsKey(topic)) {
                throw new IllegalArgumentException(topic + " has the partitions of subscriptions");
            }
        }
        if (eventsOrder == EventsOrder.GLOBAL && partitionsByTopic.getOrDefault(TopicCatalogue.EVENTS, 1) != 1) {
            throw new IllegalArgumentException(TopicCatalogue.EVENTS + " has one partition where the order is global");
        }
        requirePartitions(partitions);
        partitionsByTopic.values().forEach(CatalogueSettings::requirePartitions);
        for (Duration retention : retentionByTopic.values()) {
            if (retention.isNegative() || retention.isZero()) {
                throw new IllegalArgumentException("a retention is positive");
            }
        }
        if (maxMessageBytes < MIN_MAX_MESSAGE_BYTES || maxMessageBytes > MAX_MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "the greatest message has " + MIN_MAX_MESSAGE_BYTES + " to " + MAX_MAX_MESSAGE_BYTES + " bytes");
        }
        partitionsByTopic = Map.copyOf(partitionsByTopic);
        retentionByTopic = Map.copyOf(retentionByTopic);
    }

    /** The defaults. */
    public static CatalogueSettings defaults() {
        return new CatalogueSettings(
                DEFAULT_PREFIX,
                DEFAULT_PARTITIONS,
                Map.of(),
                Map.of(),
                DEFAULT_MAX_MESSAGE_BYTES,
                KeyPlacement.BY_KEY,
                EventsOrder.GLOBAL);
    }

    /** These settings with another prefix. */
    public CatalogueSettings withPrefix(String newPrefix) {
        return new CatalogueSettings(
                newPrefix, partitions, partitionsByTopic, retentionByTopic, maxMessageBytes, placement, eventsOrder);
    }

    /** These settings with another number of partitions. */
    public CatalogueSettings withPartitions(int newPartitions) {
        return new CatalogueSettings(
                prefix, newPartitions, partitionsByTopic, retentionByTopic, maxMessageBytes, placement, eventsOrder);
    }

    /** These settings with other namespaces kept together. */
    public CatalogueSettings withPlacement(KeyPlacement newPlacement) {
        return new CatalogueSettings(
                prefix, partitions, partitionsByTopic, retentionByTopic, maxMessageBytes, newPlacement, eventsOrder);
    }

    /** These settings with another order of events. */
    public CatalogueSettings withEventsOrder(EventsOrder newOrder) {
        return new CatalogueSettings(
                prefix, partitions, partitionsByTopic, retentionByTopic, maxMessageBytes, placement, newOrder);
    }

    /** Whether topic names can start with this. */
    public static boolean isPrefix(String prefix) {
        return prefix.length() <= MAX_PREFIX_LENGTH && PREFIX.matcher(prefix).matches();
    }

    int partitionsOf(String topicId) {
        if (topicId.equals(TopicCatalogue.EVENTS) && eventsOrder == EventsOrder.GLOBAL) {
            return 1;
        }
        return partitionsByTopic.getOrDefault(topicId, partitions);
    }

    Duration retentionOf(String topicId) {
        Duration set = retentionByTopic.get(topicId);
        return set != null ? set : DEFAULT_RETENTION.getOrDefault(topicId, Duration.ofDays(7));
    }

    private static void requirePartitions(int partitions) {
        if (partitions < 1 || partitions > MAX_PARTITIONS) {
            throw new IllegalArgumentException("a topic has 1 to " + MAX_PARTITIONS + " partitions");
        }
    }

    private static void requireKnown(Set<String> topicIds) {
        if (!TOPIC_IDS.containsAll(topicIds)) {
            throw new IllegalArgumentException("topics are " + new TreeSet<>(TOPIC_IDS));
        }
    }
}
