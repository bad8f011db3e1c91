package io.forebay.store;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The open store of one partition in this process. Any thread may read; reads do not wait for each other or for the
 * writer. Reads throw {@link StoreClosedException} once the store is closed, even while they are under way.
 */
public interface PartitionStore {
    /** What the store is. */
    StoreSpec spec();

    /** The record under a key as last written, or null. */
    @Nullable
    Stored get(byte[] key);

    /** A view of this moment, to be closed by the caller. */
    StoreView snapshot();

    /** Offset of the last input record wholly applied; -1 if there is none. */
    long position();

    /** The greatest log time up to that position, in milliseconds since the epoch; -1 if there is none. */
    long logTime();

    /** The clock of those who stamp the partition's input. */
    PartitionClock clock();

    /** What the store is to its partition. */
    Role role();

    /**
     * Says that the partition's processor has started on this store: called by {@code Processor.init}.
     *
     * @param stir called by any thread to have a record appended to the partition, which moves it on where nothing else does
     */
    void activate(Runnable stir);

    /** Says that the partition's processor has started on this store, and that nothing can be appended to the partition. */
    default void activate() {
        activate(() -> {});
    }

    /** How often the store was activated: tells one time as the active store from another. */
    int activations();

    /** Whether the active store has all that an owner of the partition before it may have answered. */
    boolean isCurrent();

    /**
     * Says that it has.
     *
     * @param activation what {@link #activations} told when it was found out
     */
    void current(int activation);

    /** Has a record appended to the partition. */
    void stir();

    /**
     * Keeps something beside the store that queries of the active store may find: what its processor knows and the store
     * does not hold. It goes when the processor ends.
     */
    void attach(Object attachment);

    /** Says that the partition's processor has ended: called by {@code Processor.close}. */
    void deactivate();

    /**
     * Waits for a position.
     *
     * @return completes once {@link #position} is at or beyond the offset, on the thread that gets it there, so what
     *     follows must be cheap; fails with {@link StoreClosedException} if the store is closed before. Who does not wait
     *     any longer cancels it as a {@link java.util.concurrent.CompletableFuture}: a position may never be reached
     */
    CompletionStage<@Nullable Void> whenReached(long offset);

    /**
     * Waits as {@link #whenReached} does, and takes an input record that is stored to be decided later for one that is done with: its
     * outcome was told to nobody.
     */
    CompletionStage<@Nullable Void> whenTakenIn(long offset);

    /** Notes that an input record is stored to be decided later. Called by the partition's writer. */
    void takenIn(long offset);

    /**
     * Moves the position over an input record that wrote nothing. Called by the partition's writer.
     *
     * @param offset the input record's offset
     * @param logTime log time after it, in milliseconds since the epoch
     */
    void advance(long offset, long logTime);

    /**
     * Moves the position of an idle partition to what its consumer group has committed. Under exactly-once all that was
     * written below it is in the changelog. Called by any thread, on an active store.
     *
     * @param offset the last offset committed as processed
     */
    void advanceTo(long offset);

    /**
     * Keeps {@link #advance} and {@link #advanceTo} from moving the position to an offset or beyond: an input record there
     * is known and not applied yet. Does not bind what is written.
     *
     * @param offset the first offset that is not reached; {@link Long#MAX_VALUE} to hold nothing back
     */
    void holdBelow(long offset);
}
