package io.forebay.store;

/**
 * What a store derives from each of its records: index entries and counters. It must be a pure function of its arguments:
 * the engine calls it for the old and for the new record of every write, again in a restore, and applies the difference,
 * so nothing derived is ever logged.
 */
@FunctionalInterface
public interface Indexing {
    /** Derives nothing; such a store does not read a record before it overwrites it. */
    Indexing NONE = (key, payload, sink) -> {};

    /**
     * Names everything derived from one record.
     *
     * @param key the record's key
     * @param payload the record's payload, without its frame
     * @param sink receives the index entries and counts of this record
     */
    void entries(byte[] key, byte[] payload, IndexSink sink);
}
