package io.forebay.cache;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.CacheLimit;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.LimitCaches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What holds of the entries of some caches, by the cache's name.
 *
 * @param staleFor for how long after its lifetime an entry is answered while it is loaded anew
 * @param mostEntries how many entries there may be on all partitions together
 */
public record CachePolicy(Map<String, Duration> staleFor, Map<String, Integer> mostEntries) {

    private static final String PREFIX = "forebay.cache.entries.";
    private static final String STALE = ".stale.while.revalidate";
    private static final String MOST = ".max";

    public CachePolicy {
        staleFor = Map.copyOf(staleFor);
        mostEntries = Map.copyOf(mostEntries);
        if (staleFor.values().stream().anyMatch(window -> window.toMillis() < 1)) {
            throw new IllegalArgumentException("staleFor: " + staleFor + " has a window that is not positive");
        }
        if (mostEntries.values().stream().anyMatch(most -> most < 1)) {
            throw new IllegalArgumentException("mostEntries: " + mostEntries + " has a number less than 1");
        }
    }

    /** What holds where nothing is configured. */
    public static CachePolicy none() {
        return new CachePolicy(Map.of(), Map.of());
    }

    private static Key<Duration> staleFor(String cache) {
        return Key.duration(
                        PREFIX + cache + STALE,
                        Duration.ZERO,
                        Duration.ofMillis(100),
                        Duration.ofDays(30),
                        "For how long after its lifetime an entry is answered while one caller, or the cache itself, loads it"
                                + " anew.")
                .withoutDefault();
    }

    /** How many entries a cache may have. */
    public static Key<Integer> mostEntries(String cache) {
        return Key.integer(
                        PREFIX + cache + MOST,
                        1,
                        1,
                        Integer.MAX_VALUE,
                        "Entries of the cache on all partitions together, at least one on each. Where there are more, those go"
                                + " that were used the longest ago.")
                .withoutDefault();
    }

    /** All keys, for the reference. */
    static List<Key<?>> keys() {
        return List.of(mostEntries("<cache>"), staleFor("<cache>"));
    }

    static CachePolicy read(ConfigReader reader) {
        return new CachePolicy(
                read(reader, STALE, CachePolicy::staleFor), read(reader, MOST, CachePolicy::mostEntries));
    }

    private static <T> Map<String, T> read(ConfigReader reader, String suffix, Function<String, Key<T>> family) {
        Map<String, T> values = new HashMap<>();
        for (String cache : reader.names(PREFIX, List.of(suffix))) {
            Key<T> key = family.apply(cache);
            LoadersConfig.checkName(cache, key, reader);
            T value = reader.find(key);
            if (value != null) {
                values.put(cache, value);
            }
        }
        return values;
    }

    /** For how long after its lifetime an entry of a cache is answered while it is loaded anew, in milliseconds. */
    public long staleMillis(String cache) {
        return staleFor.getOrDefault(cache, Duration.ZERO).toMillis();
    }

    /** The command that tells a partition how many entries caches may have. */
    public KeyCommand limits() {
        List<CacheLimit> limits = new ArrayList<>();
        new TreeMap<>(mostEntries).forEach((cache, most) -> limits.add(new CacheLimit(cache, (long) most)));
        return new KeyCommand(new CacheCommand(new LimitCaches(limits)));
    }
}
