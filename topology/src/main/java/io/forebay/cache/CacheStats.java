package io.forebay.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * What calls of this instance found in caches, and what its partitions took out of them, by the cache's name. Beyond a
 * number of names all others are counted as one.
 */
public final class CacheStats {
    private static final int MOST_NAMES = 100;
    private static final String OTHERS = "(others)";

    private final Map<String, Counts> byCache = new ConcurrentHashMap<>();
    private final BiConsumer<String, Counts> listener;

    /**
     * Counts from nothing.
     *
     * @param listener told of each cache when it is first counted
     */
    public CacheStats(BiConsumer<String, Counts> listener) {
        this.listener = listener;
    }

    /** Counts of one cache. */
    public static final class Counts {
        private final LongAdder hits = new LongAdder();
        private final LongAdder stale = new LongAdder();
        private final LongAdder misses = new LongAdder();
        private final LongAdder collapsed = new LongAdder();
        private final LongAdder evictions = new LongAdder();
        private final LongAdder loads = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LongAdder loadNanos = new LongAdder();

        /** A fresh value was there. */
        public void hit() {
            hits.increment();
        }

        /** A value was there that is not fresh, and answered while it is loaded anew. */
        public void stale() {
            stale.increment();
        }

        /** There was none, and the caller got the lease. */
        public void miss() {
            misses.increment();
        }

        /** There was none, and another caller's load was waited for. */
        public void collapsed() {
            collapsed.increment();
        }

        /** The cache's loader loaded a value, or could not. */
        public void load(boolean failed, long nanos) {
            loads.increment();
            loadNanos.add(nanos);
            if (failed) {
                failures.increment();
            }
        }

        /** Entries were taken out to keep to the cache's limit. */
        public void evicted(int entries) {
            evictions.add(entries);
        }

        public long hits() {
            return hits.sum();
        }

        public long staleHits() {
            return stale.sum();
        }

        public long misses() {
            return misses.sum();
        }

        public long collapsedWaits() {
            return collapsed.sum();
        }

        public long evictions() {
            return evictions.sum();
        }

        public long loads() {
            return loads.sum();
        }

        public long loadFailures() {
            return failures.sum();
        }

        public long loadNanos() {
            return loadNanos.sum();
        }
    }

    /** The counts of a cache. */
    public Counts of(String cache) {
        Counts known = byCache.get(cache);
        if (known != null) {
            return known;
        }
        String name = byCache.size() < MOST_NAMES ? cache : OTHERS;
        return byCache.computeIfAbsent(name, first -> {
            Counts counts = new Counts();
            listener.accept(first, counts);
            return counts;
        });
    }
}
