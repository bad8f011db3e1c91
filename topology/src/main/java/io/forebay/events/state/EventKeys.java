package io.forebay.events.state;

import io.forebay.schemas.path.Path;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the log and of what is derived from it. A record's key is the path of its stream and its version. An index entry
 * starts with a tag and names, each after its length so that no name is the beginning of another, and ends with the record's
 * place and key.
 */
final class EventKeys {

    /** Tag of the first of eight combinations. */
    static final int COMBINATIONS = 0x10;

    private static final int TIME = 0x20;
    private static final int ID = 0x21;
    private static final int SEALED = 0x22;

    private EventKeys() {}

    /** Key of a record. */
    static byte[] record(String domain, String instanceId, long streamVersion) {
        return Path.of(domain, instanceId, Long.toString(streamVersion)).toBytes();
    }

    /** The counter of a stream's sealed events. */
    static byte[] sealed(String domain, String instanceId) {
        return named(SEALED, domain, instanceId);
    }

    /** A tag and names; those that are null are left out. */
    static byte[] named(int tag, @Nullable String... names) {
        ByteArrayOutputStream key = new ByteArrayOutputStream(64);
        key.write(tag);
        for (String name : names) {
            if (name != null) {
                byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                key.write(bytes.length >>> 8);
                key.write(bytes.length);
                key.writeBytes(bytes);
            }
        }
        return key.toByteArray();
    }

    /** A place in the index of a filter. */
    static byte[] place(byte[] filter, long sequence) {
        return ByteBuffer.allocate(filter.length + Long.BYTES)
                .put(filter)
                .putLong(sequence)
                .array();
    }

    /** The entry of a record in the index of a filter. */
    static byte[] entry(byte[] filter, long sequence, byte[] record) {
        return ByteBuffer.allocate(filter.length + Long.BYTES + record.length)
                .put(filter)
                .putLong(sequence)
                .put(record)
                .array();
    }

    /** The sequence number of an entry. */
    static long sequence(byte[] entry, int filterLength) {
        return ByteBuffer.wrap(entry).getLong(filterLength);
    }

    /** The record's key of an entry. */
    static byte[] recordOf(byte[] entry, int filterLength) {
        byte[] record = new byte[entry.length - filterLength - Long.BYTES];
        System.arraycopy(entry, filterLength + Long.BYTES, record, 0, record.length);
        return record;
    }

    /** Where the times from one on begin in the index of times. */
    static byte[] timeFrom(long time) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) TIME)
                .putLong(time)
                .array();
    }

    /** The end of the index of times. */
    static byte[] timesEnd() {
        return new byte[] {TIME + 1};
    }

    /** The entry of a record in the index of times. */
    static byte[] time(long time, long sequence) {
        return ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put((byte) TIME)
                .putLong(time)
                .putLong(sequence)
                .array();
    }

    /** The sequence number of an entry in the index of times. */
    static long sequenceOfTime(byte[] entry) {
        return ByteBuffer.wrap(entry).getLong(1 + Long.BYTES);
    }

    /** Where the entry of an id in its stream begins. */
    static byte[] idFrom(String domain, String instanceId, String id) {
        return named(ID, domain, instanceId, id);
    }

    /** The entry of an id. */
    static byte[] id(String domain, String instanceId, String id, long streamVersion) {
        return place(idFrom(domain, instanceId, id), streamVersion);
    }

    /** The version in the stream that an entry of an id names. */
    static long versionOfId(byte[] entry) {
        return ByteBuffer.wrap(entry).getLong(entry.length - Long.BYTES);
    }
}
