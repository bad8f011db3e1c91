package io.forebay.records.sync;

import io.forebay.records.value.RecordId;
import java.util.HashMap;
import java.util.Map;

/**
 * What somebody wrote themselves and therefore shows already: the last ref of their own by record, over inserts, updates and deletions
 * alike. A change of such a record is news only when it is later; the echo of the own write and what others wrote before it are not.
 * Writes that failed are not noted: they have no ref.
 *
 * <p>Not safe for use by several threads.
 */
public final class OwnWrites {

    private final Map<RecordId, Long> refs = new HashMap<>();

    /** Notes an own write that was done. */
    public void wrote(RecordId record, long ref) {
        refs.merge(record, ref, Math::max);
    }

    /** Whether a change is news. */
    public boolean accepts(Change change) {
        RecordId record = change.record();
        Long own = record == null ? null : refs.get(record);
        return own == null || change.ref() > own;
    }
}
