package io.forebay.store;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link StoreQuery}, with where it comes from.
 *
 * @param value the answer
 * @param position offset of the last input record it includes; -1 if there is none
 * @param logTime log time at that position, in milliseconds since the epoch; -1 if there is none
 * @param role what the store was to its partition
 * @param <R> the answer
 */
public record StoreAnswer<R extends @Nullable Object>(R value, long position, long logTime, Role role) {}
