package io.forebay.store;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Writes to a store on behalf of its processor, one write set for each input record. Of the partition's thread. */
public final class StoreWriter {
    private final KeyValueStore<Bytes, byte[]> store;
    private final PartitionStore handle;

    /**
     * Creates the writer of one task.
     *
     * @param store the store as the processor context gives it, so that writes are logged
     * @param handle the same store's handle, for reads
     */
    public StoreWriter(KeyValueStore<Bytes, byte[]> store, PartitionStore handle) {
        this.store = store;
        this.handle = handle;
    }

    /**
     * Starts the write set of an input record.
     *
     * @param offset the input record's offset
     * @param logTime log time after it, in milliseconds since the epoch
     */
    public WriteSet begin(long offset, long logTime) {
        return new WriteSet(store, handle, offset, logTime);
    }
}
