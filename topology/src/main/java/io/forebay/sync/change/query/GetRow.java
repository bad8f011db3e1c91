package io.forebay.sync.change.query;

import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.RecordState;
import io.forebay.sync.change.state.RowReader;
import io.forebay.sync.row.StoredRow;

/**
 * One record.
 *
 * @param record its canonical path
 */
public record GetRow(String record) implements StoreQuery<RowFound> {

    @Override
    public RowFound evaluate(StoreView view) {
        return found(new RowReader(view).find(Path.parse(record)));
    }

    static RowFound found(RecordState state) {
        StoredRow stored = state.stored();
        return new RowFound(state.ref(), stored == null || state.isGone() ? null : stored.row());
    }
}
