package io.forebay.command;

import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.store.StoreWriter;
import io.forebay.store.WriteSet;
import org.jspecify.annotations.Nullable;

/** The log's part of a decision while it is being made. */
final class OpenLog implements LogDecision, AutoCloseable {

    /** The log of a task, and how it is written. */
    record Log(PartitionStore store, StoreWriter writer) {}

    private final Log log;
    private final long offset;
    private final long logTime;
    private final boolean written;
    private WriteSet writes;
    private @Nullable StoreView before;

    OpenLog(Log log, long offset, long logTime) {
        this.log = log;
        this.offset = offset;
        this.logTime = logTime;
        this.written = log.store().position() >= offset;
        this.writes = begin();
    }

    private WriteSet begin() {
        return log.writer().begin(offset, logTime);
    }

    @Override
    public StoreView before() {
        StoreView view = before;
        if (view == null) {
            view = log.store().snapshot();
            before = view;
        }
        return view;
    }

    @Override
    public boolean isWritten() {
        return written;
    }

    @Override
    public void append(byte[] key, byte[] payload) {
        if (written) {
            throw new IllegalStateException("the log has this record's events already");
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
