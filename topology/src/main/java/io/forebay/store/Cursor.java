package io.forebay.store;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A {@link Scan} over a column family of a view. */
final class Cursor implements Scan {
    /** What a cursor goes over. */
    enum Of {
        RECORDS,
        INDEX,
        INDEX_BACKWARD
    }

    private final View view;
    private final boolean records;
    private final boolean backward;
    private final RecordForm form;
    private final ReadOptions options;
    private final @Nullable Slice first;
    private final @Nullable Slice end;
    private final RocksIterator iterator;
    private byte @Nullable [] start;
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private boolean begun;
    private boolean released;

    /** To be made inside the gate. */
    Cursor(View view, Of of, byte[] from, byte @Nullable [] to) {
        this.view = view;
        this.records = of == Of.RECORDS;
        this.backward = of == Of.INDEX_BACKWARD;
        this.form = view.form();
        options = view.newReadOptions();
        start = backward ? null : from;
        first = backward ? new Slice(from) : null;
        if (first != null) {
            options.setIterateLowerBound(first);
        }
        end = to == null ? null : new Slice(to);
        if (end != null) {
            options.setIterateUpperBound(end);
        }
        Database database = view.database();
        iterator = database.rocks().newIterator(records ? database.records() : database.index(), options);
    }

    @Override
    public boolean next() {
        view.enter(released);
        try {
            move();
            value = null;
            if (!iterator.isValid()) {
                key = null;
                iterator.status();
                return false;
            }
            key = iterator.key();
            // In one go with the key: going in and out of the gate twice for each entry would show.
            value = records ? iterator.value() : Bookkeeping.NOTHING;
            view.countRead();
            return true;
        } catch (RocksDBException e) {
            throw view.failure("scanning", e);
        } finally {
            view.exit();
        }
    }

    private void move() {
        if (backward) {
            moveBack();
        } else if (start != null) {
            iterator.seek(start);
            start = null;
        } else if (key != null) {
            iterator.next();
        }
    }

    private void moveBack() {
        if (start != null) {
            iterator.seekForPrev(start);
            start = null;
        } else if (!begun) {
            iterator.seekToLast();
        } else if (key != null) {
            iterator.prev();
        }
        begun = true;
    }

    @Override
    public byte[] key() {
        if (key == null) {
            throw new IllegalStateException("the scan is at no entry");
        }
        return key;
    }

    @Override
    public byte[] value() {
        return records ? form.payload(stored()) : Bookkeeping.NOTHING;
    }

    @Override
    public long valueOffset() {
        return records ? form.offset(stored()) : -1;
    }

    /** The current record in its form. */
    byte[] stored() {
        if (value == null) {
            throw new IllegalStateException("the scan is at no entry");
        }
        return value;
    }

    @Override
    public void seek(byte[] to) {
        start = to;
        key = null;
        value = null;
    }

    @Override
    public void close() {
        view.close(this);
    }

    /** Frees native memory; called inside the gate, or after it has closed. */
    void release() {
        if (released) {
            return;
        }
        released = true;
        iterator.close();
        options.close();
        if (first != null) {
            first.close();
        }
        if (end != null) {
            end.close();
        }
    }
}
