package io.forebay.sync.association.state;

import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Keys of the store of places. Each starts with a tag. A copy's key is its place and behind it the row's primary key, an
 * interest's its place and behind it the subscriber: how many values a place has follows from the table or the columns that it names, so no
 * place is the beginning of another of its kind.
 */
final class PlaceKeys {

    static final byte COPY = 0x10;
    static final byte TRUNCATION = 0x11;
    static final byte RECORD = 0x12;
    static final byte INTEREST = 0x13;
    static final byte GATHERED = 0x14;
    static final byte CHANGE = 0x15;
    static final byte PART = 0x16;
    static final byte TRANSACTION = 0x17;
    static final byte TRANSACTION_PART = 0x18;
    static final byte WAITING = 0x19;
    static final byte OLD_ROW = 0x1a;
    static final byte PLACED = 0x1b;
    static final byte ASKED = 0x1c;
    static final byte FOLLOWED = 0x1d;

    /** Tag of the index of what is kept until a time. */
    static final byte DUE = 0x20;

    private PlaceKeys() {}

    static byte[] copiesAt(Path place) {
        return tagged(COPY, place + "/");
    }

    static byte[] copy(Path place, Path record) {
        return tagged(COPY, place + "/" + Path.of(record.parts().subList(1, record.size())));
    }

    /** The record of a copy at a place of columns. */
    static String recordOf(byte[] copyKey, Path place) {
        int start = place.toString().length() + 2;
        return Path.of(place.part(0)) + "/"
                + new String(copyKey, start, copyKey.length - start, StandardCharsets.UTF_8);
    }

    static byte[] copiesOf(String table) {
        return tagged(COPY, start(table));
    }

    /** The copy at the place of a record itself. */
    static byte[] record(Path record) {
        return tagged(RECORD, record.toString());
    }

    /** The record of a copy at its own place. */
    static String recordOf(byte[] recordKey) {
        return new String(recordKey, 1, recordKey.length - 1, StandardCharsets.UTF_8);
    }

    static byte[] recordsOf(String table) {
        return tagged(RECORD, start(table));
    }

    static byte[] truncation(String table, String source, int partition) {
        return tagged(
                TRUNCATION, Path.of(table, source, Integer.toString(partition)).toString());
    }

    static byte[] truncationsOf(String table) {
        return tagged(TRUNCATION, start(table));
    }

    /** Table, source and partition of a truncation's key. */
    static Path truncated(byte[] truncationKey) {
        return Path.parse(new String(truncationKey, 1, truncationKey.length - 1, StandardCharsets.UTF_8));
    }

    static byte[] interestsAt(PlaceKind kind, String place) {
        return interests(kind, place + "/");
    }

    static byte[] interest(PlaceKind kind, String place, String subscriber) {
        return interests(kind, place + "/" + Path.of(subscriber));
    }

    static byte[] interestsOf(PlaceKind kind, String table) {
        return interests(kind, start(table));
    }

    private static byte[] interests(PlaceKind kind, String rest) {
        byte[] text = rest.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + text.length)
                .put(INTEREST)
                .put(Kinds.code(kind))
                .put(text)
                .array();
    }

    static PlaceKind kindOf(byte[] interestKey) {
        return Kinds.of(interestKey[1]);
    }

    static String placeOf(byte[] interestKey) {
        String text = new String(interestKey, 2, interestKey.length - 2, StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('/'));
    }

    /** Which changes of a record wait. */
    static byte[] waiting(String record) {
        return tagged(WAITING, record);
    }

    static byte[] gathered(String record, long ref) {
        return change(GATHERED, record, ref, 0).array();
    }

    static byte[] change(String record, long ref) {
        return change(CHANGE, record, ref, 0).array();
    }

    static byte[] oldRow(String record, long ref) {
        return change(OLD_ROW, record, ref, 0).array();
    }

    static byte[] part(String record, long ref, int number) {
        return change(PART, record, ref, Integer.BYTES).putInt(number).array();
    }

    private static ByteBuffer change(byte tag, String record, long ref, int more) {
        byte[] text = record.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + text.length + Long.BYTES + more)
                .put(tag)
                .put(text)
                .put((byte) 0)
                .putLong(ref);
    }

    static byte[] transaction(String id) {
        return tagged(TRANSACTION, Path.of(id).toString());
    }

    /** The id of a transaction's key. */
    static String transactionOf(byte[] transactionKey) {
        return Path.parse(new String(transactionKey, 1, transactionKey.length - 1, StandardCharsets.UTF_8))
                .part(0);
    }

    static byte[] transactionPart(String id, String change) {
        return tagged(TRANSACTION_PART, Path.of(id, change).toString());
    }

    static byte[] transactionParts(String id) {
        return tagged(TRANSACTION_PART, start(id));
    }

    static byte[] placed(String columns, int partition) {
        return columns(PLACED, columns, Integer.BYTES).putInt(partition).array();
    }

    /** Which model a partition of row changes follows. */
    static byte[] followed(int partition) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put(FOLLOWED)
                .putInt(partition)
                .array();
    }

    /** The columns of the key of placed ones. */
    static String placedColumns(byte[] placedKey) {
        return new String(placedKey, 1, placedKey.length - 2 - Integer.BYTES, StandardCharsets.UTF_8);
    }

    static int placedFrom(byte[] placedKey) {
        return ByteBuffer.wrap(placedKey).getInt(placedKey.length - Integer.BYTES);
    }

    static byte[] asked(String columns, String place, String subscriber) {
        byte[] rest = (place + "/" + Path.of(subscriber)).getBytes(StandardCharsets.UTF_8);
        return columns(ASKED, columns, rest.length).put(rest).array();
    }

    static byte[] askedOf(String columns) {
        return columns(ASKED, columns, 0).array();
    }

    private static ByteBuffer columns(byte tag, String columns, int more) {
        byte[] text = columns.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + text.length + more).put(tag).put(text).put((byte) 0);
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

    private static String start(String part) {
        return Path.of(part) + "/";
    }

    private static byte[] tagged(byte tag, String rest) {
        byte[] text = rest.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length).put(tag).put(text).array();
    }
}
