package io.forebay.store;

import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * A query with its conditions. The engine checks them itself, because Kafka Streams 4.3.1 drops the position bound of a
 * request that also requires an active task. It fails with {@code NOT_UP_TO_BOUND} where the store is behind, with
 * {@code NOT_ACTIVE} where the store does not answer in its role, with {@code NOT_PRESENT} where it has been closed.
 *
 * @param query the question
 * @param atLeast the position, an offset of the store's input partition, that the answer must include; -1 for any
 * @param acceptStandby whether a store that is not active may answer
 * @param <R> the answer
 */
public record BoundQuery<R extends @Nullable Object>(StoreQuery<R> query, long atLeast, boolean acceptStandby)
        implements Query<StoreAnswer<R>> {}
