package io.forebay.store;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets any number of threads into native code, and lets one close it once they are all out. A read that arrives later is
 * refused instead of touching freed memory. Counts are striped over cache lines, so readers do not contend: a lock would
 * have them all write to one word.
 *
 * <p>Only single calls into native code are held inside, never a whole answer, so closing waits for microseconds.
 */
final class Gate {
    private static final int STRIPES = 16;
    private static final int INTS_PER_LINE = 16;
    private static final long PAUSE_NANOS = 20_000;

    private final String store;
    private final AtomicIntegerArray inside = new AtomicIntegerArray((STRIPES + 1) * INTS_PER_LINE);
    private volatile boolean closed;

    Gate(String store) {
        this.store = store;
    }

    /**
     * Goes in; every entry is followed by an {@link #exit} of the same thread.
     *
     * @throws StoreClosedException if the gate is closed
     */
    void enter() {
        if (!tryEnter()) {
            throw new StoreClosedException(store);
        }
    }

    boolean tryEnter() {
        int stripe = stripe();
        // The count goes up before the flag is read, and close() sets the flag before it reads the counts: one of the
        // two
        // sees the other.
        inside.incrementAndGet(stripe);
        if (closed) {
            inside.decrementAndGet(stripe);
            return false;
        }
        return true;
    }

    void exit() {
        inside.decrementAndGet(stripe());
    }

    boolean isClosed() {
        return closed;
    }

    /** Refuses new entries and waits until everyone is out. Not to be called from inside. */
    void close() {
        closed = true;
        while (isOccupied()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean isOccupied() {
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            if (inside.get(stripe * INTS_PER_LINE) != 0) {
                return true;
            }
        }
        return false;
    }

    private static int stripe() {
        return (1 + (int) (Thread.currentThread().getId() & (STRIPES - 1))) * INTS_PER_LINE;
    }
}
