package io.forebay.store;

import io.forebay.store.Progress.Point;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** A {@link StoreView} on a RocksDB snapshot. What nobody has closed is freed when the store closes. */
final class View implements StoreView {
    private final OpenStore store;
    private final Point atLeast;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final Set<Cursor> cursors = new HashSet<>();
    private @Nullable Point point;
    private long entriesRead;
    private long now = -1;
    private boolean released;

    /** To be made inside the gate, with a position read before. */
    View(OpenStore store, Point atLeast) {
        this.store = store;
        this.atLeast = atLeast;
        snapshot = store.database().rocks().getSnapshot();
        options = newReadOptions();
    }

    @Override
    public @Nullable Stored get(byte[] key) {
        enter(released);
        try {
            entriesRead++;
            byte[] value = database().rocks().get(database().records(), options, key);
            return value == null ? null : store.form().unwrap(value);
        } catch (RocksDBException e) {
            throw failure("reading", e);
        } finally {
            exit();
        }
    }

    @Override
    public Scan scan(byte[] from, byte @Nullable [] to) {
        return cursor(Cursor.Of.RECORDS, from, to);
    }

    @Override
    public Scan scanIndex(byte[] from, byte @Nullable [] to) {
        return cursor(Cursor.Of.INDEX, from, to);
    }

    @Override
    public Scan scanIndexBackward(byte[] from, byte @Nullable [] to) {
        return cursor(Cursor.Of.INDEX_BACKWARD, from, to);
    }

    Cursor cursor(Cursor.Of of, byte[] from, byte @Nullable [] to) {
        enter(released);
        try {
            Cursor cursor = new Cursor(this, of, from, to);
            cursors.add(cursor);
            return cursor;
        } finally {
            exit();
        }
    }

    @Override
    public long count(byte[] counterKey) {
        enter(released);
        try {
            entriesRead++;
            return Counters.value(database().rocks().get(database().counters(), options, counterKey));
        } catch (RocksDBException e) {
            throw failure("reading", e);
        } finally {
            exit();
        }
    }

    @Override
    public long position() {
        return point().offset();
    }

    @Override
    public long logTime() {
        return point().logTime();
    }

    /**
     * The greater of what the snapshot says and what the store had reached before it was taken: input that writes nothing
     * moves the position in memory only.
     */
    private Point point() {
        if (point == null) {
            enter(released);
            try {
                point = store.bookkeeping().position(options).max(atLeast);
            } catch (RocksDBException e) {
                throw failure("reading", e);
            } finally {
                exit();
            }
        }
        return point;
    }

    @Override
    public long now() {
        if (now < 0) {
            now = Math.max(logTime(), store.clock().now());
        }
        return now;
    }

    @Override
    public <T> @Nullable T attachment(Class<T> type) {
        Object attachment = store.attachment();
        return type.isInstance(attachment) ? type.cast(attachment) : null;
    }

    @Override
    public long entriesRead() {
        return entriesRead;
    }

    void countRead() {
        entriesRead++;
    }

    RecordForm form() {
        return store.form();
    }

    Database database() {
        return store.database();
    }

    ReadOptions newReadOptions() {
        return new ReadOptions().setSnapshot(snapshot).setTotalOrderSeek(true);
    }

    void enter(boolean alreadyReleased) {
        store.gate().enter();
        if (alreadyReleased) {
            store.gate().exit();
            throw new IllegalStateException("the view or scan is closed");
        }
    }

    void exit() {
        store.gate().exit();
    }

    RuntimeException failure(String doing, RocksDBException e) {
        return store.failure(doing, e);
    }

    void close(Cursor cursor) {
        // Where the gate is closed, the closing store frees the view with its cursors.
        if (store.gate().tryEnter()) {
            try {
                cursors.remove(cursor);
                cursor.release();
            } finally {
                exit();
            }
        }
    }

    @Override
    public void close() {
        if (store.gate().tryEnter()) {
            try {
                store.forget(this);
                release();
            } finally {
                exit();
            }
        }
    }

    /** Frees native memory; called inside the gate, or after it has closed. */
    void release() {
        if (released) {
            return;
        }
        released = true;
        cursors.forEach(Cursor::release);
        cursors.clear();
        options.close();
        store.database().rocks().releaseSnapshot(snapshot);
        snapshot.close();
    }
}
