package io.forebay.sync.change.query;

import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.RowReader;

/**
 * The ref of the last change of a record that somebody made; -1 where none is known.
 *
 * @param record its canonical path
 * @param by who made it
 */
public record FindOwnRef(String record, String by) implements StoreQuery<Long> {

    @Override
    public Long evaluate(StoreView view) {
        return new RowReader(view).ownRef(Path.parse(record), by);
    }
}
