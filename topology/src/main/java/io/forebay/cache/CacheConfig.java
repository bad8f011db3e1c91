package io.forebay.cache;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Bounds of caches.
 *
 * @param lease how long a reader that is to fill an entry keeps the others waiting
 * @param maxWait how long a reader waits for another one's load where it does not say
 * @param loaders caches that load by themselves; a load takes less time than the lease
 * @param staleOnError those of them whose older value is answered when a load fails
 * @param policy what holds of the entries of some caches
 */
public record CacheConfig(
        Duration lease, Duration maxWait, LoadersConfig loaders, Set<String> staleOnError, CachePolicy policy) {

    public CacheConfig {
        staleOnError = Set.copyOf(staleOnError);
        if (lease.toMillis() < 1 || lease.compareTo(CacheRules.LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("lease: " + lease + " is not from 1 ms to " + CacheRules.LONGEST_LEASE);
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait: " + maxWait + " is negative");
        }
        if (!loaders.caches().isEmpty() && loaders.timeout().compareTo(lease) >= 0) {
            throw new IllegalArgumentException("loaders: a load is not shorter than the lease");
        }
    }

    /** What holds where nothing is configured. */
    public static CacheConfig defaults() {
        return new CacheConfig(
                Duration.ofSeconds(10), Duration.ofSeconds(10), LoadersConfig.defaults(), Set.of(), CachePolicy.none());
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

    private static final Key<Set<String>> STALE = Key.set(
            "forebay.cache.stale.on.error",
            "",
            "a list of caches that load by themselves",
            Pattern.compile("[A-Za-z0-9._~-]+"),
            "Caches that answer the older value, if there is one, when a load fails.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return Stream.of(List.of(LEASE, WAIT, STALE), LoadersConfig.keys(), CachePolicy.keys())
                .<Key<?>>flatMap(List::stream)
                .toList();
    }

    /** Reads it. */
    public static CacheConfig read(ConfigReader reader) {
        LoadersConfig loaders = LoadersConfig.read(reader);
        Set<String> stale = reader.get(STALE);
        if (!loaders.caches().containsAll(stale)) {
            reader.problem(STALE.name(), STALE.allowed());
        }
        CachePolicy policy = CachePolicy.read(reader);
        Duration lease = reader.get(LEASE);
        if (!loaders.caches().isEmpty() && loaders.timeout().compareTo(lease) >= 0) {
            reader.problem(LoadersConfig.TIMEOUT.name(), "shorter than " + LEASE.name());
            return DEFAULTS;
        }
        return new CacheConfig(lease, reader.get(WAIT), loaders, stale, policy);
    }
}
