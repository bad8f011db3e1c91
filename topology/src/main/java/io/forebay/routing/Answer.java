package io.forebay.routing;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What one partition answered.
 *
 * @param value the query's result
 * @param source the source partition whose store answered
 * @param position offset of the last source record the answer has seen, -1 for none
 */
public record Answer<R extends @Nullable Object>(R value, TopicPartition source, long position) {}
