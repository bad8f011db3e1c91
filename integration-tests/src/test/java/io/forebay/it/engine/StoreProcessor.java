package io.forebay.it.engine;

import io.forebay.store.PartitionStore;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreWriter;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** A processor that owns one store: it activates it, takes each record of its partition once, and deactivates it. */
public abstract class StoreProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final StoreEngine engine;
    private final String name;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable PartitionStore store;
    private @Nullable StoreWriter writer;

    protected StoreProcessor(StoreEngine engine, String name) {
        this.engine = engine;
        this.name = name;
    }

    @Override
    public final void init(ProcessorContext<byte[], byte[]> started) {
        PartitionStore opened =
                Objects.requireNonNull(engine.partition(name, started.taskId().partition()));
        context = started;
        store = opened;
        writer = new StoreWriter(started.getStateStore(name), opened);
        opened.activate();
    }

    @Override
    public final void process(Record<byte[], byte[]> record) {
        PartitionStore opened = Objects.requireNonNull(store);
        long offset =
                Objects.requireNonNull(context).recordMetadata().orElseThrow().offset();
        if (offset > opened.position()) {
            take(record, offset, opened, Objects.requireNonNull(writer));
        }
    }

    @Override
    public final void close() {
        if (store != null) {
            store.deactivate();
        }
    }

    /** Takes a record that the store does not cover yet. */
    protected abstract void take(Record<byte[], byte[]> record, long offset, PartitionStore opened, StoreWriter to);

    /** Hands a record on to the sink. */
    protected final void forward(Record<byte[], byte[]> record) {
        Objects.requireNonNull(context).forward(record);
    }
}
