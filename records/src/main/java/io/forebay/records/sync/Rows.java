package io.forebay.records.sync;

import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are read from: a database, the stores, what a client was sent. Whoever answers from afar gives {@link FetchedRows} and
 * fetches what that finds missing, a level of associations at a time.
 */
public interface Rows {

    /** The row of a record; null when there is none. */
    @Nullable
    Row find(RecordId record);

    /** The rows that a lookup finds, each once, in any order. */
    List<Row> find(Lookup lookup);
}
