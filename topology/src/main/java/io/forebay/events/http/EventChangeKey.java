package io.forebay.events.http;

import io.forebay.schemas.avro.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The key of an event in a stream: its number, by which events are in order, and the names that it is selected by. */
final class EventChangeKey {
    private EventChangeKey() {}

    static byte[] of(RecordedEvent event) {
        ByteArrayOutputStream key = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(key)) {
            out.writeLong(event.getSequenceNumber());
            for (String name : new String[] {event.getType(), event.getDomain(), event.getInstanceId()}) {
                byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return key.toByteArray();
    }

    /** A key after all of events up to a number, and before those of later ones. */
    static byte[] through(long sequence) {
        return ByteBuffer.allocate(Long.BYTES).putLong(sequence + 1).array();
    }

    static boolean isSelected(byte[] key, EventSelection selection) {
        ByteBuffer names = ByteBuffer.wrap(key);
        names.getLong();
        return selection.meets(name(names), name(names), name(names));
    }

    private static String name(ByteBuffer names) {
        byte[] bytes = new byte[names.getInt()];
        names.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
