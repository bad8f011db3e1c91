package io.forebay.store;

import io.forebay.store.Progress.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store between its opening and its closing. A store that Kafka Streams opens again gets another one, so a handle that
 * someone has kept never reads what was opened later.
 *
 * <p>Writes come from one thread at a time (the restoring one, then the processing one); reads from any.
 */
final class OpenStore implements PartitionStore {
    /** A sentinel of Kafka Streams: there is no offset, and that is in order, so restore from the changelog's beginning. */
    private static final long OFFSET_UNKNOWN = -4;

    private static final Logger LOG = LoggerFactory.getLogger(OpenStore.class);

    private final StoreSpec spec;
    private final RecordForm form;
    private final TaskId task;
    private final Path damageMark;
    private final Database database;
    private final Bookkeeping bookkeeping;
    private final Derivation derivation;
    private final Gate gate;
    private final Progress progress;
    private final Progress takenIn;
    private final PartitionClock clock;
    private final RestoreBuffer restored;
    private final Set<View> views = ConcurrentHashMap.newKeySet();
    private volatile long held = Long.MAX_VALUE;
    private volatile boolean active;
    private volatile int activations;
    private volatile int currentSince = -1;
    private volatile Runnable stir = () -> {};
    private volatile @Nullable Object attachment;
    private volatile boolean restoring;
    private volatile boolean whole;
    private volatile boolean damaged;
    private boolean fromScratch;

    OpenStore(StoreSpec spec, TaskId task, Path damageMark, Database database, PartitionClock clock)
            throws RocksDBException {
        this.spec = spec;
        this.form = spec.form();
        this.task = task;
        this.damageMark = damageMark;
        this.database = database;
        this.clock = clock;
        restored = new RestoreBuffer(form);
        bookkeeping = new Bookkeeping(database);
        derivation = new Derivation(database, spec.indexing(), form);
        gate = new Gate(spec.name());
        progress = new Progress(bookkeeping.committedPosition());
        takenIn = new Progress(progress.point());
        fromScratch = bookkeeping.isFromScratch();
        bookkeeping.held().forEach(restored::add);
    }

    @Override
    public StoreSpec spec() {
        return spec;
    }

    RecordForm form() {
        return form;
    }

    // Reads

    @Override
    public @Nullable Stored get(byte[] key) {
        byte[] value = stored(key);
        return value == null ? null : form.unwrap(value);
    }

    /** The record under a key in its form, or null. */
    byte @Nullable [] stored(byte[] key) {
        gate.enter();
        try {
            return database.rocks().get(database.records(), key);
        } catch (RocksDBException e) {
            throw failure("reading", e);
        } finally {
            gate.exit();
        }
    }

    @Override
    public View snapshot() {
        gate.enter();
        try {
            Point before = progress.point();
            View view = new View(this, before);
            views.add(view);
            return view;
        } finally {
            gate.exit();
        }
    }

    Database database() {
        return database;
    }

    Bookkeeping bookkeeping() {
        return bookkeeping;
    }

    Gate gate() {
        return gate;
    }

    void forget(View view) {
        views.remove(view);
    }

    // Position and role

    @Override
    public long position() {
        return progress.point().offset();
    }

    @Override
    public long logTime() {
        return progress.point().logTime();
    }

    @Override
    public PartitionClock clock() {
        return clock;
    }

    @Override
    public Role role() {
        if (active) {
            return Role.ACTIVE;
        }
        return restoring || !whole ? Role.RESTORING : Role.STANDBY;
    }

    void restoring(boolean now) {
        restoring = now;
    }

    /**
     * Tells whether the store has everything that the changelog has. One that does not is behind, and more than that: the changelog is compacted, and a
     * record that was overwritten further on than the store has read may be missing from what it has read.
     */
    void whole(boolean now) {
        whole = now;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // of the stream thread alone; the others read it
    public void activate(Runnable stirred) {
        int unfinished = restored.discard();
        if (unfinished > 0) {
            LOG.info(
                    "Store {} of task {} leaves out the last {} records of its changelog: their input was not processed"
                            + " to its end and comes again",
                    spec.name(),
                    task,
                    unfinished);
        }
        stir = stirred;
        activations++;
        active = true;
        whole = true;
    }

    @Override
    public int activations() {
        return activations;
    }

    @Override
    public boolean isCurrent() {
        return active && currentSince == activations;
    }

    @Override
    public void current(int activation) {
        currentSince = activation;
    }

    @Override
    public void stir() {
        stir.run();
    }

    @Override
    public void attach(Object attached) {
        attachment = attached;
    }

    @Nullable
    Object attachment() {
        return attachment;
    }

    @Override
    public void deactivate() {
        active = false;
        stir = () -> {};
        attachment = null;
    }

    @Override
    public CompletionStage<@Nullable Void> whenReached(long offset) {
        return progress.whenReached(offset);
    }

    @Override
    public CompletionStage<@Nullable Void> whenTakenIn(long offset) {
        return takenIn.whenReached(offset);
    }

    @Override
    public void takenIn(long offset) {
        takenIn.advance(new Point(offset, Point.NONE.logTime()));
    }

    @Override
    public void advance(long offset, long logTime) {
        takenIn(offset);
        progress.advance(new Point(Math.min(offset, held - 1), logTime));
    }

    @Override
    public void holdBelow(long offset) {
        held = offset;
    }

    @Override
    public void advanceTo(long offset) {
        advance(offset, Point.NONE.logTime());
    }

    // Writes

    void write(List<KeyValue<Bytes, byte[]>> records) {
        Point reached = Point.NONE;
        for (KeyValue<Bytes, byte[]> record : records) {
            checkValue(record);
            if (record.value != null && form.isFinal(record.value)) {
                reached = reached.max(new Point(form.offset(record.value), form.logTime(record.value)));
            }
        }
        apply(records, reached);
    }

    void restore(Iterable<KeyValue<byte[], byte[]>> records) {
        for (KeyValue<byte[], byte[]> record : records) {
            KeyValue<Bytes, byte[]> wrapped = KeyValue.pair(Bytes.wrap(record.key), record.value);
            checkValue(wrapped);
            restored.add(wrapped);
        }
        List<KeyValue<Bytes, byte[]>> settled = restored.settled();
        if (!settled.isEmpty()) {
            apply(settled, restored.reached());
            clock.seen(restored.reached().logTime());
        }
    }

    private void apply(List<KeyValue<Bytes, byte[]>> records, Point reached) {
        if (damaged) {
            throw corrupted(null);
        }
        gate.enter();
        try (WriteBatch batch = new WriteBatch()) {
            derivation.write(records, batch);
            if (reached.offset() >= 0) {
                bookkeeping.position(batch, progress.point().max(reached));
            }
            database.write(batch);
        } catch (RocksDBException e) {
            throw failure("writing", e);
        } finally {
            gate.exit();
        }
        takenIn(reached.offset());
        progress.advance(reached);
    }

    private void checkValue(KeyValue<Bytes, byte[]> record) {
        if (record.value != null && !form.isValid(record.value)) {
            throw new ProcessorStateException("a value of store " + spec.name()
                    + " is not in its form: store and changelog are written through a"
                    + " WriteSet only, by this version or an older one");
        }
    }

    // Bookkeeping

    /**
     * Takes the database into use: what is on disk from now on is not trusted after a crash.
     *
     * @param anew whether it replaces one that was not trusted, and is to be restored from the changelog's beginning
     */
    void begin(boolean anew) throws RocksDBException {
        fromScratch |= anew;
        writeNow(batch -> {
            bookkeeping.inUse(batch, true);
            bookkeeping.position(batch, progress.point());
            if (anew) {
                bookkeeping.fromScratch(batch);
            }
        });
    }

    void commit(Map<TopicPartition, @Nullable Long> offsets, long now) {
        update(batch -> {
            if (offsets.isEmpty()) {
                bookkeeping.forgetOffsets(batch);
            } else {
                bookkeeping.offsets(batch, offsets, now);
                bookkeeping.committedPosition(batch, progress.point());
                bookkeeping.held(batch, restored.held());
            }
        });
        fromScratch &= !offsets.isEmpty();
    }

    /** Keeps the position: Kafka Streams says when the store is in a consistent state. */
    void commitPosition() {
        update(batch -> bookkeeping.committedPosition(batch, progress.point()));
    }

    /** The changelog offset last committed, or null if Kafka Streams shall decide what that means. */
    @Nullable
    Long committedOffset(TopicPartition changelog) {
        gate.enter();
        try {
            Long offset = bookkeeping.offset(changelog);
            return offset == null && fromScratch ? Long.valueOf(OFFSET_UNKNOWN) : offset;
        } catch (RocksDBException e) {
            throw failure("reading", e);
        } finally {
            gate.exit();
        }
    }

    @FunctionalInterface
    private interface Update {
        void addTo(WriteBatch batch) throws RocksDBException;
    }

    private void update(Update update) {
        gate.enter();
        try {
            writeNow(update);
        } catch (RocksDBException e) {
            throw failure("writing", e);
        } finally {
            gate.exit();
        }
    }

    private void writeNow(Update update) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            update.addTo(batch);
            database.write(batch);
        }
    }

    // Size

    long memtableBytes() {
        return property("rocksdb.cur-size-active-mem-table");
    }

    long allMemtableBytes() {
        return property("rocksdb.size-all-mem-tables");
    }

    long tableBytes() {
        return property("rocksdb.total-sst-files-size");
    }

    long recordsEstimated() {
        return measured(() -> database.rocks().getLongProperty(database.records(), "rocksdb.estimate-num-keys"));
    }

    /** A property summed over the column families. */
    private long property(String name) {
        return measured(() -> database.rocks().getAggregatedLongProperty(name));
    }

    @FunctionalInterface
    private interface Measure {
        long take() throws RocksDBException;
    }

    /** A figure; 0 once the store is closed. */
    private long measured(Measure measure) {
        if (!gate.tryEnter()) {
            return 0;
        }
        try {
            long figure = measure.take();
            // RocksDB's figures are unsigned, and an estimate may have gone below zero.
            return Math.max(0, figure);
        } catch (RocksDBException e) {
            throw failure("measuring", e);
        } finally {
            gate.exit();
        }
    }

    /**
     * Has unflushed writes written out, without waiting for it. Whatever store's thread asks for it is not to fail for this
     * one: RocksDB keeps a failed flush in mind and refuses the next write.
     */
    void startFlush() {
        if (!gate.tryEnter()) {
            return;
        }
        try {
            database.startFlush();
        } catch (RocksDBException e) {
            LOG.warn("Store {} of task {} could not be flushed: {}", spec.name(), task, e.getMessage());
        } finally {
            gate.exit();
        }
    }

    // The end

    /**
     * Names what failed. Damage is marked on disk, so that the next opening begins anew, and is told to Kafka Streams as a
     * corrupted task, which wipes and restores it.
     */
    RuntimeException failure(String doing, RocksDBException e) {
        ProcessorStateException cause =
                new ProcessorStateException(doing + " store " + spec.name() + " of task " + task + " failed", e);
        if (!Database.isDamage(e)) {
            return cause;
        }
        if (!damaged) {
            damaged = true;
            mark();
        }
        return corrupted(cause);
    }

    private void mark() {
        try {
            Files.writeString(damageMark, "");
        } catch (IOException e) {
            LOG.warn("Store {} of task {} is damaged, and that cannot be marked: {}", spec.name(), task, e.toString());
        }
    }

    private TaskCorruptedException corrupted(@Nullable ProcessorStateException cause) {
        return cause == null
                ? new TaskCorruptedException(Set.of(task))
                : new TaskCorruptedException(Set.of(task), cause);
    }

    /**
     * Closes the store once no read is inside native code; what is open on it is freed with it. If it cannot be flushed,
     * the next opening sees an older state, or one that was not closed.
     */
    void close() {
        gate.close();
        progress.end(new StoreClosedException(spec.name()));
        takenIn.end(new StoreClosedException(spec.name()));
        views.forEach(View::release);
        views.clear();
        try {
            writeNow(batch -> bookkeeping.inUse(batch, false));
            database.flush();
        } catch (RocksDBException e) {
            if (Database.isDamage(e)) {
                mark();
            }
            LOG.warn("Store {} of task {} could not be flushed: {}", spec.name(), task, e.getMessage());
        } finally {
            database.close();
        }
    }
}
