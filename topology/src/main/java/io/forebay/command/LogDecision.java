package io.forebay.command;

import io.forebay.store.StoreView;

/**
 * What one decision reads of its capability's log, and appends to it. The log is a store beside the deciding one that keeps
 * what was decided for ever and whose changelog others read; the deciding store keeps what passes.
 */
public interface LogDecision {

    /** The log as it was before this decision. Valid until the decision ends. */
    StoreView before();

    /**
     * Whether the log has what this input record appended: it was decided before, and that was lost from the deciding store
     * alone. The decision is then to come to the outcome of the first time, and appends nothing.
     */
    boolean isWritten();

    /**
     * Appends a record.
     *
     * @param key a key that no record has
     */
    void append(byte[] key, byte[] payload);
}
