package io.forebay.sync.change.query;

import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.RowReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Several records.
 *
 * @param records their canonical paths
 */
public record GetRows(List<String> records) implements StoreQuery<RowsFound> {

    private static final long BYTES_PER_ANSWER = 4L << 20;

    @Override
    public RowsFound evaluate(StoreView view) {
        RowReader reader = new RowReader(view);
        List<RowFound> found = new ArrayList<>(records.size());
        long bytes = 0;
        for (String record : records) {
            RowFound row = GetRow.found(reader.find(Path.parse(record)));
            found.add(row);
            bytes += row.row() == null ? 0 : row.row().length;
            if (bytes >= BYTES_PER_ANSWER) {
                break;
            }
        }
        return new RowsFound(found);
    }
}
