package io.forebay.command;

import io.forebay.schemas.path.Path;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import org.jspecify.annotations.Nullable;

/**
 * What the decision about one input record may read, write and tell. All writes of a decision are one atomic batch of
 * the store, and all of its changes go out as one unit.
 */
public interface Decision {

    /** Partition of the input topic and of the store. */
    int partition();

    /** Offset of the input record that is decided; it is also the version of every record the decision writes. */
    long offset();

    /** Greatest append time seen on the partition so far, in milliseconds since the epoch. The only time there is. */
    long logTime();

    /** The record under a key as this decision left it so far, or null. */
    @Nullable
    Stored get(byte[] key);

    /** Writes a record. */
    void put(byte[] key, byte[] payload);

    /** Deletes a record; nothing happens when there is none. */
    void delete(byte[] key);

    /**
     * The store as it was before this decision, for scans and counters. Valid until the decision ends; writes of this
     * decision are not in it.
     */
    StoreView before();

    /**
     * A store of the capability beside the deciding one.
     *
     * @throws IllegalArgumentException where it has none of that name
     */
    SideStore beside(String name);

    /** Tells a change to the sync topic, after the changes told before it. */
    void tell(Path key, Change change);

    /**
     * Gives the capability's own input topic a command, which becomes a record of it like any other, unless this decision is
     * lost with all that came of it.
     *
     * @param recordKey the path of a key in its canonical form, or {@link
     *     io.forebay.schemas.topic.ReservedKeys#partition()} for a command to every partition
     * @param value in the wire format of the topic
     * @throws IllegalStateException where the capability has no such sink
     */
    void command(byte[] recordKey, byte[] value);

    /**
     * Sends a record to a further topic of the capability, in the transaction of the input record. What goes by one sink keeps
     * its order.
     *
     * @param sink name of the node that writes the topic
     * @param key the path whose partition it goes to
     * @param value in the wire format of the topic
     * @throws IllegalArgumentException where the capability has no further sink of that name
     */
    void send(String sink, Path key, byte[] value);

    /** A change that learns its place in the unit only when the unit is complete. */
    @FunctionalInterface
    interface Change {

        /**
         * The sync record's value.
         *
         * @param index place in the unit, from 0
         * @param last whether it is the last of its unit
         */
        byte[] encode(int index, boolean last);
    }
}
