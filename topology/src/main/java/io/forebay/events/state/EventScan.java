package io.forebay.events.state;

import io.forebay.store.Scan;
import io.forebay.store.StoreView;

/** The events that meet a filter, by its index alone: none that does not meet it is read. */
public final class EventScan implements AutoCloseable {

    private final Scan entries;
    private final int filterLength;

    EventScan(StoreView view, EventFilter filter, EventSpan span, boolean backward) {
        byte[] key = filter.key();
        filterLength = key.length;
        byte[] from = EventKeys.place(key, span.from());
        byte[] to = EventKeys.place(key, Math.max(span.from(), span.to()));
        entries = backward ? view.scanIndexBackward(from, to) : view.scanIndex(from, to);
    }

    /** Moves to the next event; tells whether there is one. */
    public boolean next() {
        return entries.next();
    }

    /** The sequence number of the current event. */
    public long sequence() {
        return EventKeys.sequence(entries.key(), filterLength);
    }

    /** The key of the current event's record. */
    public byte[] record() {
        return EventKeys.recordOf(entries.key(), filterLength);
    }

    @Override
    public void close() {
        entries.close();
    }
}
