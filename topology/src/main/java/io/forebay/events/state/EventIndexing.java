package io.forebay.events.state;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;

/** What is derived from an event: its entries in ten indexes, and its share in eight counters, nine if it is sealed. */
public final class EventIndexing implements Indexing {

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        EventLead event = EventLead.of(payload);
        for (EventFilter filter : EventFilter.metBy(event)) {
            byte[] filterKey = filter.key();
            sink.index(EventKeys.entry(filterKey, event.sequence(), key));
            sink.count(filterKey, 1);
        }
        sink.index(EventKeys.time(event.insertedAt(), event.sequence()));
        sink.index(EventKeys.id(event.domain(), event.instanceId(), event.id(), event.streamVersion()));
        if (event.sealedBy() != null) {
            sink.count(EventKeys.sealed(event.domain(), event.instanceId()), 1);
        }
    }
}
