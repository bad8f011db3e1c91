package io.forebay.store;

/** Receives what an {@link Indexing} derives from one record. */
public interface IndexSink {
    /**
     * Adds an index entry.
     *
     * @param indexKey unique to the record (it ends with the record's key, say): two records that name the same entry
     *     would take it from each other
     */
    void index(byte[] indexKey);

    /**
     * Adds to a counter.
     *
     * @param counterKey the counter
     * @param delta what this one record contributes while it exists
     */
    void count(byte[] counterKey, long delta);
}
