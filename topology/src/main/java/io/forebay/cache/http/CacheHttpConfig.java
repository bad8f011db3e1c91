package io.forebay.cache.http;

import io.forebay.cache.CacheConfig;
import io.forebay.keys.KeysConfig;
import java.time.Duration;

/**
 * Bounds of the calls of caches.
 *
 * @param readTimeout how long a look-up waits for its position and for owners
 * @param outcomeTimeout how long a write waits for its outcome where the caller does not say
 * @param cache leases and waits
 * @param keys limits of one key and its value
 */
public record CacheHttpConfig(Duration readTimeout, Duration outcomeTimeout, CacheConfig cache, KeysConfig keys) {

    private static final Duration WAIT = Duration.ofSeconds(10);

    /** The bounds of the capability and a wait of 10 s. */
    public static CacheHttpConfig of(CacheConfig cache, KeysConfig keys) {
        return new CacheHttpConfig(WAIT, WAIT, cache, keys);
    }
}
