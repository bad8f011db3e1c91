package io.forebay.records.sync;

import io.forebay.records.model.Model;
import io.forebay.records.value.Row;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Loaded;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to values.
 *
 * <p><b>The rule.</b> What comes out is what a fresh load of what the value has loaded would show right after the change; what is not
 * loaded stays so. From it follows that applying a change twice is applying it once, and that changes of different records may come in any
 * order. Lists without a declared order keep theirs, with what enters at the end.
 *
 * <p><b>At the root</b> a value does not tell what belongs in it, so there it is settled by its form:
 *
 * <table>
 * <caption>Values and changes</caption>
 * <tr><th>value</th><th>inserted</th><th>updated</th><th>deleted, truncated</th></tr>
 * <tr><td>nothing</td><td>the record</td><td>nothing</td><td>nothing</td></tr>
 * <tr><td>an empty list</td><td>a list of the record</td><td>empty</td><td>empty</td></tr>
 * <tr><td>a list with records of the table</td><td colspan="2">refreshed in place, else at the end</td><td>removed</td></tr>
 * <tr><td>the record</td><td colspan="2">refreshed</td><td>as it was</td></tr>
 * <tr><td>other records, lists in lists</td><td colspan="3">each on its own; nothing in a list stays nothing</td></tr>
 * <tr><td>anything else</td><td colspan="3">as it was</td></tr>
 * </table>
 *
 * <p>A {@link Declared} value is kept equal to what it is declared to be instead, so a deleted record becomes nothing.
 *
 * <p><b>Below a record</b> every loaded association is brought to what it would lead to:
 *
 * <ul>
 *   <li>belongs_to: the record whose key the owner holds. Is that deleted, there is nothing, and the owner's key stays until the owner's own
 *       change.
 *   <li>has_many: a record enters, stays or leaves by its foreign key and the conditions, whatever kind of change it was; so one that moves
 *       leaves one owner and enters the other.
 *   <li>has_one: as has_many with one place, for which the next one is looked up when it is left.
 *   <li>many_to_many: by rows of the join table a record enters and leaves that owner only, and stays while another row ties it; by its own
 *       changes it enters, stays or leaves everywhere.
 *   <li>has_through: what is reached, each once. When a row on the way changed in what the way goes by, it is followed anew.
 * </ul>
 *
 * <p><b>What is loaded below a record that enters</b> is what the preloads name for its table, else what the value is declared to have at
 * that place, else what its owner subscribed to, else what its first sibling has, else nothing; at the root siblings do not count. It is read
 * with that, so it brings its own children. A record that changed keeps what it had loaded, unless preloads name its table.
 *
 * <p><b>What is read.</b> Of the changed record the change itself is believed, of all others the reader. The reader has to know all changes that
 * were applied before; it may or may not have heard of this one, and of later ones, whose turn comes. A record that enters is read with what is
 * below it; beyond that a has_many and a belongs_to are settled by the change alone, a has_one reads its candidates when it is left, a many_to_many
 * the owner's rows of the join table when a tie may be one of several or a record may have been tied before, a has_through its path when the
 * change is on it. What is read counts against a limit.
 *
 * <p><b>What it costs.</b> A look at every loaded record, and what is read. Everything that is not concerned is shared with the value that went in,
 * which is never altered. Depth is bounded where values are made, so recursion is.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Sync {

    private final Model model;

    public Sync(Model model) {
        this.model = model;
    }

    /**
     * A value after a change.
     *
     * @throws LoadLimitException when what enters would take too many rows
     * @throws io.forebay.records.value.InvalidValueException when what enters would be nested too deeply
     */
    public Value apply(Value value, Change change, SyncOptions options, Rows rows) {
        return new RootWalk(new Walk(model, change, options, rows)).apply(value);
    }

    /**
     * As {@link #apply}, if the change is news to the value; else the value as it was. What is applied is noted in the view.
     *
     * @param view what has been applied to this value
     * @param own what the value's owner wrote
     * @param force whether to apply it in any case
     */
    public Value applyNews(
            Value value, Change change, SyncOptions options, Rows rows, View view, OwnWrites own, boolean force) {
        if (!force && !(own.accepts(change) && view.accepts(change))) {
            return value;
        }
        Value after = apply(value, change, options, rows);
        view.applied(change);
        return after;
    }

    /**
     * The record of a change with what is asked for below it, as if it entered at the root; null when it is gone.
     *
     * @throws LoadLimitException when that would take too many rows
     */
    public @Nullable Loaded get(Change change, SyncOptions options, Rows rows) {
        Row after = change.after();
        return after == null ? null : new Walk(model, change, options, rows).enterRoot(after);
    }
}
