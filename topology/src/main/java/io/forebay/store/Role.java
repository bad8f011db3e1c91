package io.forebay.store;

/** What a store is to its partition at the moment. */
public enum Role {
    /** The store is being rebuilt from the changelog, as an active task's or a standby's, and is not the state of any one moment. */
    RESTORING,
    /** A replica that follows the changelog and has got to its end; also a former owner's store that is still open. */
    STANDBY,
    /** The partition's single writer runs on this store. */
    ACTIVE
}
