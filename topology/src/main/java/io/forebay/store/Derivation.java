package io.forebay.store;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Turns record writes into one batch with what is derived from them: what the new record derives is added, what only the
 * old one derived is taken away. Of several writes to a key only the last one counts, so what a batch derives depends on
 * the state before and after it alone, and a restore, whose batches are cut elsewhere, comes to the same.
 */
final class Derivation {
    private final Database database;
    private final Indexing indexing;
    private final RecordForm form;

    Derivation(Database database, Indexing indexing, RecordForm form) {
        this.database = database;
        this.indexing = indexing;
        this.form = form;
    }

    void write(List<KeyValue<Bytes, byte[]>> records, WriteBatch batch) throws RocksDBException {
        if (indexing == Indexing.NONE) {
            for (KeyValue<Bytes, byte[]> record : records) {
                if (!Bookkeeping.isRecordKey(record.key.get())) {
                    write(record.key.get(), record.value, batch);
                }
            }
            return;
        }
        Map<Bytes, byte @Nullable []> last = new LinkedHashMap<>();
        for (KeyValue<Bytes, byte[]> record : records) {
            if (!Bookkeeping.isRecordKey(record.key.get())) {
                last.put(record.key, record.value);
            }
        }
        Set<Bytes> removed = new HashSet<>();
        Set<Bytes> added = new HashSet<>();
        Counters counters = new Counters();
        for (Map.Entry<Bytes, byte @Nullable []> entry : last.entrySet()) {
            byte[] key = entry.getKey().get();
            byte[] next = entry.getValue();
            byte[] old = database.rocks().get(database.records(), key);
            if (old == null && next == null) {
                continue;
            }
            derive(key, old, removed, counters, -1);
            derive(key, next, added, counters, 1);
            write(key, next, batch);
        }
        for (Bytes entry : removed) {
            if (!added.remove(entry)) {
                batch.delete(database.index(), entry.get());
            }
        }
        for (Bytes entry : added) {
            batch.put(database.index(), entry.get(), Bookkeeping.NOTHING);
        }
        counters.write(database, batch);
    }

    private void derive(byte[] key, byte @Nullable [] value, Set<Bytes> index, Counters counters, int sign) {
        if (value == null) {
            return;
        }
        indexing.entries(key, form.payload(value), new IndexSink() {
            @Override
            public void index(byte[] indexKey) {
                index.add(Bytes.wrap(indexKey));
            }

            @Override
            public void count(byte[] counterKey, long delta) {
                counters.add(Bytes.wrap(counterKey), sign * delta);
            }
        });
    }

    private void write(byte[] key, byte @Nullable [] value, WriteBatch batch) throws RocksDBException {
        if (value == null) {
            batch.delete(database.records(), key);
        } else {
            batch.put(database.records(), key, value);
        }
    }
}
