package io.forebay.store;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The store as Kafka Streams knows it: opened, restored, written, committed, queried and closed, possibly several times
 * over. It keeps its changelog offsets itself (KIP-1035). Values of Kafka's own interface are in the store's {@link RecordForm}.
 */
final class EngineStore implements KeyValueStore<Bytes, byte[]> {
    private final StoreEngine engine;
    private final MemoryBudget budget;
    private final StoreSpec spec;
    private final Duration tombstonesKept;
    private final Clock clock;
    private volatile @Nullable OpenStore current;
    private volatile @Nullable TaskId task;

    EngineStore(StoreEngine engine, MemoryBudget budget, StoreSpec spec, Duration tombstonesKept, Clock clock) {
        this.engine = engine;
        this.budget = budget;
        this.spec = spec;
        this.tombstonesKept = tombstonesKept;
        this.clock = clock;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    @SuppressWarnings("deprecation") // deprecated for stores that do not: it will be taken for granted
    public boolean managesOffsets() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return current != null;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        TaskId id = context.taskId();
        task = id;
        boolean exactlyOnce = StreamsConfig.EXACTLY_ONCE_V2.equals(
                context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
        OpenStore opened =
                new Opening(spec, id, context.stateDir().toPath(), exactlyOnce, budget, tombstonesKept, clock).open();
        current = opened;
        engine.opened(spec.name(), id.partition(), opened);
        BatchingStateRestoreCallback restore = records -> {
            opened.restore(records);
            engine.written(restoredSize(records));
        };
        context.register(root, restore, opened::commitPosition);
    }

    @Override
    public void close() {
        OpenStore open = current;
        TaskId id = task;
        if (open == null || id == null) {
            return;
        }
        current = null;
        engine.closed(spec.name(), id.partition(), open);
        open.close();
    }

    private OpenStore open() {
        OpenStore open = current;
        if (open == null) {
            throw new StoreClosedException(spec.name());
        }
        return open;
    }

    // Offsets

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        OpenStore open = current;
        if (open != null) {
            open.commit(changelogOffsets, clock.millis());
        }
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's own types are not annotated: null says that there is no offset
    public Long committedOffset(TopicPartition partition) {
        return open().committedOffset(partition);
    }

    @Override
    public Position getPosition() {
        OpenStore open = current;
        return getPosition(open == null ? -1 : open.position());
    }

    private Position getPosition(long offset) {
        Position position = Position.emptyPosition();
        TaskId id = task;
        String topic = spec.sourceTopic();
        if (id != null && topic != null && offset >= 0) {
            position.withComponent(topic, id.partition(), offset);
        }
        return position;
    }

    // Writes

    @Override
    @SuppressWarnings("NullAway") // Kafka's own types are not annotated: a null value is a deletion
    public void put(Bytes key, byte @Nullable [] value) {
        putAll(List.of(KeyValue.pair(key, value)));
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        byte[] old = open().stored(key.get());
        if (old == null) {
            put(key, value);
        }
        return old;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        open().write(entries);
        engine.written(size(entries));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        byte[] old = open().stored(key.get());
        put(key, null);
        return old;
    }

    private static long size(List<KeyValue<Bytes, byte[]>> entries) {
        long size = 0;
        for (KeyValue<Bytes, byte[]> entry : entries) {
            size += entry.key.get().length + (entry.value == null ? 0 : entry.value.length);
        }
        return size;
    }

    private static long restoredSize(Collection<KeyValue<byte[], byte[]>> records) {
        long size = 0;
        for (KeyValue<byte[], byte[]> record : records) {
            size += record.key.length + (record.value == null ? 0 : record.value.length);
        }
        return size;
    }

    // Reads

    @Override
    public byte @Nullable [] get(Bytes key) {
        return open().stored(key.get());
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
        // Kafka's ranges include their end: the least key after it is the key with a zero byte.
        return iterator(
                from == null ? Bookkeeping.NOTHING : from.get(),
                to == null ? null : Arrays.copyOf(to.get(), to.get().length + 1));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return iterator(Bookkeeping.NOTHING, null);
    }

    @Override
    public <PS extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, PS serializer) {
        byte[] start = serializer.serialize(spec.name(), prefix);
        return iterator(start, KeyOrder.after(start));
    }

    private KeyValueIterator<Bytes, byte[]> iterator(byte[] from, byte @Nullable [] to) {
        View view = open().snapshot();
        return new StoreIterator(view, view.cursor(Cursor.Of.RECORDS, from, to));
    }

    @Override
    public long approximateNumEntries() {
        return open().recordsEstimated();
    }

    // Queries

    @Override
    public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        OpenStore open = current;
        if (open == null) {
            return closed();
        }
        if (!includes(open, bound)) {
            return behind(open, bound.toString());
        }
        if (query instanceof BoundQuery<?> conditions) {
            if (open.role() != Role.ACTIVE && !(conditions.acceptStandby() && open.role() == Role.STANDBY)) {
                return QueryResult.forFailure(FailureReason.NOT_ACTIVE, "store " + spec.name() + " is " + open.role());
            }
            if (open.position() < conditions.atLeast()) {
                return behind(open, "offset " + conditions.atLeast());
            }
            return evaluate(open, conditions.query());
        }
        if (query instanceof StoreQuery<?> storeQuery) {
            return evaluate(open, storeQuery);
        }
        return QueryResult.forUnknownQueryType(query, this);
    }

    @SuppressWarnings("unchecked") // both kinds of query are a Query<StoreAnswer<A>> for the A of their StoreQuery<A>
    private <R> QueryResult<R> evaluate(OpenStore open, StoreQuery<?> query) {
        try (StoreView view = open.snapshot()) {
            Object value = query.evaluate(view);
            QueryResult<R> result = QueryResult.forResult(
                    (R) new StoreAnswer<@Nullable Object>(value, view.position(), view.logTime(), open.role()));
            result.setPosition(getPosition(view.position()));
            return result;
        } catch (StoreClosedException e) {
            return closed();
        } catch (RuntimeException e) {
            return QueryResult.forFailure(FailureReason.STORE_EXCEPTION, e.toString());
        }
    }

    private <R> QueryResult<R> closed() {
        return QueryResult.forFailure(FailureReason.NOT_PRESENT, "store " + spec.name() + " is closed");
    }

    private <R> QueryResult<R> behind(OpenStore open, String bound) {
        return QueryResult.forFailure(
                FailureReason.NOT_UP_TO_BOUND,
                "store " + spec.name() + " is at offset " + open.position() + ", not yet at " + bound);
    }

    private boolean includes(OpenStore open, PositionBound bound) {
        if (bound.isUnbounded()) {
            return true;
        }
        TaskId id = task;
        String topic = spec.sourceTopic();
        if (id == null || topic == null) {
            return false;
        }
        Long offset = bound.position().getPartitionPositions(topic).get(id.partition());
        return offset == null || open.position() >= offset;
    }
}
