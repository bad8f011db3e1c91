package io.forebay.store;

import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * A question that is evaluated inside a store, on one snapshot. Sent as it is, it is answered whatever the store's role and
 * position; {@link BoundQuery} sets conditions.
 *
 * @param <R> the answer
 */
@FunctionalInterface
public interface StoreQuery<R extends @Nullable Object> extends Query<StoreAnswer<R>> {
    /** Answers from a view, which is closed afterwards: the answer must not refer to it. */
    R evaluate(StoreView view);
}
