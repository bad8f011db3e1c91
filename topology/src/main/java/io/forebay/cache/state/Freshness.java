package io.forebay.cache.state;

import org.jspecify.annotations.Nullable;

/** Whether an entry is young enough: the reader says how old it may be, in whole seconds since it was last filled or read. */
public final class Freshness {

    private static final long SECOND = 1_000;

    private Freshness() {}

    /**
     * Whether an entry is fresh.
     *
     * @param touched when it was last filled or read, in milliseconds since the epoch
     * @param lifetime of the reader, in seconds; null when any age will do
     * @param now the time, in milliseconds since the epoch
     */
    public static boolean isFresh(long touched, @Nullable Long lifetime, long now) {
        return lifetime == null || Math.max(0, now - touched) / SECOND < lifetime;
    }
}
