package io.forebay.command;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.store.PartitionStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a feature decides about the commands of one partition. An instance belongs to one task and is called by its
 * stream thread alone, in log order; it must be a pure function of the store and its arguments, since a replay has to
 * decide the same again.
 *
 * @param <C> the decoded command
 */
public interface Decider<C> {

    /**
     * Called once before the first command, when the store holds all that was committed: the place to load what is kept
     * in memory beside the store.
     */
    default void open(PartitionStore store) {}

    /**
     * Checks that a canonical key is one this topic can have.
     *
     * @throws RefusedException naming the rule, when it is not; the record becomes a dead letter
     */
    void checkKey(Path key) throws RefusedException;

    /** Where keys are, by what was decided so far: a key that this topic has on another partition is refused. */
    default KeyPlacement placement() {
        return KeyPlacement.BY_KEY;
    }

    /**
     * Decides one command. Writes and changes made through {@code decision} take effect together, after this method
     * returned; none of them does when it throws.
     *
     * @return what the sender is answered
     * @throws RefusedException when the command is refused: nothing of it happens and the record becomes a dead letter
     */
    Outcome decide(Path key, C command, Decision decision) throws RefusedException;

    /** The command that a record without a value stands for; null where the topic has none. */
    default @Nullable C ofTombstone(Path key) {
        return null;
    }

    /**
     * Decides one command to the partition itself, which has no key of its own.
     *
     * @throws RefusedException as {@link #decide} does; also when it is a command to keys
     */
    default Outcome decideForPartition(C command, Decision decision) throws RefusedException {
        throw new RefusedException(400, "wrong_key", "key", "the key of what the command is about");
    }

    /**
     * Whether earlier commands left work that is to be continued by {@link #proceed(Decision)}.
     */
    default boolean hasPendingWork() {
        return false;
    }

    /**
     * Continues pending work, a bounded piece of it: one call may take no longer than a command.
     */
    default void proceed(Decision decision) {}

    /**
     * Commands that the owner of the partition is to append to it now, before any tick, about what it alone knows of. Asked
     * as {@link #dueAt} is.
     *
     * @param now by the brokers' clock
     */
    default List<OwnCommand> ownCommands(long now) {
        return List.of();
    }

    /**
     * The earliest log time at which something is to happen by itself, in milliseconds since the epoch; {@link
     * Long#MAX_VALUE} for never. When it has come a tick is appended, whose append time is then the log time of {@link
     * #proceed(Decision)}. Asked between decisions, a few times a second.
     */
    default long dueAt() {
        return Long.MAX_VALUE;
    }
}
