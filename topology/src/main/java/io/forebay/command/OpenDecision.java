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
    private WriteSet writes;
    private @Nullable StoreView before;

    /**
     * @param waitingKey key under which the record waited until now, to be deleted whatever is decided; else null
     */
    OpenDecision(
            int partition,
            InputRecord input,
            long logTime,
            PartitionStore store,
            StoreWriter writer,
            byte @Nullable [] waitingKey) {
        this.partition = partition;
        this.offset = input.offset();
        this.logTime = logTime;
        this.store = store;
        this.writer = writer;
        this.waitingKey = waitingKey;
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
    public void tell(Path key, Change change) {
        told.add(new Told(key, change));
    }

    /** Forgets all that was written and told. */
    void rollBack() {
        told.clear();
        writes = begin();
    }

    /** Hands the changes on, in the order they were told. */
    void forward(BiConsumer<byte[], byte[]> sink) {
        int last = told.size() - 1;
        for (int i = 0; i <= last; i++) {
            Told one = told.get(i);
            sink.accept(one.key().toBytes(), one.change().encode(i, i == last));
        }
    }

    /** Writes all of it as one batch; the store's position is then at this record. */
    void write() {
        writes.commit();
    }

    @Override
    public void close() {
        if (before != null) {
            before.close();
        }
    }
}
