package io.forebay.store;

import org.jspecify.annotations.Nullable;

/**
 * A store as it was at one moment: records, index and counters belong to the same position. Of one thread at a time. It
 * holds a snapshot until it is closed, so it should live for one answer.
 *
 * <p>Every method throws {@link StoreClosedException} once the store has been closed.
 */
public interface StoreView extends AutoCloseable {
    /** The record under a key, or null. */
    @Nullable
    Stored get(byte[] key);

    /**
     * Records in key order.
     *
     * @param from first key, inclusive
     * @param to end, exclusive; null for no end
     */
    Scan scan(byte[] from, byte @Nullable [] to);

    /** Records whose key starts with a prefix, in key order. */
    default Scan scanPrefix(byte[] prefix) {
        return scan(prefix, KeyOrder.after(prefix));
    }

    /**
     * Index entries in order; they have no values.
     *
     * @param from first entry, inclusive
     * @param to end, exclusive; null for no end
     */
    Scan scanIndex(byte[] from, byte @Nullable [] to);

    /**
     * Index entries from the last one back; they have no values.
     *
     * @param from last entry to be met, inclusive
     * @param to where to begin, exclusive; null for the end
     */
    Scan scanIndexBackward(byte[] from, byte @Nullable [] to);

    /** Index entries that start with a prefix, in order. */
    default Scan scanIndexPrefix(byte[] prefix) {
        return scanIndex(prefix, KeyOrder.after(prefix));
    }

    /** A counter; 0 for one that nothing counts. */
    long count(byte[] counterKey);

    /** Offset of the last input record whose writes are in this view; -1 if there is none. */
    long position();

    /** Log time at that position, in milliseconds since the epoch; -1 if there is none. */
    long logTime();

    /**
     * The time for this view's reader, in milliseconds since the epoch: the greater of {@link #logTime} and the {@link
     * PartitionClock} when it was first asked for. What has passed it is gone, whether the log says so by now or not.
     */
    long now();

    /** What the store's processor has attached; null where none runs on the store, or it attached nothing of the kind. */
    <T> @Nullable T attachment(Class<T> type);

    /** How many entries this view and its scans have read so far: what an answer costs. */
    long entriesRead();

    @Override
    void close();
}
