package io.forebay.sync.association.state;

import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the copies of a partition, less what truncations took. */
public final class PlaceReader {

    private final StoreView view;
    private final Map<String, CopyTruncations> truncations = new HashMap<>();

    /** Reads a view. */
    public PlaceReader(StoreView view) {
        this.view = view;
    }

    /**
     * Shows the copies at a place.
     *
     * @param each shown one, tells whether to go on
     */
    public void copiesAt(Path place, Predicate<Copy> each) {
        copiesAt(place, null, (record, copy) -> each.test(copy));
    }

    /**
     * Shows the copies at a place.
     *
     * @param from where to begin; null at the beginning
     * @param each shown one and its record, tells whether to go on
     * @return where the one is that was shown last, if it said not to go on; null when all were shown
     */
    public byte @Nullable [] copiesAt(Path place, byte @Nullable [] from, BiPredicate<String, Copy> each) {
        return copies(PlaceKeys.copiesAt(place), place, from, key -> PlaceKeys.recordOf(key, place), each);
    }

    /**
     * Shows the copies at the places of a table's records.
     *
     * @param from where to begin; null at the beginning
     * @param each shown one and its record, tells whether to go on
     * @return where the one is that was shown last, if it said not to go on; null when all were shown
     */
    public byte @Nullable [] copiesOf(Path table, byte @Nullable [] from, BiPredicate<String, Copy> each) {
        return copies(PlaceKeys.recordsOf(table.part(0)), table, from, PlaceKeys::recordOf, each);
    }

    private byte @Nullable [] copies(
            byte[] start,
            Path of,
            byte @Nullable [] from,
            Function<byte[], String> recordOf,
            BiPredicate<String, Copy> each) {
        CopyTruncations taken = truncationsOf(of);
        try (Scan scan = view.scanPrefix(start)) {
            if (from != null) {
                scan.seek(from);
            }
            while (scan.next()) {
                Copy copy = Copy.decode(scan.value());
                if (!taken.took(copy) && !each.test(recordOf.apply(scan.key()), copy)) {
                    return scan.key();
                }
            }
        }
        return null;
    }

    /** The copy at the place of a record itself; null where there is none. */
    public @Nullable Copy copyOf(Path record) {
        Stored stored = view.get(PlaceKeys.record(record));
        Copy copy = stored == null ? null : Copy.decode(stored.payload());
        return copy == null || truncationsOf(record).took(copy) ? null : copy;
    }

    private CopyTruncations truncationsOf(Path place) {
        return truncations.computeIfAbsent(place.part(0), table -> CopyTruncations.of(table, view));
    }
}
