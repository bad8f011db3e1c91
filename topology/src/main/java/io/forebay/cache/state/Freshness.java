package io.forebay.cache.state;

import org.jspecify.annotations.Nullable;

/**
 * Whether an entry is young enough: the reader says how old it may be, in whole seconds since it was last filled or read.
 *
 * <p>Where a cache allows it, an entry that is not fresh any more is usable for a further time while it is loaded anew
 * (RFC 5861, section 3). That time too is counted for each reader, from the end of the lifetime that this reader names. Only
 * a fill and the read of a fresh entry start the age anew; to be answered as stale does not, or an entry whose refreshes fail
 * would be answered for ever. A reader whose lifetime is 0 takes nothing that was there before it asked.
 */
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

    /**
     * Whether an entry is not fresh, and may be answered while it is loaded anew.
     *
     * @param staleFor how long after the end of its lifetime, in milliseconds
     */
    public static boolean isStale(long touched, @Nullable Long lifetime, long staleFor, long now) {
        if (lifetime == null || lifetime == 0 || isFresh(touched, lifetime, now)) {
            return false;
        }
        return now - touched - lifetime * SECOND < staleFor;
    }
}
