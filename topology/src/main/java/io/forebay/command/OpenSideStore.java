package io.forebay.command;

import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.store.StoreWriter;
import io.forebay.store.Stored;
import io.forebay.store.WriteSet;
import org.jspecify.annotations.Nullable;

/** A side store's part of a decision while it is being made. */
final class OpenSideStore implements SideStore, AutoCloseable {

    /** A side store of a task, and how it is written. */
    record Side(PartitionStore store, StoreWriter writer) {

        String name() {
            return store.spec().name();
        }
    }

    private final Side side;
    private final long offset;
    private final long logTime;
    private final boolean written;
    private WriteSet writes;
    private @Nullable StoreView before;

    OpenSideStore(Side side, long offset, long logTime) {
        this.side = side;
        this.offset = offset;
        this.logTime = logTime;
        this.written = side.store().position() >= offset;
        this.writes = begin();
    }

    private WriteSet begin() {
        return side.writer().begin(offset, logTime);
    }

    String name() {
        return side.name();
    }

    @Override
    public StoreView before() {
        StoreView view = before;
        if (view == null) {
            view = side.store().snapshot();
            before = view;
        }
        return view;
    }

    @Override
    public boolean isWritten() {
        return written;
    }

    @Override
    public @Nullable Stored get(byte[] key) {
        return writes.get(key);
    }

    @Override
    public void put(byte[] key, byte[] payload) {
        if (written) {
            throw new IllegalStateException("store " + name() + " has what this record writes already");
        }
        writes.put(key, payload);
    }

    void rollBack() {
        writes = begin();
    }

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
