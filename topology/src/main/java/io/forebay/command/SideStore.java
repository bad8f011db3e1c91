package io.forebay.command;

import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import org.jspecify.annotations.Nullable;

/**
 * What one decision reads of a store beside the deciding one, and writes to it. Such a store keeps what is decided in a form
 * whose changelog others read, while the deciding store keeps what passes.
 */
public interface SideStore {

    /** The store as it was before this decision. Valid until the decision ends. */
    StoreView before();

    /**
     * Whether the store has what this input record wrote to it, or a later one did: it was decided before, and that was lost
     * from the stores that are written after this one. The decision is then to come to the outcome of the first time, and
     * writes nothing here.
     */
    boolean isWritten();

    /** The record under a key as this decision left it so far, or null. */
    @Nullable
    Stored get(byte[] key);

    /**
     * Writes a record.
     *
     * @throws IllegalStateException if the store {@link #isWritten}
     */
    void put(byte[] key, byte[] payload);
}
