package io.forebay.cache;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What holds of the entries of some caches, by the cache's name.
 *
 * @param staleFor for how long after its lifetime an entry is answered while it is loaded anew
 */
public record CachePolicy(Map<String, Duration> staleFor) {

    private static final String PREFIX = "forebay.cache.entries.";
    private static final String STALE = ".stale.while.revalidate";

    public CachePolicy {
        staleFor = Map.copyOf(staleFor);
        if (staleFor.values().stream().anyMatch(window -> window.toMillis() < 1)) {
            throw new IllegalArgumentException("staleFor: " + staleFor + " has a window that is not positive");
        }
    }

    /** What holds where nothing is configured. */
    public static CachePolicy none() {
        return new CachePolicy(Map.of());
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

    /** All keys, for the reference. */
    static List<Key<?>> keys() {
        return List.of(staleFor("<cache>"));
    }

    static CachePolicy read(ConfigReader reader) {
        Map<String, Duration> staleFor = new HashMap<>();
        for (String cache : reader.names(PREFIX, List.of(STALE))) {
            LoadersConfig.checkName(cache, staleFor(cache), reader);
            Duration window = reader.find(staleFor(cache));
            if (window != null) {
                staleFor.put(cache, window);
            }
        }
        return new CachePolicy(staleFor);
    }

    /** For how long after its lifetime an entry of a cache is answered while it is loaded anew, in milliseconds. */
    public long staleMillis(String cache) {
        return staleFor.getOrDefault(cache, Duration.ZERO).toMillis();
    }
}
