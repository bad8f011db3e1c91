package io.forebay.keys.state;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;

/** Finds keys by when they expire and by their tags, and counts them by namespace. */
public final class KeyIndexing implements Indexing {

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        if (KeyBytes.isKey(key)) {
            long dueAt = StoredKey.dueAt(payload);
            if (dueAt != StoredKey.NEVER) {
                sink.index(KeyBytes.due(dueAt, key));
            }
            StoredKey.tags(payload).forEach(tag -> sink.index(KeyBytes.tagged(tag, key)));
            sink.count(KeyBytes.countOf(key), 1);
        } else if (KeyBytes.isDeletion(key)) {
            sink.count(KeyBytes.deletions(), 1);
        }
    }
}
