package io.forebay.presence.http;

import io.forebay.presence.PresenceConfig;
import io.forebay.schemas.json.JsonLimits;
import java.time.Duration;

/**
 * Bounds of the presence calls.
 *
 * @param readTimeout how long a read waits for its position and for owners
 * @param outcomeTimeout how long a write waits for its outcome where the caller does not say
 * @param presence limits of one presence
 * @param bulkBytes the largest body of a bulk
 * @param bulkCount the most presences of a bulk
 * @param chunkBytes how many bytes of presences one record of a bulk carries
 * @param chunkCount how many presences one record of a bulk carries
 * @param snapshotPage how many presences a page of a stream's snapshot has
 */
public record PresenceHttpConfig(
        Duration readTimeout,
        Duration outcomeTimeout,
        JsonLimits presence,
        int bulkBytes,
        int bulkCount,
        int chunkBytes,
        int chunkCount,
        int snapshotPage) {

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final int PAGE = 500;

    /** The bounds of the capability, a wait of 10 s, snapshot pages of 500. */
    public static PresenceHttpConfig of(PresenceConfig config) {
        return new PresenceHttpConfig(
                WAIT,
                WAIT,
                config.json(),
                (int) Math.min(Integer.MAX_VALUE - 16L, config.bulkMaxBytes()),
                (int) Math.min(Integer.MAX_VALUE, config.bulkMaxCount()),
                config.chunkBytes(),
                config.chunkCount(),
                PAGE);
    }
}
