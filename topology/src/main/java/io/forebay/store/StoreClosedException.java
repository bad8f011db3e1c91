package io.forebay.store;

import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** The store was closed, as it is when its partition moves away: ask the partition's new owner. */
public final class StoreClosedException extends InvalidStateStoreException {
    private static final long serialVersionUID = 1L;

    /** For the store of that name. */
    public StoreClosedException(String store) {
        super("store " + store + " is closed");
    }
}
