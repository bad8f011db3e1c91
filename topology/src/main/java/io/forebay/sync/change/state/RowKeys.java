package io.forebay.sync.change.state;

import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of the store of rows. Each starts with a tag; what belongs to one table is next to each other, since a table's name in
 * canonical form holds no slash.
 */
final class RowKeys {

    static final byte ROW = 0x10;
    static final byte TRUNCATION = 0x11;
    static final byte CHANGE = 0x12;

    static final byte OWN = 0x14;
    static final byte MODEL = 0x15;
    static final byte DECLARED = 0x16;
    static final byte FORMER_KEY = 0x17;
    static final byte PLACEMENT = 0x18;

    /** Tag of the index of what is kept until a time. */
    static final byte DUE = 0x20;

    private RowKeys() {}

    static byte[] row(Path record) {
        return tagged(ROW, record.toBytes());
    }

    static Path recordOf(byte[] rowKey) {
        return Path.parse(new String(rowKey, 1, rowKey.length - 1, StandardCharsets.UTF_8));
    }

    static byte[] rowsOf(String table) {
        return tagged(ROW, start(table));
    }

    static byte[] truncation(String table, String source) {
        return tagged(TRUNCATION, Path.of(table, source).toBytes());
    }

    static byte[] truncationsOf(String table) {
        return tagged(TRUNCATION, start(table));
    }

    static byte[] formerKey(String table) {
        return tagged(FORMER_KEY, Path.of(table).toBytes());
    }

    /** The table of a truncation's key, or of that of a former primary key. */
    static String tableOf(byte[] key) {
        return recordOf(key).part(0);
    }

    /** The source of a truncation's key; empty where it told none. */
    static String sourceOf(byte[] truncationKey) {
        return recordOf(truncationKey).part(1);
    }

    static byte[] change(String id) {
        return tagged(CHANGE, id.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] own(Path record, String by) {
        List<String> parts = new ArrayList<>(record.parts());
        parts.add(by);
        return tagged(OWN, Path.of(parts).toBytes());
    }

    /** Whether it is the key of something that is kept for a time. */
    static boolean isOfTimed(byte[] key) {
        return key[0] == ROW || key[0] == TRUNCATION || key[0] == CHANGE || key[0] == OWN;
    }

    static byte[] due(long time, byte[] key) {
        return ByteBuffer.allocate(1 + Long.BYTES + key.length)
                .put(DUE)
                .putLong(time)
                .put(key)
                .array();
    }

    static long timeOf(byte[] dueKey) {
        return ByteBuffer.wrap(dueKey).getLong(1);
    }

    static byte[] keyOf(byte[] dueKey) {
        byte[] key = new byte[dueKey.length - 1 - Long.BYTES];
        System.arraycopy(dueKey, 1 + Long.BYTES, key, 0, key.length);
        return key;
    }

    static byte[] space(byte tag) {
        return new byte[] {tag};
    }

    private static byte[] start(String table) {
        return (Path.of(table) + "/").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tagged(byte tag, byte[] rest) {
        return ByteBuffer.allocate(1 + rest.length).put(tag).put(rest).array();
    }
}
