package io.forebay.store;

/** What a store is to its partition at the moment. */
public enum Role {
    /** The task is assigned as active, and its store is being rebuilt from the changelog. */
    RESTORING,
    /** A replica that follows the changelog; also an active task's store before its processor has started. */
    STANDBY,
    /** The partition's single writer runs on this store. */
    ACTIVE
}
