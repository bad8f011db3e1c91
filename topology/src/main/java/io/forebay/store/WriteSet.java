package io.forebay.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What one input record writes: all of it or nothing, visible at once. Keys start with a tag byte of at least 1; 0 is the
 * engine's.
 *
 * <p>In the changelog the tombstones of a set come first and its values after them, the last one marked as final: a restore
 * can then tell whether it has seen the whole set. A tombstone carries no mark, so a set of tombstones alone ends with a
 * bookkeeping record.
 */
public final class WriteSet {
    private final KeyValueStore<Bytes, byte[]> store;
    private final PartitionStore handle;
    private final long offset;
    private final long logTime;
    private final Map<Bytes, byte @Nullable []> writes = new LinkedHashMap<>();
    private boolean committed;

    WriteSet(KeyValueStore<Bytes, byte[]> store, PartitionStore handle, long offset, long logTime) {
        this.store = store;
        this.handle = handle;
        this.offset = offset;
        this.logTime = logTime;
    }

    /** The record under a key, as this set has written it or else as it is stored; null if there is none. */
    public @Nullable Stored get(byte[] key) {
        Bytes wrapped = Bytes.wrap(key);
        byte[] own = writes.get(wrapped);
        if (own != null) {
            return new Stored(own.clone(), offset, logTime);
        }
        return writes.containsKey(wrapped) ? null : handle.get(key);
    }

    /**
     * Writes a record.
     *
     * @param key the key; the set keeps the array
     * @param payload the payload; the set keeps the array
     */
    public void put(byte[] key, byte[] payload) {
        write(key, payload);
    }

    /**
     * Removes a record; one that does not exist stays so.
     *
     * @throws IllegalStateException if the store is append-only
     */
    public void delete(byte[] key) {
        if (handle.spec().appendOnly()) {
            throw new IllegalStateException(
                    "store " + handle.spec().name() + " is append-only: nothing is deleted from it");
        }
        write(key, null);
    }

    /** Writes the set, and moves the store's position to its input record; an empty set only moves the position. */
    public void commit() {
        checkOpen();
        committed = true;
        if (writes.isEmpty()) {
            handle.advance(offset, logTime);
            return;
        }
        store.putAll(logged());
    }

    private void write(byte[] key, byte @Nullable [] payload) {
        checkOpen();
        if (key.length == 0 || key[0] == Bookkeeping.RESERVED_TAG) {
            throw new IllegalArgumentException("a record's key starts with a tag byte of at least 1");
        }
        Bytes wrapped = Bytes.wrap(key);
        // The last write decides the place in the log, so that the last value of the set is the one marked as final.
        writes.remove(wrapped);
        writes.put(wrapped, payload);
    }

    private List<KeyValue<Bytes, byte[]>> logged() {
        RecordForm form = handle.spec().form();
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>(writes.size() + 1);
        List<Bytes> values = new ArrayList<>(writes.size());
        writes.forEach((key, payload) -> {
            if (payload == null) {
                entries.add(tombstone(key));
            } else {
                values.add(key);
            }
        });
        if (values.isEmpty()) {
            entries.add(KeyValue.pair(
                    Bytes.wrap(Bookkeeping.recordKey()), form.wrap(true, offset, logTime, Bookkeeping.NOTHING)));
        }
        for (int i = 0; i < values.size(); i++) {
            Bytes key = values.get(i);
            byte[] payload = writes.get(key);
            if (payload != null) {
                boolean last = i == values.size() - 1;
                entries.add(KeyValue.pair(key, form.wrap(last, offset, logTime, payload)));
            }
        }
        return entries;
    }

    @SuppressWarnings("NullAway") // Kafka's own types are not annotated: a null value is a deletion
    private static KeyValue<Bytes, byte[]> tombstone(Bytes key) {
        return KeyValue.pair(key, null);
    }

    private void checkOpen() {
        if (committed) {
            throw new IllegalStateException("the write set is committed");
        }
    }
}
