package io.forebay.sync.change.state;

import io.forebay.schemas.json.JsonObject;
import io.forebay.sync.row.StoredRow;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows of a record.
 *
 * @param ref of its last change; -1 where nothing is known of the record
 * @param stored what is stored of it; null for nothing
 * @param truncated whether a truncation took the row that is stored
 */
public record RecordState(long ref, @Nullable StoredRow stored, boolean truncated) {

    /** The row that is there; null when there is none. */
    public @Nullable JsonObject row() {
        return stored == null || truncated ? null : stored.json();
    }

    /** Whether it is known that the record was there and went. */
    public boolean isGone() {
        return stored != null && (truncated || stored.isDeleted());
    }
}
