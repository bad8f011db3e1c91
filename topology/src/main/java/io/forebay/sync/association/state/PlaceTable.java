package io.forebay.sync.association.state;

import io.forebay.command.Decision;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Truncation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The copies of a partition under decision. Which tables have copies that a truncation took is in memory besides. */
public final class PlaceTable {

    private static final int SWEPT_PER_TICK = 2_000;

    /** Tables that may have copies that a truncation took, and up to where they were swept. */
    private final Map<String, byte[]> unswept = new HashMap<>();

    /** Loads what is kept in memory. */
    public void open(StoreView view) {
        unswept.clear();
        try (Scan scan = view.scanPrefix(PlaceKeys.space(PlaceKeys.TRUNCATION))) {
            while (scan.next()) {
                String table = PlaceKeys.truncated(scan.key()).part(0);
                unswept.put(table, PlaceKeys.copiesOf(table));
            }
        }
    }

    /** Stores a copy, in place of one that is not newer. */
    public void put(Path place, Path record, Copy copy, Decision decision) {
        put(PlaceKeys.copy(place, record), copy, decision);
    }

    /** Stores the copy at the place of the record itself, in place of one that is not newer. */
    public void put(Path record, Copy copy, Decision decision) {
        put(PlaceKeys.record(record), copy, decision);
    }

    private static void put(byte[] key, Copy copy, Decision decision) {
        if (!isNewer(decision.get(key), copy.ref())) {
            decision.put(key, copy.encode());
        }
    }

    /** Removes a copy that is not newer. */
    public void remove(Path place, Path record, long ref, Decision decision) {
        remove(PlaceKeys.copy(place, record), ref, decision);
    }

    /** Removes the copy at the place of the record itself, if it is not newer. */
    public void remove(Path record, long ref, Decision decision) {
        remove(PlaceKeys.record(record), ref, decision);
    }

    private static void remove(byte[] key, long ref, Decision decision) {
        Stored stored = decision.get(key);
        if (stored != null && !isNewer(stored, ref)) {
            decision.delete(key);
        }
    }

    private static boolean isNewer(@Nullable Stored stored, long ref) {
        return stored != null && Copy.decode(stored.payload()).ref() > ref;
    }

    /** Stores that the copies of a table which came from a partition went. */
    public void putTruncated(String table, int partition, long ref, @Nullable LogPlace place, Decision decision) {
        Truncation truncation = new Truncation(ref, place, Long.MAX_VALUE, false);
        decision.put(PlaceKeys.truncation(table, place == null ? "" : place.source(), partition), truncation.encode());
        unswept.put(table, PlaceKeys.copiesOf(table));
    }

    /** Whether copies may be left that a truncation took. */
    public boolean isToSweep() {
        return !unswept.isEmpty();
    }

    /**
     * Sweeps some of the copies that truncations took. When none is left the truncation is forgotten: what comes from its partition
     * comes in order, so no copy from before it can follow.
     */
    public void sweep(Decision decision) {
        if (unswept.isEmpty()) {
            return;
        }
        String table = unswept.keySet().iterator().next();
        CopyTruncations truncations = CopyTruncations.of(table, decision.before());
        int looked = 0;
        byte[] from = unswept.getOrDefault(table, PlaceKeys.copiesOf(table));
        for (byte[] range : List.of(PlaceKeys.copiesOf(table), PlaceKeys.recordsOf(table))) {
            if (from[0] > range[0]) {
                continue;
            }
            try (Scan copies = decision.before().scanPrefix(range)) {
                if (from[0] == range[0]) {
                    copies.seek(from);
                }
                while (copies.next()) {
                    if (looked == SWEPT_PER_TICK) {
                        unswept.put(table, copies.key());
                        return;
                    }
                    if (truncations.took(Copy.decode(copies.value()))) {
                        decision.delete(copies.key());
                    }
                    looked++;
                }
            }
        }
        unswept.remove(table);
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.truncationsOf(table))) {
            while (scan.next()) {
                decision.delete(scan.key());
            }
        }
    }
}
