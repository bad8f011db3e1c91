package io.forebay.sync.change.query;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * The change of an id, if it is one of this partition, and the record that it happened to as it is now.
 *
 * @param id of the change
 * @param by of whose own changes of the record the last ref is told too; null for nobody's
 */
public record FindChange(String id, @Nullable String by) implements StoreQuery<FindChange.Found> {

    /** Without anybody's own changes. */
    public FindChange(String id) {
        this(id, null);
    }

    @Override
    public Found evaluate(StoreView view) {
        RowReader rows = new RowReader(view);
        RowReader.Found found = rows.change(id);
        if (found == null) {
            return new Found(null, null, -1, -1, null);
        }
        RowFound row = GetRow.found(rows.find(found.change().record()));
        long ownRef = by == null ? -1 : rows.ownRef(found.change().record(), by);
        return new Found(found.change().op(), found.change().record().toString(), found.ref(), ownRef, row);
    }

    /**
     * What was found; all of it is null where the partition knows no such change.
     *
     * @param op what happened
     * @param record the canonical path of the record
     * @param ref of the change
     * @param ownRef of the last change of the record that who was asked for made; -1 where none is known
     * @param row the record as it is now
     */
    public record Found(
            @Nullable String op,
            @Nullable String record,
            long ref,
            long ownRef,
            @Nullable RowFound row) {}
}
