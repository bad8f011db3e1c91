package io.forebay.keys.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A value as it is stored: {@code [flags 1][version 8][expires at 8][lifetime 8][touched 8][content type][tags][value]}.
 * What indexing needs stands in front. All times are milliseconds since the epoch, by the brokers' clock.
 *
 * @param version offset of the input record that stored it: its entity tag
 * @param expiresAt from when on it is gone; {@link #NEVER}
 * @param lifetime milliseconds from a put or a touch to its end; {@link #NEVER}
 * @param touched when the lifetime began
 * @param sliding whether reads start the lifetime anew
 * @param contentType media type of the value
 * @param tags names under which it is found beside its key
 * @param value every byte of it
 */
@SuppressWarnings("ArrayRecordComponent") // carried, and compared by nobody
public record StoredKey(
        long version,
        long expiresAt,
        long lifetime,
        long touched,
        boolean sliding,
        String contentType,
        List<String> tags,
        byte[] value) {

    /** The time that does not come. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The media type that is not written out. */
    public static final String JSON = "application/json";

    /** Longer than a read takes to be told: its owner tells a few times a second. */
    static final long SLIDING_GRACE_MS = 500;

    private static final int SLIDING = 1;
    private static final int OTHER_TYPE = 2;
    private static final int TAGGED = 4;
    private static final int KNOWN_FLAGS = SLIDING | OTHER_TYPE | TAGGED;

    private static final int EXPIRES_AT = 9;
    private static final int TOUCHED = 25;
    private static final int HEAD = 33;

    /** The time after a span, or {@link #NEVER} when that is beyond all time. */
    public static long after(long time, long span) {
        long sum = time + span;
        return sum < time ? NEVER : sum;
    }

    /** The same record with its lifetime begun anew, at the time it was read; a life is never made shorter. */
    public StoredKey touchedAt(long time) {
        long later = Math.max(expiresAt, after(time, lifetime));
        return new StoredKey(version, later, lifetime, Math.max(touched, time), sliding, contentType, tags, value);
    }

    /**
     * When its end is due to be told. Of a sliding lifetime a little later, in which a read just before the end that is yet
     * to be told can still come.
     */
    long dueAt() {
        return sliding && expiresAt != NEVER ? after(expiresAt, SLIDING_GRACE_MS) : expiresAt;
    }

    /** Whether it is gone at a time. */
    public boolean isExpired(long now) {
        return now >= expiresAt && expiresAt != NEVER;
    }

    /** The stored form. */
    public byte[] encode() {
        boolean otherType = !contentType.equals(JSON);
        byte[] type = otherType ? utf8(contentType) : utf8("");
        List<byte[]> tagBytes = tags.stream().map(StoredKey::utf8).toList();
        int size = HEAD + value.length;
        size += otherType ? 2 + type.length : 0;
        size += tags.isEmpty()
                ? 0
                : 2 + tagBytes.stream().mapToInt(tag -> 2 + tag.length).sum();
        ByteBuffer buffer = ByteBuffer.allocate(size);
        buffer.put((byte) ((sliding ? SLIDING : 0) | (otherType ? OTHER_TYPE : 0) | (tags.isEmpty() ? 0 : TAGGED)));
        buffer.putLong(version).putLong(expiresAt).putLong(lifetime).putLong(touched);
        if (otherType) {
            buffer.putShort((short) type.length).put(type);
        }
        if (!tags.isEmpty()) {
            buffer.putShort((short) tags.size());
            tagBytes.forEach(tag -> buffer.putShort((short) tag.length).put(tag));
        }
        return buffer.put(value).array();
    }

    /** Reads the stored form. */
    public static StoredKey decode(byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        int flags = flags(payload);
        buffer.position(1);
        long version = buffer.getLong();
        long expiresAt = buffer.getLong();
        long lifetime = buffer.getLong();
        long touched = buffer.getLong();
        String contentType = (flags & OTHER_TYPE) == 0 ? JSON : text(buffer);
        List<String> tags = tags(flags, buffer);
        byte[] value = Arrays.copyOfRange(payload, buffer.position(), payload.length);
        return new StoredKey(version, expiresAt, lifetime, touched, (flags & SLIDING) != 0, contentType, tags, value);
    }

    static long dueAt(byte[] payload) {
        long expiresAt = ByteBuffer.wrap(payload).getLong(EXPIRES_AT);
        boolean grace = (flags(payload) & SLIDING) != 0 && expiresAt != NEVER;
        return grace ? after(expiresAt, SLIDING_GRACE_MS) : expiresAt;
    }

    static long touched(byte[] payload) {
        return ByteBuffer.wrap(payload).getLong(TOUCHED);
    }

    static List<String> tags(byte[] payload) {
        int flags = flags(payload);
        if ((flags & TAGGED) == 0) {
            return List.of();
        }
        ByteBuffer buffer = ByteBuffer.wrap(payload).position(HEAD);
        if ((flags & OTHER_TYPE) != 0) {
            text(buffer);
        }
        return tags(flags, buffer);
    }

    private static List<String> tags(int flags, ByteBuffer buffer) {
        if ((flags & TAGGED) == 0) {
            return List.of();
        }
        int count = Short.toUnsignedInt(buffer.getShort());
        List<String> tags = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tags.add(text(buffer));
        }
        return tags;
    }

    private static int flags(byte[] payload) {
        int flags = payload[0];
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw new IllegalStateException("key flags " + flags + " are newer than this version");
        }
        return flags;
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[Short.toUnsignedInt(buffer.getShort())];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
