package io.forebay.routing;

import io.forebay.store.StoreQuery;
import org.jspecify.annotations.Nullable;

/**
 * A query that reads many entries. It is evaluated on a bounded pool of threads, away from those that serve connections; when the pool's queue is full
 * the read fails with {@link OverloadedException}. Queries that read a few entries are plain {@link StoreQuery}s, evaluated where they are asked.
 */
@FunctionalInterface
public interface ScanQuery<R extends @Nullable Object> extends StoreQuery<R> {}
