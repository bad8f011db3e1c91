package io.forebay.records.sync;

import io.forebay.records.value.KeyText;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows as they are right after a change: of what changed, what the change tells; of all else, what the reader has. So it does not matter
 * whether the reader has heard of the change, or already of later ones of the same record. Asks for the same thing once.
 */
final class RowsAfter implements Rows {

    private final Rows rows;
    private final Change change;
    private final Map<RecordId, Optional<Row>> records = new HashMap<>();
    private final Map<Lookup, List<Row>> lookups = new HashMap<>();

    RowsAfter(Rows rows, Change change) {
        this.rows = rows;
        this.change = change;
    }

    @Override
    public @Nullable Row find(RecordId record) {
        if (change.isOf(record)) {
            return change.after();
        }
        return records.computeIfAbsent(record, key -> Optional.ofNullable(rows.find(key)))
                .orElse(null);
    }

    @Override
    public List<Row> find(Lookup lookup) {
        return lookups.computeIfAbsent(lookup, this::findAfter);
    }

    private List<Row> findAfter(Lookup lookup) {
        if (!lookup.table().equals(change.table())) {
            return rows.find(lookup);
        }
        if (change.record() == null) {
            return List.of();
        }
        List<Row> after = new ArrayList<>();
        for (Row row : rows.find(lookup)) {
            if (!change.isOf(row.id())) {
                after.add(row);
            }
        }
        Row row = change.after();
        if (row != null && lookup.key().equals(KeyText.of(row.columns(), lookup.columns()))) {
            after.add(row);
        }
        return after;
    }
}
