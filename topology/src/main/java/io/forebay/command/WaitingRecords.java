package io.forebay.command;

import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.StoreWriter;
import io.forebay.store.Stored;
import io.forebay.store.WriteSet;
import java.util.List;
import java.util.Objects;

/**
 * The input records of a partition that wait, in order, for the schema registry. While there are any, the store's
 * position stays below the first of them.
 */
final class WaitingRecords {

    private static final long NONE = -1;

    private final PartitionStore store;
    private final List<PartitionStore> held;
    private long first = NONE;
    private long last = NONE;

    private WaitingRecords(PartitionStore store, List<PartitionStore> held) {
        this.store = store;
        this.held = held;
    }

    /**
     * The records that wait.
     *
     * @param store where they are
     * @param held the stores whose position they hold back
     */
    static WaitingRecords of(PartitionStore store, List<PartitionStore> held) {
        WaitingRecords waiting = new WaitingRecords(store, held);
        try (StoreView view = store.snapshot();
                Scan scan = scan(view, 0)) {
            while (scan.next()) {
                waiting.last = CommandKeys.waitingOffset(scan.key());
                if (waiting.first == NONE) {
                    waiting.first = waiting.last;
                }
            }
        }
        if (!waiting.isEmpty()) {
            waiting.holdBelow(waiting.first);
            waiting.takenIn(waiting.last);
        }
        return waiting;
    }

    boolean isEmpty() {
        return first == NONE;
    }

    /** Offset of the last one that waits, or -1. */
    long last() {
        return last;
    }

    InputRecord first() {
        Stored stored = Objects.requireNonNull(store.get(CommandKeys.waiting(first)), "a waiting record is stored");
        return InputRecord.decode(first, stored);
    }

    /** Puts a record at the end. It is written at the position where the store is, since it is yet to be decided. */
    void add(InputRecord input, StoreWriter writer) {
        WriteSet writes = writer.begin(store.position(), store.logTime());
        writes.put(CommandKeys.waiting(input.offset()), input.encode());
        writes.commit();
        last = input.offset();
        if (first == NONE) {
            first = last;
            holdBelow(first);
        }
        takenIn(last);
    }

    /** Takes note that the first one was decided, and deleted with its decision. */
    void removeFirst() {
        try (StoreView view = store.snapshot();
                Scan scan = scan(view, first + 1)) {
            if (scan.next()) {
                first = CommandKeys.waitingOffset(scan.key());
                holdBelow(first);
            } else {
                first = NONE;
                last = NONE;
                holdBelow(Long.MAX_VALUE);
            }
        }
    }

    private void holdBelow(long offset) {
        held.forEach(one -> one.holdBelow(offset));
    }

    private void takenIn(long offset) {
        held.forEach(one -> one.takenIn(offset));
    }

    private static Scan scan(StoreView view, long from) {
        return view.scan(CommandKeys.waiting(from), CommandKeys.space((byte) (CommandKeys.WAITING + 1)));
    }
}
