package io.forebay.schemas.topic;

/**
 * Which events have an order among each other. It decides where streams are, so it cannot be changed once there are events.
 */
public enum EventsOrder {
    /** All of them: they are on one partition, and numbered from 1 without gaps. */
    GLOBAL,
    /** Those of a stream: streams are spread over partitions, and the events of each partition are numbered. */
    STREAM
}
