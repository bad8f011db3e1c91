package io.forebay.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a store's database, unless it is not to be trusted.
 *
 * <p>Under exactly-once Kafka Streams 4.3 commits changelog offsets when it closes a store, not while it runs, and writes
 * are in the database before their transaction has ended. So after an unclean death the database may hold what was never
 * committed; then a {@link TaskCorruptedException} has Kafka Streams wipe and restore the task, as with its own stores.
 * (KIP-892 is to end that.)
 *
 * <p>Two other databases are not trusted, but there the remedy is at hand and nothing is thrown: a damaged one, and one
 * whose last commit is older than half of the time for which its changelog keeps tombstones. The latter may hold records
 * of whose deletion the changelog no longer tells; not so an append-only store. They are deleted, with one line in the log,
 * and restored from the changelog's beginning.
 *
 * @param spec the store
 * @param task the task that opens it
 * @param stateDirectory the task's directory; the store's own is named after it, as Kafka Streams wants it
 * @param exactlyOnce whether the task runs under exactly-once
 * @param budget the memory it shares
 * @param tombstonesKept for how long the changelog keeps tombstones
 * @param clock tells how old the last commit is
 */
record Opening(
        StoreSpec spec,
        TaskId task,
        Path stateDirectory,
        boolean exactlyOnce,
        MemoryBudget budget,
        Duration tombstonesKept,
        Clock clock) {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private static final class UntrustedException extends Exception {
        private static final long serialVersionUID = 1L;

        UntrustedException(String reason) {
            super(reason);
        }
    }

    /**
     * Opens the store.
     *
     * @throws TaskCorruptedException if it was not closed and may hold what was never committed
     * @throws ProcessorStateException if it cannot be opened for a reason that says nothing against its data
     */
    OpenStore open() {
        try {
            Files.createDirectories(database());
            try {
                return openTrusted();
            } catch (UntrustedException e) {
                LOG.warn(
                        "Store {} of task {} is deleted and will be restored from its changelog: {}",
                        spec.name(),
                        task,
                        e.getMessage());
                delete(directory());
                Files.createDirectories(database());
                return begun(openDatabase(), true);
            }
        } catch (IOException | RocksDBException e) {
            throw new ProcessorStateException("store " + spec.name() + " of task " + task + " cannot be opened", e);
        }
    }

    private OpenStore openTrusted() throws UntrustedException, RocksDBException {
        if (Files.exists(damageMark())) {
            throw new UntrustedException("damage was met in it");
        }
        if (Database.hasLostItsEntry(database())) {
            throw new UntrustedException("it is damaged: the file that RocksDB opens it by is missing");
        }
        try {
            Database database = openDatabase();
            try {
                check(new Bookkeeping(database));
                return begun(database, false);
            } catch (UntrustedException | RocksDBException | RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RocksDBException e) {
            if (Database.isDamage(e)) {
                throw new UntrustedException("it is damaged: " + e.getMessage());
            }
            throw e;
        }
    }

    private void check(Bookkeeping bookkeeping) throws UntrustedException, RocksDBException {
        if (exactlyOnce && bookkeeping.isInUse()) {
            throw new TaskCorruptedException(
                    Set.of(task),
                    new ProcessorStateException("store " + spec.name()
                            + " was not closed: under exactly-once it may hold what was never committed"));
        }
        OptionalLong committedAt = bookkeeping.committedAt();
        if (committedAt.isPresent() && !spec.appendOnly()) {
            Duration age = Duration.ofMillis(clock.millis() - committedAt.getAsLong());
            Duration limit = tombstonesKept.dividedBy(2);
            if (age.compareTo(limit) > 0) {
                throw new UntrustedException("its last commit is " + age + " ago, more than " + limit
                        + ", half of its changelog's delete.retention.ms");
            }
        }
    }

    private OpenStore begun(Database database, boolean fromScratch) throws RocksDBException {
        OpenStore store = new OpenStore(spec, task, damageMark(), database, new PartitionClock(clock));
        store.begin(fromScratch);
        return store;
    }

    private Database openDatabase() throws RocksDBException {
        return Database.open(database(), budget);
    }

    private Path directory() {
        return stateDirectory.resolve(spec.name());
    }

    private Path database() {
        return directory().resolve("db");
    }

    private Path damageMark() {
        return directory().resolve("damaged");
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
