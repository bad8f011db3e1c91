package io.forebay.command;

import io.forebay.schemas.path.Path;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.store.StoreWriter;
import io.forebay.store.Stored;
import io.forebay.store.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A decision while it is being made: collects writes and changes until they take effect together. */
final class OpenDecision implements Decision, AutoCloseable {

    private record Told(Path key, Change change) {}

    @SuppressWarnings("ArrayRecordComponent") // on its way; nothing compares it
    private record Commanded(byte[] recordKey, byte[] value) {}

    @SuppressWarnings("ArrayRecordComponent") // on its way; nothing compares it
    private record Sent(String sink, Path key, byte[] value) {}

    /** Hands on what goes to a further topic. */
    @FunctionalInterface
    interface Sender {
        void send(String sink, byte[] key, byte[] value);
    }

    private final int partition;
    private final long offset;
    private final long logTime;
    private final PartitionStore store;
    private final StoreWriter writer;
    private final List<Told> told = new ArrayList<>(1);
    private final List<Commanded> commanded = new ArrayList<>(0);
    private final List<Sent> sent = new ArrayList<>(0);
    private final List<String> sinks;
    private final byte @Nullable [] waitingKey;
    private final List<OpenSideStore> beside;
    private WriteSet writes;
    private @Nullable StoreView before;

    /**
     * @param beside the stores beside it, in the order in which they are written
     * @param sinks nodes that write further topics
     * @param waitingKey key under which the record waited until now, to be deleted whatever is decided; else null
     */
    OpenDecision(
            int partition,
            InputRecord input,
            long logTime,
            PartitionStore store,
            StoreWriter writer,
            List<OpenSideStore.Side> beside,
            List<String> sinks,
            byte @Nullable [] waitingKey) {
        this.partition = partition;
        this.offset = input.offset();
        this.logTime = logTime;
        this.store = store;
        this.writer = writer;
        this.sinks = sinks;
        this.waitingKey = waitingKey;
        this.beside = beside.stream()
                .map(side -> new OpenSideStore(side, offset, logTime))
                .toList();
        this.writes = begin();
    }

    private WriteSet begin() {
        WriteSet begun = writer.begin(offset, logTime);
        if (waitingKey != null) {
            begun.delete(waitingKey);
        }
        return begun;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long logTime() {
        return logTime;
    }

    @Override
    public @Nullable Stored get(byte[] key) {
        return writes.get(key);
    }

    @Override
    public void put(byte[] key, byte[] payload) {
        writes.put(key, payload);
    }

    @Override
    public void delete(byte[] key) {
        writes.delete(key);
    }

    @Override
    public StoreView before() {
        StoreView view = before;
        if (view == null) {
            view = store.snapshot();
            before = view;
        }
        return view;
    }

    @Override
    public SideStore beside(String name) {
        for (OpenSideStore side : beside) {
            if (side.name().equals(name)) {
                return side;
            }
        }
        throw new IllegalArgumentException("there is no store " + name + " beside the deciding one");
    }

    @Override
    public void tell(Path key, Change change) {
        told.add(new Told(key, change));
    }

    @Override
    public void command(byte[] recordKey, byte[] value) {
        commanded.add(new Commanded(recordKey, value));
    }

    @Override
    public void send(String sink, Path key, byte[] value) {
        if (!sinks.contains(sink)) {
            throw new IllegalArgumentException("there is no further sink " + sink);
        }
        sent.add(new Sent(sink, key, value));
    }

    /** Forgets all that was written and told. */
    void rollBack() {
        told.clear();
        commanded.clear();
        sent.clear();
        writes = begin();
        beside.forEach(OpenSideStore::rollBack);
    }

    /** Hands the changes on, in the order they were told. */
    void forward(BiConsumer<byte[], byte[]> sink) {
        int last = told.size() - 1;
        for (int i = 0; i <= last; i++) {
            Told one = told.get(i);
            sink.accept(one.key().toBytes(), one.change().encode(i, i == last));
        }
    }

    /** Hands the commands on, in the order in which they were given. */
    void command(BiConsumer<byte[], byte[]> sink) {
        commanded.forEach(command -> sink.accept(command.recordKey(), command.value()));
    }

    /** Hands on what goes to further topics, in the order in which it was sent. */
    void send(Sender sender) {
        sent.forEach(one -> sender.send(one.sink(), one.key().toBytes(), one.value()));
    }

    /**
     * Writes all of it, a batch for each store; their positions are then at this record. The deciding store comes last: who
     * finds the outcome finds in the others what it tells of.
     */
    void write() {
        beside.forEach(OpenSideStore::write);
        writes.commit();
    }

    @Override
    public void close() {
        if (before != null) {
            before.close();
        }
        beside.forEach(OpenSideStore::close);
    }
}
