package io.forebay.store;

/**
 * What the engine uses at the moment, over all its open stores.
 *
 * @param openStores stores open, one per store name and partition
 * @param memoryBytes the configured budget
 * @param blockCacheBytes cached blocks, indexes and filters, with the memory that unflushed writes reserve in the cache
 * @param blockCachePinnedBytes the part of it that cannot be evicted now
 * @param memtableBytes unflushed writes
 * @param recordsEstimated records, as RocksDB estimates them
 * @param tableBytes size of the tables on disk
 */
public record StoreEngineStats(
        int openStores,
        long memoryBytes,
        long blockCacheBytes,
        long blockCachePinnedBytes,
        long memtableBytes,
        long recordsEstimated,
        long tableBytes) {}
