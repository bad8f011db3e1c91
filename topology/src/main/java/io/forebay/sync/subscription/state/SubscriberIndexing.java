package io.forebay.sync.subscription.state;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;

/** Finds who follows a place, who follows a record at one, and whose lease may end when. */
public final class SubscriberIndexing implements Indexing {

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        SubscriberKeys.Parts parts = new SubscriberKeys.Parts(key);
        switch (key[0]) {
            case SubscriberKeys.NODE -> {
                String subscriber = parts.text();
                sink.index(SubscriberKeys.at(parts.node(), subscriber));
            }
            case SubscriberKeys.MEMBER -> {
                String subscriber = parts.text();
                NodeKey node = parts.node();
                String permit = parts.text();
                sink.index(SubscriberKeys.of(parts.text(), subscriber, node, permit));
            }
            case SubscriberKeys.HEAD -> {
                long dueAt = Head.decode(payload).dueAt();
                if (dueAt != Long.MAX_VALUE) {
                    sink.index(SubscriberKeys.due(dueAt, key));
                }
            }
            default -> {
                // Found by their keys alone.
            }
        }
    }
}
