package io.forebay.sync.change.state;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;
import io.forebay.sync.row.StoredRow;

/** Indexes what is kept for a time by that time: deletions, truncations and the ids of changes. */
public final class RowIndexing implements Indexing {

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        if (!RowKeys.isOfTimed(key)) {
            return;
        }
        long keptUntil = StoredRow.keptUntil(payload);
        if (keptUntil != Long.MAX_VALUE) {
            sink.index(RowKeys.due(keptUntil, key));
        }
    }
}
