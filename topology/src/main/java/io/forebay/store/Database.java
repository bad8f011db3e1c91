package io.forebay.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A RocksDB database with the column families of a store, and all native objects that live as long as it does.
 *
 * <p>There is no write-ahead log: the changelog is one. All column families are flushed together, so what is on disk after
 * a crash is a state that the store was in, with the changelog offset and the status that belonged to it.
 */
final class Database implements AutoCloseable {
    private static final long WRITE_BUFFER = 16L * 1024 * 1024;
    /** Four column families of every partition start with one of these; RocksDB's default of a megabyte would add up. */
    private static final long ARENA_BLOCK = 64L * 1024;

    private static final double FILTER_BITS_PER_KEY = 10;
    private static final int KEPT_LOGS = 1;
    private static final int BACKGROUND_JOBS = 2;
    private static final String CURRENT = "CURRENT";

    private final List<AutoCloseable> natives = new ArrayList<>();
    private final RocksDB rocks;
    private final ColumnFamilyHandle records;
    private final ColumnFamilyHandle index;
    private final ColumnFamilyHandle counters;
    private final ColumnFamilyHandle bookkeeping;
    private final List<ColumnFamilyHandle> families;
    private final WriteOptions writeOptions;
    private final FlushOptions waitingFlush;
    private final FlushOptions startingFlush;

    private Database(Path directory, MemoryBudget budget) throws RocksDBException {
        try {
            DBOptions options = own(new DBOptions())
                    .setCreateIfMissing(true)
                    .setCreateMissingColumnFamilies(true)
                    .setAtomicFlush(true)
                    .setWriteBufferManager(budget.writes())
                    .setMaxBackgroundJobs(BACKGROUND_JOBS)
                    .setStatsDumpPeriodSec(0)
                    .setStatsPersistPeriodSec(0)
                    .setKeepLogFileNum(KEPT_LOGS)
                    .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL);
            ColumnFamilyOptions family = own(new ColumnFamilyOptions())
                    .setWriteBufferSize(WRITE_BUFFER)
                    .setArenaBlockSize(ARENA_BLOCK)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    // Misses are common here: a first write, an unknown key. Without filters on the last level they
                    // would
                    // read a block each.
                    .setOptimizeFiltersForHits(false)
                    .setTableFormatConfig(new BlockBasedTableConfig()
                            .setBlockCache(budget.cache())
                            .setCacheIndexAndFilterBlocks(true)
                            .setCacheIndexAndFilterBlocksWithHighPriority(true)
                            .setPinL0FilterAndIndexBlocksInCache(true)
                            .setFilterPolicy(own(new BloomFilter(FILTER_BITS_PER_KEY)))
                            .setWholeKeyFiltering(true));
            writeOptions = own(new WriteOptions()).setDisableWAL(true);
            waitingFlush = own(new FlushOptions()).setWaitForFlush(true);
            startingFlush = own(new FlushOptions()).setWaitForFlush(false).setAllowWriteStall(true);

            List<ColumnFamilyDescriptor> descriptors = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                    new ColumnFamilyDescriptor(name("index"), family),
                    new ColumnFamilyDescriptor(name("counters"), family),
                    new ColumnFamilyDescriptor(name("bookkeeping"), family));
            families = new ArrayList<>();
            rocks = own(RocksDB.open(options, directory.toString(), descriptors, families));
            families.forEach(this::own);
            records = families.get(0);
            index = families.get(1);
            counters = families.get(2);
            bookkeeping = families.get(3);
        } catch (RocksDBException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens the database of a directory, or makes one.
     *
     * @throws RocksDBException see {@link #isDamage}
     */
    static Database open(Path directory, MemoryBudget budget) throws RocksDBException {
        return new Database(directory, budget);
    }

    /** Whether files of a database are there, but not the one that RocksDB opens it by: it would silently begin anew. */
    static boolean hasLostItsEntry(Path directory) {
        String @Nullable [] files = directory.toFile().list();
        return files != null && files.length > 0 && !Files.exists(directory.resolve(CURRENT));
    }

    /**
     * Whether an error says that the files are not what was written, so that opening or reading them again is no use. Other
     * errors (a full disk, a lock, permissions) say nothing against the data.
     */
    static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        if (status == null) {
            return false;
        }
        String message = String.valueOf(e.getMessage());
        return switch (status.getCode()) {
            case Corruption, InvalidArgument, NotSupported, NotFound -> true;
            case IOError -> message.contains("No such file") || message.contains("too short");
            default -> false;
        };
    }

    RocksDB rocks() {
        return rocks;
    }

    ColumnFamilyHandle records() {
        return records;
    }

    ColumnFamilyHandle index() {
        return index;
    }

    ColumnFamilyHandle counters() {
        return counters;
    }

    ColumnFamilyHandle bookkeeping() {
        return bookkeeping;
    }

    void write(WriteBatch batch) throws RocksDBException {
        rocks.write(writeOptions, batch);
    }

    void flush() throws RocksDBException {
        rocks.flush(waitingFlush, families);
    }

    void startFlush() throws RocksDBException {
        rocks.flush(startingFlush, families);
    }

    private static byte[] name(String family) {
        return family.getBytes(StandardCharsets.UTF_8);
    }

    private <T extends AutoCloseable> T own(T resource) {
        natives.add(resource);
        return resource;
    }

    /** Frees everything, last made first: column families, then the database, then its options. */
    @Override
    public void close() {
        for (int i = natives.size() - 1; i >= 0; i--) {
            free(natives.get(i));
        }
        natives.clear();
    }

    private static void free(AutoCloseable resource) {
        try {
            resource.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
