package io.forebay.cache;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bounds of caches.
 *
 * @param lease how long a reader that is to fill an entry keeps the others waiting
 * @param maxWait how long a reader waits for another one's load where it does not say
 * @param origins URL that a cache loads from by itself, by the cache's name; it ends with a slash
 * @param staleOnError caches whose older value is answered when their origin fails
 * @param loadTimeout how long a load from an origin may take; shorter than the lease
 * @param mostLoads from origins under way at a time
 */
public record CacheConfig(
        Duration lease,
        Duration maxWait,
        Map<String, URI> origins,
        Set<String> staleOnError,
        Duration loadTimeout,
        int mostLoads) {

    public CacheConfig {
        origins = Map.copyOf(origins);
        staleOnError = Set.copyOf(staleOnError);
        if (lease.toMillis() < 1 || lease.compareTo(CacheRules.LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("lease: " + lease + " is not from 1 ms to " + CacheRules.LONGEST_LEASE);
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait: " + maxWait + " is negative");
        }
        if (loadTimeout.isNegative() || loadTimeout.isZero()) {
            throw new IllegalArgumentException("loadTimeout: " + loadTimeout + " is not positive");
        }
        if (!origins.isEmpty() && loadTimeout.compareTo(lease) >= 0) {
            throw new IllegalArgumentException("loadTimeout: " + loadTimeout + " is not shorter than the lease");
        }
        if (mostLoads < 1) {
            throw new IllegalArgumentException("mostLoads: " + mostLoads + " is less than 1");
        }
    }

    /** What holds where nothing is configured. */
    public static CacheConfig defaults() {
        return new CacheConfig(
                Duration.ofSeconds(10), Duration.ofSeconds(10), Map.of(), Set.of(), Duration.ofSeconds(5), 64);
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

    private static final Pattern ORIGIN = Pattern.compile("([A-Za-z0-9._~-]+)=(https?://[^/?#,\\s]+(/[^?#,\\s]*)?)");

    private static final Key<Set<String>> ORIGINS = Key.set(
            "forebay.cache.origins",
            "",
            "a list of cache=URL, http or https, each cache once, without query",
            ORIGIN,
            "Caches that load by themselves: a GET of the URL with the parts of the entry's key behind it. A 200 is the value.");

    private static final Key<Set<String>> STALE = Key.set(
            "forebay.cache.stale.on.error",
            "",
            "a list of caches of forebay.cache.origins",
            Pattern.compile("[A-Za-z0-9._~-]+"),
            "Caches that answer the older value, if there is one, when their origin fails.");

    private static final Key<Duration> LOAD_TIMEOUT = Key.duration(
            "forebay.cache.load.timeout",
            DEFAULTS.loadTimeout(),
            Duration.ofMillis(10),
            CacheRules.LONGEST_LEASE,
            "How long a load from an origin may take. Shorter than forebay.cache.lease.");

    private static final Key<Integer> MOST_LOADS = Key.integer(
            "forebay.cache.load.max",
            DEFAULTS.mostLoads(),
            1,
            10_000,
            "Loads from origins under way at a time; more are refused.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(LEASE, WAIT, ORIGINS, STALE, LOAD_TIMEOUT, MOST_LOADS);
    }

    /** Reads it. */
    public static CacheConfig read(ConfigReader reader) {
        Map<String, URI> origins =
                reader.make(ORIGINS.name(), () -> origins(reader.get(ORIGINS)), Map::<String, URI>of);
        Set<String> stale = reader.get(STALE);
        if (!origins.keySet().containsAll(stale)) {
            reader.problem(STALE.name(), STALE.allowed());
        }
        Duration lease = reader.get(LEASE);
        Duration loadTimeout = reader.get(LOAD_TIMEOUT);
        if (!origins.isEmpty() && loadTimeout.compareTo(lease) >= 0) {
            reader.problem(LOAD_TIMEOUT.name(), "shorter than " + LEASE.name());
            return DEFAULTS;
        }
        return new CacheConfig(lease, reader.get(WAIT), origins, stale, loadTimeout, reader.get(MOST_LOADS));
    }

    private static Map<String, URI> origins(Set<String> entries) {
        Map<String, URI> origins = new HashMap<>();
        for (String entry : entries) {
            Matcher matcher = ORIGIN.matcher(entry);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(ORIGINS.allowed());
            }
            String url = String.valueOf(matcher.group(2));
            URI origin = URI.create(url.endsWith("/") ? url : url + "/");
            if (origin.getHost() == null
                    || origin.getUserInfo() != null
                    || origins.put(String.valueOf(matcher.group(1)), origin) != null) {
                throw new IllegalArgumentException(ORIGINS.allowed());
            }
        }
        return origins;
    }
}
