package io.forebay.sync.association.state;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;

/** Indexes transactions by the time until which their rest is waited for. */
public final class PlaceIndexing implements Indexing {

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        if (key[0] == PlaceKeys.TRANSACTION) {
            sink.index(PlaceKeys.due(CountedTransaction.keptUntil(payload), key));
        }
    }
}
