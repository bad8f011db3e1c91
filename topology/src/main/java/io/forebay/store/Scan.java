package io.forebay.store;

/**
 * A cursor over a range in byte order, or from its end back, at first before its first entry. Of one thread at a time.
 * Closing it, or the view it came from, releases what it holds.
 */
public interface Scan extends AutoCloseable {
    /**
     * Moves to the next entry.
     *
     * @return whether there is one
     * @throws StoreClosedException if the store was closed meanwhile
     */
    boolean next();

    /** The key of the current entry. */
    byte[] key();

    /** The payload of the current record; empty for an index entry. */
    byte[] value();

    /** Offset of the input record that wrote the current record; -1 for an index entry. */
    long valueOffset();

    /**
     * Jumps, forward or back, so that {@link #next} moves to the first entry of the range at or after a key; in a scan
     * backward, to the last one at or before it.
     *
     * @param key where to go on
     */
    void seek(byte[] key);

    @Override
    void close();
}
