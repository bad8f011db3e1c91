package io.forebay.keys;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.util.List;

/**
 * Bounds of the keys capability.
 *
 * @param valueMaxBytes of one value
 * @param keyMaxBytes of one key's canonical path, namespace included
 * @param batchMaxCount keys of one command
 * @param deleteMax keys of a partition that one deletion by match may concern
 * @param deletedAtOnce keys up to which a deletion by match is carried out in one decision
 * @param carriedPerTick keys that one tick removes, whether they were deleted or have expired
 */
public record KeysConfig(
        int valueMaxBytes, int keyMaxBytes, int batchMaxCount, int deleteMax, int deletedAtOnce, int carriedPerTick) {

    public KeysConfig {
        atLeastOne("valueMaxBytes", valueMaxBytes);
        atLeastOne("keyMaxBytes", keyMaxBytes);
        atLeastOne("batchMaxCount", batchMaxCount);
        atLeastOne("deleteMax", deleteMax);
        atLeastOne("deletedAtOnce", deletedAtOnce);
        atLeastOne("carriedPerTick", carriedPerTick);
    }

    /** What holds where nothing is configured. */
    public static KeysConfig defaults() {
        return new KeysConfig(1024 * 1024, 4096, 10_000, 100_000, 2_000, 2_000);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " is less than 1");
        }
    }

    private static final KeysConfig DEFAULTS = defaults();

    /** The greatest value, in bytes. */
    public static final Key<Long> VALUE_BYTES = Key.size(
            "forebay.keys.value.max.bytes",
            DEFAULTS.valueMaxBytes(),
            1024,
            256L << 20,
            "Bytes of one value. Within forebay.topics.max.message.");

    private static final Key<Integer> KEY_BYTES = Key.integer(
            "forebay.keys.key.max.bytes",
            DEFAULTS.keyMaxBytes(),
            64,
            16_384,
            "Characters of one key as a path, namespace included and percent-encoded.");

    private static final Key<Integer> BATCH_COUNT =
            Key.integer("forebay.keys.batch.max.count", DEFAULTS.batchMaxCount(), 1, 20_000, "Keys of one command.");

    private static final Key<Integer> DELETE_MAX = Key.integer(
            "forebay.keys.delete.max",
            DEFAULTS.deleteMax(),
            1,
            500_000,
            "Keys of one partition that a deletion by match may concern.");

    private static final Key<Integer> DELETED_AT_ONCE = Key.integer(
            "forebay.keys.deleted.at.once",
            DEFAULTS.deletedAtOnce(),
            1,
            10_000,
            "Keys up to which a deletion by match is carried out in one decision.");

    private static final Key<Integer> CARRIED = Key.integer(
            "forebay.keys.carried.per.tick",
            DEFAULTS.carriedPerTick(),
            1,
            10_000,
            "Keys, expired or deleted by match, that are removed at a time.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(VALUE_BYTES, KEY_BYTES, BATCH_COUNT, DELETE_MAX, DELETED_AT_ONCE, CARRIED);
    }

    /** Reads it. */
    public static KeysConfig read(ConfigReader reader) {
        return new KeysConfig(
                reader.get(VALUE_BYTES).intValue(),
                reader.get(KEY_BYTES),
                reader.get(BATCH_COUNT),
                reader.get(DELETE_MAX),
                reader.get(DELETED_AT_ONCE),
                reader.get(CARRIED));
    }
}
