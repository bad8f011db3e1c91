package io.forebay.records.sync;

import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that have to be fetched from elsewhere. What is asked for and not yet there is noted and answered as if there were nothing.
 * Since loads and {@link Sync} are pure, they are simply done again when it has been fetched, until nothing is missing: as many rounds as
 * associations are below each other, and in each all that is known to be needed at once.
 *
 * <pre>{@code
 * FetchedRows rows = new FetchedRows();
 * Value value = sync.apply(seen, change, options, rows);
 * while (!rows.isComplete()) {
 *     fetch(rows.missingRecords(), rows.missingLookups()).forEach(rows::put);
 *     value = sync.apply(seen, change, options, rows);
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class FetchedRows implements Rows {

    private final Map<RecordId, Optional<Row>> records = new HashMap<>();
    private final Map<Lookup, List<Row>> lookups = new HashMap<>();
    private final Set<RecordId> missingRecords = new LinkedHashSet<>();
    private final Set<Lookup> missingLookups = new LinkedHashSet<>();

    @Override
    public @Nullable Row find(RecordId record) {
        Optional<Row> row = records.get(record);
        if (row == null) {
            missingRecords.add(record);
            return null;
        }
        return row.orElse(null);
    }

    @Override
    public List<Row> find(Lookup lookup) {
        List<Row> rows = lookups.get(lookup);
        if (rows == null) {
            missingLookups.add(lookup);
            return List.of();
        }
        return rows;
    }

    /** Whether nothing has been asked for that is not there. */
    public boolean isComplete() {
        return missingRecords.isEmpty() && missingLookups.isEmpty();
    }

    /** Records that were asked for and have not been put. A copy. */
    public Set<RecordId> missingRecords() {
        return new LinkedHashSet<>(missingRecords);
    }

    /** Lookups that were asked for and have not been put. A copy. */
    public Set<Lookup> missingLookups() {
        return new LinkedHashSet<>(missingLookups);
    }

    /** What there is of a record: its row, or null. */
    public void put(RecordId record, @Nullable Row row) {
        records.put(record, Optional.ofNullable(row));
        missingRecords.remove(record);
    }

    /** What a lookup finds. Its rows answer for their records as well. */
    public void put(Lookup lookup, List<Row> rows) {
        lookups.put(lookup, List.copyOf(rows));
        missingLookups.remove(lookup);
        for (Row row : rows) {
            put(row.id(), row);
        }
    }
}
