package io.forebay.store;

import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A partition's store in memory, for tests that drive many partitions many times: same order, same index, no database. A view is
 * the store itself, so it may not be used beyond the next write. Of one thread.
 */
public final class MemoryStore implements PartitionStore {

    private final StoreSpec spec;
    private final PartitionClock clock = new PartitionClock(Clock.systemUTC());
    private final NavigableMap<byte[], Stored> records = new TreeMap<>(Arrays::compareUnsigned);
    private final NavigableMap<byte[], Stored> index = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<byte[], Long> counters = new TreeMap<>(Arrays::compareUnsigned);
    private @Nullable Object attachment;
    private long position = -1;
    private long logTime = -1;

    /** A store without records. */
    public MemoryStore(String name, Indexing indexing) {
        this.spec = new StoreSpec(name, indexing);
    }

    /** Writes what one input record has come to; null deletes. */
    public void write(Map<byte[], byte @Nullable []> writes, long offset, long time) {
        writes.forEach((key, payload) -> {
            Stored old = payload == null ? records.remove(key) : records.put(key, new Stored(payload, offset, time));
            if (old != null) {
                derive(key, old.payload(), -1);
            }
            if (payload != null) {
                derive(key, payload, 1);
            }
        });
        position = offset;
        logTime = time;
    }

    private void derive(byte[] key, byte[] payload, int sign) {
        spec.indexing().entries(key, payload, new IndexSink() {
            @Override
            public void index(byte[] indexKey) {
                if (sign > 0) {
                    index.put(indexKey, new Stored(new byte[0], -1, -1));
                } else {
                    index.remove(indexKey);
                }
            }

            @Override
            public void count(byte[] counterKey, long delta) {
                counters.merge(counterKey, sign * delta, Long::sum);
            }
        });
    }

    /** How many records it has. */
    public int size() {
        return records.size();
    }

    @Override
    public StoreSpec spec() {
        return spec;
    }

    @Override
    public @Nullable Stored get(byte[] key) {
        return records.get(key);
    }

    @Override
    public StoreView snapshot() {
        return new MemoryView();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long logTime() {
        return logTime;
    }

    @Override
    public PartitionClock clock() {
        return clock;
    }

    @Override
    public Role role() {
        return Role.ACTIVE;
    }

    @Override
    public void activate(Runnable stir) {}

    @Override
    public int activations() {
        return 1;
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void current(int activation) {}

    @Override
    public void stir() {}

    @Override
    public void attach(Object attached) {
        attachment = attached;
    }

    @Override
    public void deactivate() {}

    @Override
    public CompletionStage<@Nullable Void> whenReached(long offset) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<@Nullable Void> whenTakenIn(long offset) {
        return whenReached(offset);
    }

    @Override
    public void takenIn(long offset) {}

    @Override
    public void advance(long offset, long time) {
        position = offset;
        logTime = time;
    }

    @Override
    public void advanceTo(long offset) {
        position = offset;
    }

    @Override
    public void holdBelow(long offset) {}

    private final class MemoryView implements StoreView {

        private long read;

        @Override
        public @Nullable Stored get(byte[] key) {
            read++;
            return records.get(key);
        }

        @Override
        public Scan scan(byte[] from, byte @Nullable [] to) {
            return new MemoryScan(records, from, to);
        }

        @Override
        public Scan scanIndex(byte[] from, byte @Nullable [] to) {
            return new MemoryScan(index, from, to);
        }

        @Override
        public Scan scanIndexBackward(byte[] from, byte @Nullable [] to) {
            return new MemoryScan(index.descendingMap(), to == null ? null : to, from);
        }

        @Override
        public long count(byte[] counterKey) {
            return counters.getOrDefault(counterKey, 0L);
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long logTime() {
            return logTime;
        }

        @Override
        public long now() {
            return logTime;
        }

        @Override
        public <T> @Nullable T attachment(Class<T> type) {
            return type.isInstance(attachment) ? type.cast(attachment) : null;
        }

        @Override
        public long entriesRead() {
            return read;
        }

        @Override
        public void close() {}

        /** Goes from one end of a map to the other, each step by a look-up, so that it bears changes of what it has passed. */
        private final class MemoryScan implements Scan {

            private final NavigableMap<byte[], Stored> map;
            private final byte @Nullable [] end;
            private Map.@Nullable Entry<byte[], Stored> current;
            private byte @Nullable [] at;
            private boolean inclusive = true;

            MemoryScan(NavigableMap<byte[], Stored> map, byte @Nullable [] from, byte @Nullable [] end) {
                this.map = map;
                this.end = end;
                this.at = from;
            }

            @Override
            public boolean next() {
                Map.Entry<byte[], Stored> found =
                        at == null ? map.firstEntry() : inclusive ? map.ceilingEntry(at) : map.higherEntry(at);
                if (found == null || (end != null && map.comparator().compare(found.getKey(), end) >= 0)) {
                    current = null;
                    return false;
                }
                read++;
                current = found;
                at = found.getKey();
                inclusive = false;
                return true;
            }

            @Override
            public byte[] key() {
                return entry().getKey();
            }

            @Override
            public byte[] value() {
                return entry().getValue().payload();
            }

            @Override
            public long valueOffset() {
                return entry().getValue().offset();
            }

            private Map.Entry<byte[], Stored> entry() {
                Map.Entry<byte[], Stored> entry = current;
                if (entry == null) {
                    throw new IllegalStateException("there is no current entry");
                }
                return entry;
            }

            @Override
            public void seek(byte[] key) {
                at = key;
                inclusive = true;
            }

            @Override
            public void close() {}
        }
    }
}
