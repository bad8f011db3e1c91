package io.forebay.store;

import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/** Records as Kafka Streams' own interfaces give them: values in the store's form. */
final class StoreIterator implements KeyValueIterator<Bytes, byte[]> {
    private final View view;
    private final Cursor cursor;
    private boolean peeked;
    private boolean hasNext;

    StoreIterator(View view, Cursor cursor) {
        this.view = view;
        this.cursor = cursor;
    }

    @Override
    public boolean hasNext() {
        if (!peeked) {
            hasNext = cursor.next();
            peeked = true;
        }
        return hasNext;
    }

    @Override
    public Bytes peekNextKey() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return Bytes.wrap(cursor.key());
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
        Bytes key = peekNextKey();
        KeyValue<Bytes, byte[]> entry = KeyValue.pair(key, cursor.stored());
        peeked = false;
        return entry;
    }

    @Override
    public void close() {
        view.close();
    }
}
