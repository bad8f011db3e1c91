package io.forebay.schemas.topic;

import org.jspecify.annotations.Nullable;

/**
 * One point in which a cluster disagrees with the catalogue.
 *
 * @param topic name of the topic
 * @param property what differs: {@code topic} when the topic is missing, {@code partitions}, or a topic property
 * @param expected what the catalogue says
 * @param actual what the cluster says; null when it says nothing
 */
public record TopicDifference(
        String topic,
        String property,
        String expected,
        @Nullable String actual) {

    static final String MISSING = "topic";
    static final String PARTITIONS = "partitions";

    /** Whether the topic is not there at all. */
    public boolean isMissingTopic() {
        return property.equals(MISSING);
    }

    /** Whether the topic has another number of partitions. */
    public boolean isOfPartitions() {
        return property.equals(PARTITIONS);
    }

    /** One line for an operator. */
    @Override
    public String toString() {
        return isMissingTopic()
                ? topic + ": is missing"
                : topic + ": " + property + " is " + actual + ", expected " + expected;
    }
}
