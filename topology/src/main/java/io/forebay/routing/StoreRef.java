package io.forebay.routing;

import io.forebay.schemas.topic.TopicSpec;

/**
 * Names one partitioned store.
 *
 * @param application the Kafka Streams application that keeps it, as the catalogue names it
 * @param store the store's name in that application
 * @param source the input topic whose partitions the store's are, and in whose offsets its positions are counted
 */
public record StoreRef(String application, String store, TopicSpec source) {}
