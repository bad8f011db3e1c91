package io.forebay.sync.change.state;

import io.forebay.command.Decision;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * At which places the rows of a partition are. Columns are named by the canonical path that the places of their values begin with.
 *
 * @param complete columns by which all rows are at their places
 * @param possible columns by which rows may be at places
 * @param from the row to go on at, as a key of the store; null where nothing is left to do
 * @param rows how many have been gone through
 */
@SuppressWarnings("ArrayRecordComponent") // on its way between store and decision; nothing compares it
public record Placement(SortedSet<String> complete, SortedSet<String> possible, byte @Nullable [] from, long rows) {

    private static final byte FORMAT = 1;

    public Placement {
        complete = Collections.unmodifiableSortedSet(new TreeSet<>(complete));
        possible = Collections.unmodifiableSortedSet(new TreeSet<>(possible));
    }

    /** All rows are where they belong. */
    public static Placement of(SortedSet<String> columns) {
        return new Placement(columns, columns, null, 0);
    }

    /** Of a partition that was never told which columns there are: rows may be by some, and nothing says that all are. */
    public static Placement unknown(SortedSet<String> possible) {
        return new Placement(Collections.emptySortedSet(), possible, null, 0);
    }

    /**
     * What it is when rows belong to the places of other columns: what was under way begins again, since rows that were gone through
     * by then are at places where they do not belong any more, or not yet at others.
     */
    public Placement towards(SortedSet<String> wanted) {
        SortedSet<String> both = new TreeSet<>(complete);
        both.retainAll(wanted);
        SortedSet<String> any = new TreeSet<>(possible);
        any.addAll(wanted);
        boolean isThere = both.equals(wanted) && any.equals(wanted);
        return isThere ? of(wanted) : new Placement(both, any, RowKeys.space(RowKeys.ROW), 0);
    }

    /** After some more rows. */
    public Placement at(byte @Nullable [] next, long more) {
        return new Placement(complete, possible, next, rows + more);
    }

    /** Whether rows are left to go through. */
    public boolean isUnderWay() {
        return from != null;
    }

    /** What is stored; null where nothing is. */
    public static @Nullable Placement of(StoreView view) {
        Stored stored = view.get(RowKeys.space(RowKeys.PLACEMENT));
        return stored == null ? null : decode(stored.payload());
    }

    /** Stores it. */
    public void put(Decision decision) {
        decision.put(RowKeys.space(RowKeys.PLACEMENT), encode());
    }

    private byte[] encode() {
        byte[] all = text(complete);
        byte[] any = text(possible);
        int length = from == null ? 0 : from.length;
        ByteBuffer buffer = ByteBuffer.allocate(1 + Long.BYTES + 3 * Integer.BYTES + all.length + any.length + length)
                .put(FORMAT)
                .putLong(rows)
                .putInt(all.length)
                .put(all)
                .putInt(any.length)
                .put(any)
                .putInt(length);
        if (from != null) {
            buffer.put(from);
        }
        return buffer.array();
    }

    private static Placement decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        byte format = buffer.get();
        if (format != FORMAT) {
            throw new IllegalStateException("placement format " + format + " is newer than this version");
        }
        long rows = buffer.getLong();
        SortedSet<String> complete = columns(take(buffer));
        SortedSet<String> possible = columns(take(buffer));
        byte[] from = take(buffer);
        return new Placement(complete, possible, from.length == 0 ? null : from, rows);
    }

    private static byte[] take(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.getInt()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] text(SortedSet<String> columns) {
        return columns.isEmpty()
                ? new byte[0]
                : Path.of(columns.toArray(String[]::new)).toBytes();
    }

    private static SortedSet<String> columns(byte[] text) {
        return text.length == 0
                ? Collections.emptySortedSet()
                : new TreeSet<>(
                        Path.parse(new String(text, StandardCharsets.UTF_8)).parts());
    }
}
