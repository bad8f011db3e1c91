package io.forebay.store;

import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.WriteBufferManager;

/**
 * One budget over all stores: a block cache that holds blocks, indexes and filters, and to which unflushed writes are
 * charged.
 *
 * <p>RocksDB's write buffer manager flushes the database that happens to be writing when the limit is passed. With many
 * databases that may be a small one, over and over, while idle ones keep the memory. So well below that limit the engine
 * flushes the store that holds most.
 */
final class MemoryBudget implements AutoCloseable {
    private static final int WRITES_SHARE = 3;
    private static final int CHECKS_PER_LIMIT = 16;
    private static final boolean STALL_WRITERS = false;
    private static final boolean STRICT = false;
    private static final int SHARDS_BY_SIZE = -1;
    private static final double HIGH_PRIORITY_SHARE = 0.2;

    private final long bytes;
    private final long writesLimit;
    private final Cache cache;
    private final WriteBufferManager writes;
    private final AtomicLong writtenSinceCheck = new AtomicLong();

    MemoryBudget(long bytes) {
        this.bytes = bytes;
        writesLimit = bytes / WRITES_SHARE;
        cache = new LRUCache(bytes, SHARDS_BY_SIZE, STRICT, HIGH_PRIORITY_SHARE);
        writes = new WriteBufferManager(writesLimit, cache, STALL_WRITERS);
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writes() {
        return writes;
    }

    long bytes() {
        return bytes;
    }

    /** Notes a write, and has the largest of the stores flushed if unflushed writes take too much. */
    void written(long size, Collection<OpenStore> stores) {
        if (writtenSinceCheck.addAndGet(size) < writesLimit / CHECKS_PER_LIMIT) {
            return;
        }
        writtenSinceCheck.set(0);
        long total = stores.stream().mapToLong(OpenStore::memtableBytes).sum();
        if (total > writesLimit / 2) {
            stores.stream()
                    .max(Comparator.comparingLong(OpenStore::memtableBytes))
                    .ifPresent(OpenStore::startFlush);
        }
    }

    @Override
    public void close() {
        writes.close();
        cache.close();
    }
}
