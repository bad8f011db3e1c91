package io.forebay.command;

import io.forebay.schemas.topic.HeaderNames;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * One record of an input topic, as received.
 *
 * @param offset its offset on the partition
 * @param timestamp its append time
 * @param key its key
 * @param value its value
 * @param headers its headers; of a record that had to wait only the request id is left
 */
@SuppressWarnings("ArrayRecordComponent") // a record on its way through
record InputRecord(long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {

    private static final int ABSENT = -1;

    static InputRecord of(long offset, Record<byte[], byte[]> record) {
        return new InputRecord(offset, record.timestamp(), record.key(), record.value(), record.headers());
    }

    /** The id its sender gave it, or null. */
    @Nullable
    String requestId() {
        Header header = headers.lastHeader(HeaderNames.REQUEST_ID);
        if (header == null || header.value() == null || header.value().length == 0) {
            return null;
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    /** The form in which a record waits in the store. */
    byte[] encode() {
        byte @Nullable [] id = idBytes();
        ByteBuffer buffer = ByteBuffer.allocate(8 + 3 * 4 + length(id) + length(key) + length(value));
        buffer.putLong(timestamp);
        put(buffer, id);
        put(buffer, key);
        put(buffer, value);
        return buffer.array();
    }

    static InputRecord decode(long offset, Stored stored) {
        ByteBuffer buffer = ByteBuffer.wrap(stored.payload());
        long timestamp = buffer.getLong();
        byte @Nullable [] id = take(buffer);
        byte @Nullable [] key = take(buffer);
        byte @Nullable [] value = take(buffer);
        Record<byte @Nullable [], byte @Nullable []> record = new Record<>(key, value, timestamp);
        if (id != null) {
            record.headers().add(HeaderNames.REQUEST_ID, id);
        }
        return new InputRecord(offset, timestamp, key, value, record.headers());
    }

    private byte @Nullable [] idBytes() {
        String id = requestId();
        return id == null ? null : id.getBytes(StandardCharsets.UTF_8);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(ByteBuffer buffer, byte @Nullable [] bytes) {
        if (bytes == null) {
            buffer.putInt(ABSENT);
        } else {
            buffer.putInt(bytes.length).put(bytes);
        }
    }

    private static byte @Nullable [] take(ByteBuffer buffer) {
        int length = buffer.getInt();
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
