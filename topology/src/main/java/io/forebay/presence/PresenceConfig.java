package io.forebay.presence;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import io.forebay.schemas.json.JsonLimits;
import java.time.Duration;
import java.util.List;

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

    private static final PresenceConfig DEFAULTS = defaults();

    private static final Key<Long> MAX_BYTES = Key.size(
            "forebay.presence.max.bytes",
            DEFAULTS.json().maxBytes(),
            1024,
            512 * 1024,
            "JSON bytes of one presence, as received and as merged.");

    private static final Key<Integer> MAX_DEPTH = Key.integer(
            "forebay.presence.max.depth",
            DEFAULTS.json().maxDepth(),
            2,
            JsonLimits.GREATEST_MAX_DEPTH - 4,
            "How deep objects and arrays of a presence may be nested.");

    private static final Key<Integer> AT_ONCE = Key.integer(
            "forebay.presence.applied.at.once",
            DEFAULTS.appliedAtOnce(),
            1,
            10_000,
            "Presences of a guild up to which a purge or a replacement is carried out in one decision.");

    private static final Key<Integer> FOLDED = Key.integer(
            "forebay.presence.folded.per.tick",
            DEFAULTS.foldedPerTick(),
            1,
            10_000,
            "Presences of a large bulk that are carried over at a time.");

    private static final Key<Integer> BULK_COUNT = Key.integer(
            "forebay.presence.bulk.max.count", (int) DEFAULTS.bulkMaxCount(), 1, 100_000_000, "Presences of one bulk.");

    private static final Key<Long> BULK_BYTES = Key.size(
            "forebay.presence.bulk.max.bytes",
            DEFAULTS.bulkMaxBytes(),
            1024,
            2047L << 20,
            "JSON bytes of one bulk, and of a request that brings one.");

    private static final Key<Duration> BATCH_AGE = Key.duration(
            "forebay.presence.bulk.max.age",
            DEFAULTS.batchAge(),
            Duration.ofMinutes(1),
            Duration.ofDays(7),
            "After which a bulk that never came to its end may be given up.");

    private static final Key<Integer> CHUNK_COUNT = Key.integer(
            "forebay.presence.chunk.count",
            DEFAULTS.chunkCount(),
            1,
            10_000,
            "Presences of one record, for a bulk sent over HTTP.");

    private static final Key<Long> CHUNK_BYTES = Key.size(
            "forebay.presence.chunk.bytes",
            DEFAULTS.chunkBytes(),
            1024,
            512L << 20,
            "JSON bytes of one record, for a bulk sent over HTTP. Within forebay.topics.max.message.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(
                MAX_BYTES, MAX_DEPTH, AT_ONCE, FOLDED, BULK_COUNT, BULK_BYTES, BATCH_AGE, CHUNK_COUNT, CHUNK_BYTES);
    }

    /** Reads it. */
    public static PresenceConfig read(ConfigReader reader) {
        return new PresenceConfig(
                new JsonLimits(reader.get(MAX_BYTES).intValue(), reader.get(MAX_DEPTH)),
                reader.get(AT_ONCE),
                reader.get(FOLDED),
                reader.get(BULK_COUNT),
                reader.get(BULK_BYTES),
                reader.get(BATCH_AGE),
                reader.get(CHUNK_COUNT),
                reader.get(CHUNK_BYTES).intValue());
    }
}
