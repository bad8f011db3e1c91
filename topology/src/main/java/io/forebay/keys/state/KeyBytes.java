package io.forebay.keys.state;

import io.forebay.command.CommandKeys;
import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Key spaces of the keys' store. A path is written part by part: its UTF-8 bytes, in which {@code 00} becomes {@code 00
 * FF}, and {@code 00 01} as its end. So bytes compare as paths do, a path is a prefix of its extensions and of nothing
 * else, and everything below a path, it included, ends before the same bytes with {@code 02} in the last place.
 *
 * <ul>
 *   <li>{@code K path}: a key
 *   <li>{@code X offset}: a deletion by match that is visible and not yet carried out
 *   <li>{@code C namespace}: a namespace whose keys are kept together
 * </ul>
 *
 * <p>Index: {@code K time path} what expires when; {@code X namespace tag path} what has a tag; {@code C namespace time
 * path} what of a namespace in which that matters was last used when. Counters: {@code K namespace} records, those included
 * that have expired and are not removed yet; {@code X} deletions to be carried out.
 */
public final class KeyBytes {

    private static final byte KEY = CommandKeys.FIRST_FEATURE_TAG;
    private static final byte DELETION = KEY + 1;
    private static final byte PLACEMENT = KEY + 2;

    private static final byte END = 0x01;
    private static final byte AFTER_END = 0x02;
    private static final byte ZERO = (byte) 0xFF;

    private KeyBytes() {}

    /** Key of a path's record; these compare, unsigned, as paths do. */
    public static byte[] of(Path path) {
        return of(path.parts());
    }

    /** As {@link #of(Path)}; the start of everything for no parts. */
    static byte[] of(List<String> parts) {
        Writer writer = new Writer(32);
        writer.put(KEY);
        parts.forEach(writer::part);
        return writer.bytes();
    }

    /** The bytes of one part, its end included. */
    static byte[] part(String part) {
        Writer writer = new Writer(part.length() + 2);
        writer.part(part);
        return writer.bytes();
    }

    /** Whether a key of the store is that of a path's record. */
    public static boolean isKey(byte[] key) {
        return key[0] == KEY;
    }

    static boolean isDeletion(byte[] key) {
        return key[0] == DELETION;
    }

    /** The path of a record's key. */
    public static Path path(byte[] key) {
        return path(key, 1);
    }

    private static Path path(byte[] bytes, int from) {
        List<String> parts = new ArrayList<>(4);
        byte[] part = new byte[bytes.length - from];
        int length = 0;
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                part[length++] = bytes[i];
            } else if (bytes[++i] == END) {
                parts.add(new String(part, 0, length, StandardCharsets.UTF_8));
                length = 0;
            } else {
                part[length++] = 0;
            }
        }
        return Path.of(parts);
    }

    /** Where the part that starts at an index ends: the index after its end mark. */
    static int partEnd(byte[] key, int from) {
        int i = from;
        while (key[i] != 0 || key[i + 1] != END) {
            i += key[i] == 0 ? 2 : 1;
        }
        return i + 2;
    }

    /** The least key after everything at or below a path, which is the first bytes of a key. */
    static byte[] afterSubtree(byte[] key, int length) {
        byte[] after = Arrays.copyOf(key, length);
        if (length == 1) {
            after[0]++;
        } else {
            after[length - 1] = AFTER_END;
        }
        return after;
    }

    /** The least key after one key: the first of those below it. */
    static byte[] next(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    static byte[] countOf(String namespace) {
        return of(List.of(namespace));
    }

    /** The namespace's counter, from a record's key. */
    static byte[] countOf(byte[] key) {
        return Arrays.copyOf(key, partEnd(key, 1));
    }

    // What falls due

    static byte[] due(long expiresAt, byte[] key) {
        return ByteBuffer.allocate(8 + key.length)
                .put(KEY)
                .putLong(expiresAt)
                .put(key, 1, key.length - 1)
                .array();
    }

    static byte[] dueFrom(long time) {
        return ByteBuffer.allocate(9).put(KEY).putLong(time).array();
    }

    static byte[] dueEnd() {
        return new byte[] {KEY + 1};
    }

    static long dueTime(byte[] indexKey) {
        return ByteBuffer.wrap(indexKey).getLong(1);
    }

    static byte[] dueKey(byte[] indexKey) {
        return ByteBuffer.allocate(indexKey.length - 8)
                .put(KEY)
                .put(indexKey, 9, indexKey.length - 9)
                .array();
    }

    static boolean dueIsOf(byte[] indexKey, byte[] namespaceCounter) {
        int length = namespaceCounter.length - 1;
        return indexKey.length >= 9 + length
                && Arrays.equals(indexKey, 9, 9 + length, namespaceCounter, 1, namespaceCounter.length);
    }

    // Tags

    static byte[] tagged(String tag, byte[] key) {
        int namespaceEnd = partEnd(key, 1);
        byte[] encoded = part(tag);
        return ByteBuffer.allocate(key.length + encoded.length)
                .put(DELETION)
                .put(key, 1, namespaceEnd - 1)
                .put(encoded)
                .put(key, namespaceEnd, key.length - namespaceEnd)
                .array();
    }

    /** The start of the index entries of a tag. */
    static byte[] tagged(String namespace, String tag) {
        byte[] bytes = of(List.of(namespace, tag));
        bytes[0] = DELETION;
        return bytes;
    }

    /** The record's key, from its entry under a tag. */
    static byte[] taggedKey(byte[] indexKey) {
        int namespaceEnd = partEnd(indexKey, 1);
        int tagEnd = partEnd(indexKey, namespaceEnd);
        return ByteBuffer.allocate(indexKey.length - (tagEnd - namespaceEnd))
                .put(KEY)
                .put(indexKey, 1, namespaceEnd - 1)
                .put(indexKey, tagEnd, indexKey.length - tagEnd)
                .array();
    }

    // Use

    static byte[] used(long time, byte[] key) {
        int namespaceEnd = partEnd(key, 1);
        return ByteBuffer.allocate(8 + key.length)
                .put(PLACEMENT)
                .put(key, 1, namespaceEnd - 1)
                .putLong(time)
                .put(key, namespaceEnd, key.length - namespaceEnd)
                .array();
    }

    /** Where the index entries of a namespace begin that were last used at a time or after it. */
    static byte[] usedFrom(String namespace, long time) {
        byte[] start = countOf(namespace);
        return ByteBuffer.allocate(8 + start.length)
                .put(PLACEMENT)
                .put(start, 1, start.length - 1)
                .putLong(time)
                .array();
    }

    /** Where the index entries of a namespace by their last use end. */
    static byte[] usedEnd(String namespace) {
        byte[] start = countOf(namespace);
        start[0] = PLACEMENT;
        return afterSubtree(start, start.length);
    }

    static long usedTime(byte[] indexKey) {
        return ByteBuffer.wrap(indexKey).getLong(partEnd(indexKey, 1));
    }

    /** The record's key, from its entry under its last use. */
    static byte[] usedKey(byte[] indexKey) {
        int namespaceEnd = partEnd(indexKey, 1);
        return ByteBuffer.allocate(indexKey.length - 8)
                .put(KEY)
                .put(indexKey, 1, namespaceEnd - 1)
                .put(indexKey, namespaceEnd + 8, indexKey.length - namespaceEnd - 8)
                .array();
    }

    // Deletions

    static byte[] deletion(long offset) {
        return ByteBuffer.allocate(9).put(DELETION).putLong(offset).array();
    }

    static byte[] deletions() {
        return new byte[] {DELETION};
    }

    static long deletionOffset(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    // Placements

    static byte[] placement(String canonicalNamespace) {
        byte[] key = countOfCanonical(canonicalNamespace);
        key[0] = PLACEMENT;
        return key;
    }

    static byte[] placements() {
        return new byte[] {PLACEMENT};
    }

    static String placedNamespace(byte[] key) {
        return path(key).toString();
    }

    static byte[] countOfCanonical(String canonicalNamespace) {
        return of(Path.parse(canonicalNamespace));
    }

    private static final class Writer {

        private byte[] bytes;
        private int length;

        Writer(int capacity) {
            bytes = new byte[capacity];
        }

        void put(byte one) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
            bytes[length++] = one;
        }

        void part(String part) {
            for (byte one : part.getBytes(StandardCharsets.UTF_8)) {
                put(one);
                if (one == 0) {
                    put(ZERO);
                }
            }
            put((byte) 0);
            put(END);
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }
    }
}
