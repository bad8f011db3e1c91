package io.forebay.sync.change.query;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * The change of an id, if it is one of this partition, and the record that it happened to as it is now.
 *
 * @param id of the change
 */
public record FindChange(String id) implements StoreQuery<FindChange.Found> {

    @Override
    public Found evaluate(StoreView view) {
        RowReader rows = new RowReader(view);
        RowReader.Found found = rows.change(id);
        if (found == null) {
            return new Found(null, null, -1, null);
        }
        RowFound row = GetRow.found(rows.find(found.change().record()));
        return new Found(found.change().op(), found.change().record().toString(), found.ref(), row);
    }

    /**
     * What was found; all of it is null where the partition knows no such change.
     *
     * @param op what happened
     * @param record the canonical path of the record
     * @param ref of the change
     * @param row the record as it is now
     */
    public record Found(
            @Nullable String op,
            @Nullable String record,
            long ref,
            @Nullable RowFound row) {}
}
