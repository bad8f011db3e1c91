package io.forebay.sync.http;

import io.forebay.sync.SyncConfig;
import java.time.Duration;

/**
 * Bounds of the calls of record sync.
 *
 * @param readTimeout how long a read waits for its position and for owners
 * @param outcomeTimeout how long a write waits for its outcome where the caller does not say
 * @param bodyBytes the largest body
 * @param batchMaxCount changes of one call
 * @param preloadMaxRows rows that one read loads
 * @param preloadMaxBytes bytes of them
 * @param subscriberClaim the claim of a token that says by which names its holder subscribes; empty: by any
 */
public record SyncHttpConfig(
        Duration readTimeout,
        Duration outcomeTimeout,
        int bodyBytes,
        int batchMaxCount,
        int preloadMaxRows,
        long preloadMaxBytes,
        String subscriberClaim) {

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final int BODY_BYTES = 16 * 1024 * 1024;
    private static final long PRELOAD_BYTES = 32L * 1024 * 1024;

    /** The bounds of the capability, a wait of 10 s, bodies of 16 MiB, answers of 32 MiB. */
    public static SyncHttpConfig of(SyncConfig config) {
        return new SyncHttpConfig(
                WAIT,
                WAIT,
                BODY_BYTES,
                config.batchMaxCount(),
                config.preloadMaxRows(),
                PRELOAD_BYTES,
                config.subscriberClaim());
    }
}
