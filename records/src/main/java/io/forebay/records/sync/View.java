package io.forebay.records.sync;

import io.forebay.records.value.RecordId;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has been applied to one value: the last ref of every record that a change was of, also of those that are gone. A change that is
 * not later is a repetition or comes late, and is to be left out. Of each value there is a view, never one of a whole process: one
 * change is applied to many values.
 *
 * <p>It grows with the records that changed; {@link #forget} lets go of one of which nothing late can come any more. Not safe for use by
 * several threads.
 */
public final class View {

    private final Map<RecordId, Long> records;
    private final Map<String, Long> truncations;

    /** Nothing has been applied. */
    public View() {
        this(Map.of(), Map.of());
    }

    /** What {@link #records} and {@link #truncations} of an earlier view told. */
    public View(Map<RecordId, Long> records, Map<String, Long> truncations) {
        this.records = new HashMap<>(records);
        this.truncations = new HashMap<>(truncations);
    }

    /** Whether a change is later than what has been applied. */
    public boolean accepts(Change change) {
        Long last = last(change);
        return last == null || change.ref() > last;
    }

    /** Notes that a change has been applied. */
    public void applied(Change change) {
        RecordId record = change.record();
        if (record == null) {
            truncations.merge(change.table(), change.ref(), Math::max);
        } else {
            records.merge(record, change.ref(), Math::max);
        }
    }

    private @Nullable Long last(Change change) {
        RecordId record = change.record();
        return record == null ? truncations.get(change.table()) : records.get(record);
    }

    /** Lets go of a record. */
    public void forget(RecordId record) {
        records.remove(record);
    }

    /** The last ref by record. A view. */
    public Map<RecordId, Long> records() {
        return Collections.unmodifiableMap(records);
    }

    /** The last ref by table that was truncated; these refs do not compare with those of its records. A view. */
    public Map<String, Long> truncations() {
        return Collections.unmodifiableMap(truncations);
    }
}
