package io.forebay.records.sync;

import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one record, or to all of a table at once. A row that got another primary key is two changes: its old record was
 * deleted, its new one inserted.
 */
public final class Change {

    /** What happened. */
    public enum Kind {
        INSERTED,
        UPDATED,
        DELETED,
        TRUNCATED
    }

    private final Kind kind;
    private final String table;
    private final @Nullable RecordId record;
    private final @Nullable Row before;
    private final @Nullable Row after;
    private final long ref;

    private Change(
            Kind kind, String table, @Nullable RecordId record, @Nullable Row before, @Nullable Row after, long ref) {
        if (before != null && !before.id().equals(record)) {
            throw new IllegalArgumentException("the row before is of another record: delete one, insert the other");
        }
        this.kind = kind;
        this.table = table;
        this.record = record;
        this.before = before;
        this.after = after;
        this.ref = ref;
    }

    /** A record that was not there is. */
    public static Change inserted(Row after, long ref) {
        return new Change(Kind.INSERTED, after.table(), after.id(), null, after, ref);
    }

    /**
     * A record has another row.
     *
     * @param before the row it had; null when that is not known, which makes applying the change dearer, not wrong
     */
    public static Change updated(@Nullable Row before, Row after, long ref) {
        return new Change(Kind.UPDATED, after.table(), after.id(), before, after, ref);
    }

    /**
     * A record is gone.
     *
     * @param before the row it had; null when that is not known
     */
    public static Change deleted(RecordId record, @Nullable Row before, long ref) {
        return new Change(Kind.DELETED, record.table(), record, before, null, ref);
    }

    /** All records of a table are gone. */
    public static Change truncated(String table, long ref) {
        return new Change(Kind.TRUNCATED, table, null, null, null, ref);
    }

    /** What happened. */
    public Kind kind() {
        return kind;
    }

    /** Name of the table. */
    public String table() {
        return table;
    }

    /** The record; null for a whole table. */
    public @Nullable RecordId record() {
        return record;
    }

    /** The row before; null when there was none or it is not known. */
    public @Nullable Row before() {
        return before;
    }

    /** The row after; null when there is none any more. */
    public @Nullable Row after() {
        return after;
    }

    /** Its place among the changes of its record: of two the later one has the greater ref. */
    public long ref() {
        return ref;
    }

    /** Whether a record is what changed, or part of it. */
    public boolean isOf(RecordId id) {
        return table.equals(id.table()) && (record == null || record.equals(id));
    }

    /** Whether it is known what row there was, or that there was none. */
    boolean knowsBefore() {
        return before != null || kind == Kind.INSERTED;
    }

    /** Whether records are gone by it. */
    boolean removes() {
        return after == null;
    }

    /** The row after, of a change that has one. */
    Row requireAfter() {
        return Objects.requireNonNull(after, "the change removes");
    }

    @Override
    public String toString() {
        return kind + " " + (record == null ? table : record) + " at " + ref;
    }
}
