package io.forebay.presence;

import io.forebay.schemas.json.JsonLimits;
import java.time.Duration;

/**
 * Bounds of the presence capability.
 *
 * @param json of one presence, as received and as merged
 * @param appliedAtOnce presences of a guild up to which a purge or a replacement is carried out in one decision
 * @param foldedPerTick presences that one tick carries over
 * @param bulkMaxCount presences of one bulk
 * @param bulkMaxBytes JSON bytes of one bulk
 * @param batchAge log time after which a bulk that never came to its end may be given up
 * @param chunkCount presences of one record, for a bulk sent over HTTP
 * @param chunkBytes JSON bytes of one record, likewise
 */
public record PresenceConfig(
        JsonLimits json,
        int appliedAtOnce,
        int foldedPerTick,
        long bulkMaxCount,
        long bulkMaxBytes,
        Duration batchAge,
        int chunkCount,
        int chunkBytes) {

    public PresenceConfig {
        atLeastOne("appliedAtOnce", appliedAtOnce);
        atLeastOne("foldedPerTick", foldedPerTick);
        atLeastOne("bulkMaxCount", bulkMaxCount);
        atLeastOne("bulkMaxBytes", bulkMaxBytes);
        atLeastOne("batchAge", batchAge.toMillis());
        atLeastOne("chunkCount", chunkCount);
        atLeastOne("chunkBytes", chunkBytes);
    }

    /** What holds where nothing is configured. */
    public static PresenceConfig defaults() {
        return new PresenceConfig(
                JsonLimits.defaults().withMaxBytes(256 * 1024),
                2_000,
                2_000,
                1_000_000,
                256L * 1024 * 1024,
                Duration.ofHours(1),
                1_000,
                512 * 1024);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " is less than 1");
        }
    }
}
