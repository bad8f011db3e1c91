package io.forebay.events.http;

import io.forebay.http.Request;
import io.forebay.http.calls.Cursor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a list of events goes on: in each partition after a number. Numbers are never given out twice, so no append makes a
 * list that goes on from here skip an event or show one again.
 *
 * @param backward the direction of the list
 * @param after the number after which each partition goes on; one that is not named is at its beginning
 */
record EventCursor(boolean backward, Map<Integer, Long> after) {
    private static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES;

    EventCursor {
        after = Map.copyOf(after);
    }

    /** The cursor of a request in the direction it asks for; null where it has none. */
    static @Nullable EventCursor of(Request request, boolean backward) {
        byte[] place = Cursor.read(request);
        if (place == null) {
            return null;
        }
        EventCursor cursor = decode(place);
        if (cursor.backward != backward) {
            throw Cursor.refused();
        }
        return cursor;
    }

    private static EventCursor decode(byte[] place) {
        ByteBuffer bytes = ByteBuffer.wrap(place);
        try {
            boolean backward = bytes.get() == 1;
            Map<Integer, Long> after = new TreeMap<>();
            while (bytes.hasRemaining()) {
                after.put(bytes.getInt(), bytes.getLong());
            }
            return new EventCursor(backward, after);
        } catch (BufferUnderflowException e) {
            throw Cursor.refused();
        }
    }

    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(1 + after.size() * ENTRY_BYTES);
        bytes.put((byte) (backward ? 1 : 0));
        new TreeMap<>(after)
                .forEach((partition, sequence) -> bytes.putInt(partition).putLong(sequence));
        return Cursor.write(bytes.array());
    }
}
