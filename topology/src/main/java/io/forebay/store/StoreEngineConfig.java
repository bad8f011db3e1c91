package io.forebay.store;

/**
 * Limits of a {@link StoreEngine}.
 *
 * @param memoryBytes the memory that all stores of the instance share for cached blocks, indexes, filters and unflushed
 *     writes, in bytes; at least 8 MiB
 */
public record StoreEngineConfig(long memoryBytes) {
    private static final long MIB = 1024 * 1024;
    private static final long LEAST = 8 * MIB;

    public StoreEngineConfig {
        if (memoryBytes < LEAST) {
            throw new IllegalArgumentException(
                    "memoryBytes: " + memoryBytes + " is less than " + LEAST + ", the least a store can work with");
        }
    }

    /** 128 MiB for all stores together. */
    public static StoreEngineConfig defaults() {
        return new StoreEngineConfig(128 * MIB);
    }
}
