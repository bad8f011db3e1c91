package io.forebay.cache;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.time.Duration;
import java.util.List;

/**
 * Bounds of caches.
 *
 * @param lease how long a reader that is to fill an entry keeps the others waiting
 * @param maxWait how long a reader waits for another one's load where it does not say
 */
public record CacheConfig(Duration lease, Duration maxWait) {

    public CacheConfig {
        if (lease.toMillis() < 1 || lease.compareTo(CacheRules.LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("lease: " + lease + " is not from 1 ms to " + CacheRules.LONGEST_LEASE);
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait: " + maxWait + " is negative");
        }
    }

    /** What holds where nothing is configured. */
    public static CacheConfig defaults() {
        return new CacheConfig(Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    private static final CacheConfig DEFAULTS = defaults();

    private static final Key<Duration> LEASE = Key.duration(
            "forebay.cache.lease",
            DEFAULTS.lease(),
            Duration.ofMillis(100),
            CacheRules.LONGEST_LEASE,
            "How long a caller that is to fill an entry keeps the others waiting; after that the next one gets the lease.");

    private static final Key<Duration> WAIT = Key.duration(
            "forebay.cache.wait",
            DEFAULTS.maxWait(),
            Duration.ZERO,
            Duration.ofSeconds(60),
            "How long a caller waits while another one fills, where it does not say (Prefer: wait).");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(LEASE, WAIT);
    }

    /** Reads it. */
    public static CacheConfig read(ConfigReader reader) {
        return new CacheConfig(reader.get(LEASE), reader.get(WAIT));
    }
}
