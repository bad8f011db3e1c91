package io.forebay.store;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What one batch adds to counters. Counters are read and written whole, not merged: there is one writer, a counter at zero
 * can go, and a read never has to add up a run of merge operands.
 */
final class Counters {
    private final Map<Bytes, Long> deltas = new LinkedHashMap<>();

    void add(Bytes counter, long delta) {
        deltas.merge(counter, delta, Long::sum);
    }

    void write(Database database, WriteBatch batch) throws RocksDBException {
        for (Map.Entry<Bytes, Long> entry : deltas.entrySet()) {
            if (entry.getValue() == 0) {
                continue;
            }
            byte[] counter = entry.getKey().get();
            long next = value(database.rocks().get(database.counters(), counter)) + entry.getValue();
            if (next == 0) {
                batch.delete(database.counters(), counter);
            } else {
                batch.put(database.counters(), counter, bytes(next));
            }
        }
    }

    static long value(byte @Nullable [] stored) {
        return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
