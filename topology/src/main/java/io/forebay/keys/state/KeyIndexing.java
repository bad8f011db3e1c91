package io.forebay.keys.state;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds keys by when they expire and by their tags, and counts them by namespace. Keys of the namespaces in which that
 * matters are also found by when they were last used.
 */
public final class KeyIndexing implements Indexing {

    private final byte[] byUse;

    /**
     * The indexing of keys.
     *
     * @param byUse what namespaces begin with whose keys are found by their last use
     */
    public KeyIndexing(String byUse) {
        this.byUse = byUse.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        if (KeyBytes.isKey(key)) {
            long dueAt = StoredKey.dueAt(payload);
            if (dueAt != StoredKey.NEVER) {
                sink.index(KeyBytes.due(dueAt, key));
            }
            StoredKey.tags(payload).forEach(tag -> sink.index(KeyBytes.tagged(tag, key)));
            if (isByUse(key)) {
                sink.index(KeyBytes.used(StoredKey.touched(payload), key));
            }
            sink.count(KeyBytes.countOf(key), 1);
        } else if (KeyBytes.isDeletion(key)) {
            sink.count(KeyBytes.deletions(), 1);
        }
    }

    private boolean isByUse(byte[] key) {
        return key.length > byUse.length && Arrays.equals(key, 1, 1 + byUse.length, byUse, 0, byUse.length);
    }
}
