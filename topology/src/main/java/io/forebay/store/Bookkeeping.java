package io.forebay.store;

import io.forebay.store.Progress.Point;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * What a database says about itself: whether it is in use, how far it is in its input and in its changelog, when it was
 * last committed, what a restore keeps back.
 *
 * <p>The position is there twice. One is written with every write set, so that a snapshot tells exactly what it contains.
 * The other is written with the changelog's offset: after a crash under at-least-once the data may be ahead of that offset,
 * and what the restore goes over again counts only when it is through.
 */
final class Bookkeeping {
    /** First byte of the keys that are the engine's own. */
    static final byte RESERVED_TAG = 0;

    static final byte[] NOTHING = {};

    private static final byte[] STATUS = key("status");
    private static final byte[] POSITION = key("position");
    private static final byte[] COMMITTED_POSITION = key("committed-position");
    private static final byte[] COMMITTED_AT = key("committed-at");
    private static final byte[] FROM_SCRATCH = key("from-scratch");
    private static final String OFFSETS = "offset/";
    private static final String HELD = "held/";
    private static final byte[] IN_USE = {1};
    private static final byte[] CLOSED = {0};
    private static final byte[] SET = {1};

    private final RocksDB rocks;
    private final ColumnFamilyHandle family;

    Bookkeeping(Database database) {
        rocks = database.rocks();
        family = database.bookkeeping();
    }

    /** The key of a record that only tells a position. */
    static byte[] recordKey() {
        return new byte[] {RESERVED_TAG};
    }

    static boolean isRecordKey(byte[] key) {
        return key.length == 1 && key[0] == RESERVED_TAG;
    }

    /** Whether the database was not closed since it was last opened, as far as the disk knows. */
    boolean isInUse() throws RocksDBException {
        return Arrays.equals(rocks.get(family, STATUS), IN_USE);
    }

    void inUse(WriteBatch batch, boolean inUse) throws RocksDBException {
        batch.put(family, STATUS, inUse ? IN_USE : CLOSED);
    }

    Point position(ReadOptions snapshot) throws RocksDBException {
        return point(rocks.get(family, snapshot, POSITION));
    }

    void position(WriteBatch batch, Point point) throws RocksDBException {
        batch.put(family, POSITION, bytes(point));
    }

    Point committedPosition() throws RocksDBException {
        return point(rocks.get(family, COMMITTED_POSITION));
    }

    void committedPosition(WriteBatch batch, Point point) throws RocksDBException {
        batch.put(family, COMMITTED_POSITION, bytes(point));
    }

    /** When offsets were last committed, in milliseconds since the epoch. */
    OptionalLong committedAt() throws RocksDBException {
        byte[] value = rocks.get(family, COMMITTED_AT);
        return value == null
                ? OptionalLong.empty()
                : OptionalLong.of(ByteBuffer.wrap(value).getLong());
    }

    /** Whether the database was begun anew and is to be restored from the changelog's beginning. */
    boolean isFromScratch() throws RocksDBException {
        return rocks.get(family, FROM_SCRATCH) != null;
    }

    void fromScratch(WriteBatch batch) throws RocksDBException {
        batch.put(family, FROM_SCRATCH, SET);
    }

    @Nullable
    Long offset(TopicPartition changelog) throws RocksDBException {
        byte[] value = rocks.get(family, key(OFFSETS + changelog));
        return value == null ? null : ByteBuffer.wrap(value).getLong();
    }

    /** Writes offsets; a null one is removed. */
    void offsets(WriteBatch batch, Map<TopicPartition, @Nullable Long> offsets, long now) throws RocksDBException {
        for (Map.Entry<TopicPartition, @Nullable Long> entry : offsets.entrySet()) {
            byte[] key = key(OFFSETS + entry.getKey());
            Long offset = entry.getValue();
            if (offset == null) {
                batch.delete(family, key);
            } else {
                batch.put(family, key, bytes(offset));
            }
        }
        batch.put(family, COMMITTED_AT, bytes(now));
    }

    /** Forgets all offsets and what goes with them. */
    void forgetOffsets(WriteBatch batch) throws RocksDBException {
        deleteAll(batch, OFFSETS);
        batch.delete(family, COMMITTED_POSITION);
        batch.delete(family, COMMITTED_AT);
        batch.delete(family, FROM_SCRATCH);
    }

    List<KeyValue<Bytes, byte[]>> held() throws RocksDBException {
        List<KeyValue<Bytes, byte[]>> records = new ArrayList<>();
        byte[] prefix = key(HELD);
        try (RocksIterator all = rocks.newIterator(family)) {
            for (all.seek(prefix); all.isValid() && startsWith(all.key(), prefix); all.next()) {
                records.add(heldRecord(ByteBuffer.wrap(all.value())));
            }
            all.status();
        }
        return records;
    }

    void held(WriteBatch batch, List<KeyValue<Bytes, byte[]>> records) throws RocksDBException {
        deleteAll(batch, HELD);
        byte[] prefix = key(HELD);
        for (int i = 0; i < records.size(); i++) {
            byte[] key = ByteBuffer.allocate(prefix.length + Integer.BYTES)
                    .put(prefix)
                    .putInt(i)
                    .array();
            batch.put(family, key, bytes(records.get(i)));
        }
    }

    /** One by one, as there are few: a range deletion would slow every later read of the family. */
    private void deleteAll(WriteBatch batch, String prefix) throws RocksDBException {
        byte[] start = key(prefix);
        try (RocksIterator all = rocks.newIterator(family)) {
            for (all.seek(start); all.isValid() && startsWith(all.key(), start); all.next()) {
                batch.delete(family, all.key());
            }
            all.status();
        }
    }

    @SuppressWarnings("NullAway") // Kafka's own types are not annotated: a null value is a deletion
    private static KeyValue<Bytes, byte[]> heldRecord(ByteBuffer buffer) {
        byte[] key = new byte[buffer.getInt()];
        buffer.get(key);
        if (!buffer.hasRemaining()) {
            return KeyValue.pair(Bytes.wrap(key), null);
        }
        byte[] value = new byte[buffer.remaining()];
        buffer.get(value);
        return KeyValue.pair(Bytes.wrap(key), value);
    }

    private static byte[] bytes(KeyValue<Bytes, byte[]> record) {
        byte[] key = record.key.get();
        byte[] value = record.value == null ? NOTHING : record.value;
        return ByteBuffer.allocate(Integer.BYTES + key.length + value.length)
                .putInt(key.length)
                .put(key)
                .put(value)
                .array();
    }

    private static Point point(byte @Nullable [] value) {
        if (value == null) {
            return Point.NONE;
        }
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new Point(buffer.getLong(), buffer.getLong());
    }

    private static byte[] bytes(Point point) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(point.offset())
                .putLong(point.logTime())
                .array();
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
