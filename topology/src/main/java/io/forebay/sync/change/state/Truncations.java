package io.forebay.sync.change.state;

import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.StoredRow;
import io.forebay.sync.row.Truncation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The truncations of one table that a partition knows of: one of each source at the most, the last. */
final class Truncations {

    private final Map<String, Truncation> bySource = new HashMap<>();

    static Truncations of(String table, StoreView view) {
        Truncations truncations = new Truncations();
        try (Scan scan = view.scanPrefix(RowKeys.truncationsOf(table))) {
            while (scan.next()) {
                truncations.put(Truncation.decode(scan.value()));
            }
        }
        return truncations;
    }

    static String source(@Nullable LogPlace place) {
        return place == null ? "" : place.source();
    }

    void put(Truncation truncation) {
        bySource.put(source(truncation.place()), truncation);
    }

    void remove(String source) {
        bySource.remove(source);
    }

    boolean isEmpty() {
        return bySource.isEmpty();
    }

    /** Those of which rows may be left. */
    List<Truncation> unswept() {
        return bySource.values().stream()
                .filter(truncation -> !truncation.swept())
                .toList();
    }

    /** Whether a change comes too late: a truncation that stands behind it in the log of its source took the row. */
    boolean areAfter(@Nullable LogPlace place) {
        return place != null && bySource.values().stream().anyMatch(truncation -> place.isUpTo(truncation.place()));
    }

    boolean took(long ref, StoredRow row) {
        return bySource.values().stream().anyMatch(truncation -> truncation.took(ref, row.place()));
    }

    RecordState state(@Nullable Stored stored) {
        if (stored == null) {
            return new RecordState(-1, null, false);
        }
        StoredRow row = StoredRow.decode(stored.payload());
        return new RecordState(stored.offset(), row, took(stored.offset(), row));
    }
}
