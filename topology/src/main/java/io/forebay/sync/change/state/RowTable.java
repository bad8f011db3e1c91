package io.forebay.sync.change.state;

import io.forebay.command.Decision;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.StoredRow;
import io.forebay.sync.row.Truncation;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a partition under decision. Beside the store it keeps in memory which tables were truncated, so that a change
 * of a table that was not reads nothing but its record.
 */
public final class RowTable {

    /** Rows that one tick looks at: some hundredths of a second's work. */
    private static final int SWEPT_PER_TICK = 2_000;

    private static final int DROPPED_PER_TICK = 1_000;

    /** Deleted rows that one decision looks at. */
    private static final int LOOKED_AT = 10_000;

    private static final Truncations NONE = new Truncations();

    private final Map<String, Truncations> truncated = new HashMap<>();

    /** Tables that may have rows that a truncation took, and up to where they were swept. */
    private final Map<String, byte[]> unswept = new HashMap<>();

    private long nextDue = Long.MAX_VALUE;
    private boolean behind;

    /** Loads what is kept in memory. */
    public void open(StoreView view) {
        truncated.clear();
        unswept.clear();
        behind = false;
        try (Scan scan = view.scanPrefix(RowKeys.space(RowKeys.TRUNCATION))) {
            while (scan.next()) {
                take(RowKeys.tableOf(scan.key()), Truncation.decode(scan.value()));
            }
        }
        try (Scan due = view.scanIndexPrefix(RowKeys.space(RowKeys.DUE))) {
            nextDue = due.next() ? RowKeys.timeOf(due.key()) : Long.MAX_VALUE;
        }
    }

    private void take(String table, Truncation truncation) {
        truncated.computeIfAbsent(table, name -> new Truncations()).put(truncation);
        if (!truncation.swept()) {
            unswept.put(table, RowKeys.rowsOf(table));
        }
    }

    /** What is known of a record. */
    public RecordState find(Path record, Decision decision) {
        return truncated.getOrDefault(record.part(0), NONE).state(decision.get(RowKeys.row(record)));
    }

    /** Whether a truncation of the table stands behind a change in the log of their source, or is the change. */
    public boolean isTruncatedAfter(String table, @Nullable LogPlace place) {
        return truncated.getOrDefault(table, NONE).areAfter(place);
    }

    /** Stores a row. */
    public void put(Path record, JsonObject row, @Nullable LogPlace place, Decision decision) {
        decision.put(RowKeys.row(record), StoredRow.of(row, place).encode());
    }

    /** Stores that a record was deleted. */
    public void putDeleted(Path record, @Nullable LogPlace place, long keptUntil, Decision decision) {
        decision.put(RowKeys.row(record), StoredRow.deleted(keptUntil, place).encode());
        isDueAt(keptUntil);
    }

    /** Stores that the rows of a table went. */
    public void putTruncated(String table, @Nullable LogPlace place, long keptUntil, Decision decision) {
        Truncation truncation = new Truncation(decision.offset(), place, keptUntil, false);
        decision.put(RowKeys.truncation(table, Truncations.source(place)), truncation.encode());
        take(table, truncation);
        isDueAt(keptUntil);
    }

    /** Whether there is a row of the table, be it one that a truncation took. */
    public boolean hasRows(String table, Decision decision) {
        try (Scan rows = decision.before().scanPrefix(RowKeys.rowsOf(table))) {
            return rows.next();
        }
    }

    /** Whether anything is known of any record. */
    public boolean hasRows(Decision decision) {
        try (Scan rows = decision.before().scanPrefix(RowKeys.space(RowKeys.ROW))) {
            return rows.next();
        }
    }

    /** Takes a row that is shown. */
    @FunctionalInterface
    public interface Shown {

        /**
         * A row.
         *
         * @param record its path
         * @param ref of its last change
         */
        void row(Path record, long ref, StoredRow row);
    }

    /**
     * Shows rows that there are.
     *
     * @param tables of which
     * @param from key of the store to begin at
     * @param most how many are looked at
     * @param mostBytes and bytes of them, about
     * @return where to go on; null when there are no more
     */
    public byte @Nullable [] show(
            Collection<String> tables, byte[] from, int most, int mostBytes, Shown each, Decision decision) {
        int looked = 0;
        int bytes = 0;
        List<byte[]> ranges = tables.stream()
                .map(RowKeys::rowsOf)
                .sorted(Arrays::compareUnsigned)
                .toList();
        for (byte[] range : ranges) {
            try (Scan all = decision.before().scanPrefix(range)) {
                if (Arrays.compareUnsigned(from, range) > 0) {
                    all.seek(from);
                }
                while (all.next()) {
                    if (looked == most || bytes >= mostBytes) {
                        return all.key();
                    }
                    looked++;
                    bytes += all.value().length;
                    StoredRow row = StoredRow.decode(all.value());
                    Path record = RowKeys.recordOf(all.key());
                    Truncations of = truncated.getOrDefault(record.part(0), NONE);
                    if (!row.isDeleted() && !of.took(all.valueOffset(), row)) {
                        each.row(record, all.valueOffset(), row);
                    }
                }
            }
        }
        return null;
    }

    /**
     * Whether there is a row of the table which nothing took. Where so many were deleted lately that looking through all of them would take
     * too long it is taken for granted.
     */
    public boolean hasLiveRows(String table, Decision decision) {
        Truncations of = truncated.getOrDefault(table, NONE);
        int looked = 0;
        try (Scan all = decision.before().scanPrefix(RowKeys.rowsOf(table))) {
            while (all.next()) {
                StoredRow row = StoredRow.decode(all.value());
                boolean isLive = !row.isDeleted() && !of.took(all.valueOffset(), row);
                if (isLive || ++looked == LOOKED_AT) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The record of the change that had an id; null where none is known. */
    public @Nullable KnownChange change(String id, Decision decision) {
        Stored stored = decision.get(RowKeys.change(id));
        return stored == null ? null : KnownChange.decode(stored.payload());
    }

    /** Stores which change has an id. */
    public void putChange(String id, KnownChange change, Decision decision) {
        decision.put(RowKeys.change(id), change.encode());
        isDueAt(change.keptUntil());
    }

    /** Stores that the change which is decided was made by somebody. */
    public void putOwn(Path record, String by, long keptUntil, Decision decision) {
        decision.put(RowKeys.own(record, by), OwnChange.encode(keptUntil));
        isDueAt(keptUntil);
    }

    /** When the next thing is to be forgotten, by log time; {@link Long#MAX_VALUE} for never. */
    public long dueAt() {
        return nextDue;
    }

    /** Whether more is to be dropped now. */
    public boolean isBehind() {
        return behind || !unswept.isEmpty();
    }

    /** Drops some of what is due, and of the rows that truncations took. */
    public void proceed(Decision decision) {
        if (nextDue <= decision.logTime()) {
            drop(decision);
        }
        if (!unswept.isEmpty()) {
            sweep(unswept.keySet().iterator().next(), decision);
        }
    }

    private void drop(Decision decision) {
        int dropped = 0;
        long next = Long.MAX_VALUE;
        behind = false;
        try (Scan due = decision.before().scanIndexPrefix(RowKeys.space(RowKeys.DUE))) {
            while (next == Long.MAX_VALUE && due.next()) {
                long time = RowKeys.timeOf(due.key());
                behind = dropped == DROPPED_PER_TICK;
                if (time > decision.logTime() || behind) {
                    next = time;
                } else {
                    forget(RowKeys.keyOf(due.key()), decision);
                    dropped++;
                }
            }
        }
        nextDue = next;
    }

    /** A truncation stays as long as there may be rows that it took. */
    private void forget(byte[] key, Decision decision) {
        if (key[0] == RowKeys.TRUNCATION) {
            String table = RowKeys.tableOf(key);
            if (unswept.containsKey(table)) {
                return;
            }
            Truncations of = truncated.getOrDefault(table, NONE);
            of.remove(RowKeys.sourceOf(key));
            if (of.isEmpty()) {
                truncated.remove(table);
            }
        }
        decision.delete(key);
    }

    private void sweep(String table, Decision decision) {
        Truncations of = truncated.getOrDefault(table, NONE);
        int looked = 0;
        try (Scan rows = decision.before().scanPrefix(RowKeys.rowsOf(table))) {
            rows.seek(unswept.getOrDefault(table, RowKeys.rowsOf(table)));
            while (rows.next()) {
                if (looked == SWEPT_PER_TICK) {
                    unswept.put(table, rows.key());
                    return;
                }
                StoredRow row = StoredRow.decode(rows.value());
                if (!row.isDeleted() && of.took(rows.valueOffset(), row)) {
                    decision.delete(rows.key());
                }
                looked++;
            }
        }
        unswept.remove(table);
        for (Truncation truncation : of.unswept()) {
            Truncation swept = truncation.asSwept();
            decision.put(RowKeys.truncation(table, Truncations.source(swept.place())), swept.encode());
            of.put(swept);
            isDueAt(swept.keptUntil());
        }
    }

    private void isDueAt(long time) {
        nextDue = Math.min(nextDue, time);
    }
}
