package io.forebay.command;

import io.forebay.schemas.path.Path;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.store.StoreWriter;
import io.forebay.store.Stored;
import io.forebay.store.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A decision while it is being made: collects writes and changes until they take effect together. */
final class OpenDecision implements Decision, AutoCloseable {

    private record Told(Path key, Change change) {}

    private final int partition;
    private final long offset;
    private final long logTime;
    private final PartitionStore store;
    private final StoreWriter writer;
    private final List<Told> told = new ArrayList<>(1);
    private final byte @Nullable [] waitingKey;
    private final @Nullable OpenLog log;
    private WriteSet writes;
    private @Nullable StoreView before;

    /**
     * @param log the capability's log, or null where it has none
     * @param waitingKey key under which the record waited until now, to be deleted whatever is decided; else null
     */
    OpenDecision(
            int partition,
            InputRecord input,
            long logTime,
            PartitionStore store,
            StoreWriter writer,
            OpenLog.@Nullable Log log,
            byte @Nullable [] waitingKey) {
        this.partition = partition;
        this.offset = input.offset();
        this.logTime = logTime;
        this.store = store;
        this.writer = writer;
        this.waitingKey = waitingKey;
        this.log = log == null ? null : new OpenLog(log, offset, logTime);
        this.writes = begin();
    }

    private WriteSet begin() {
        WriteSet begun = writer.begin(offset, logTime);
        if (waitingKey != null) {
            begun.delete(waitingKey);
        }
        return begun;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long logTime() {
        return logTime;
    }

    @Override
    public @Nullable Stored get(byte[] key) {
        return writes.get(key);
    }

    @Override
    public void put(byte[] key, byte[] payload) {
        writes.put(key, payload);
    }

    @Override
    public void delete(byte[] key) {
        writes.delete(key);
    }

    @Override
    public StoreView before() {
        StoreView view = before;
        if (view == null) {
            view = store.snapshot();
            before = view;
        }
        return view;
    }

    @Override
    public LogDecision log() {
        if (log == null) {
            throw new IllegalStateException("the capability has no log");
        }
        return log;
    }

    @Override
    public void tell(Path key, Change change) {
        told.add(new Told(key, change));
    }

    /** Forgets all that was written and told. */
    void rollBack() {
        told.clear();
        writes = begin();
        if (log != null) {
            log.rollBack();
        }
    }

    /** Hands the changes on, in the order they were told. */
    void forward(BiConsumer<byte[], byte[]> sink) {
        int last = told.size() - 1;
        for (int i = 0; i <= last; i++) {
            Told one = told.get(i);
            sink.accept(one.key().toBytes(), one.change().encode(i, i == last));
        }
    }

    /**
     * Writes all of it as one batch; the store's position is then at this record. The log comes first: who finds the outcome
     * finds in the log what it tells of.
     */
    void write() {
        if (log != null) {
            log.write();
        }
        writes.commit();
    }

    @Override
    public void close() {
        if (before != null) {
            before.close();
        }
        if (log != null) {
            log.close();
        }
    }
}
