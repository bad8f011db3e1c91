package io.forebay.sync.association.state;

import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads the copies of a partition, less what truncations took. */
public final class PlaceReader {

    private final StoreView view;
    private final Map<String, CopyTruncations> truncations = new HashMap<>();

    /** Reads a view. */
    public PlaceReader(StoreView view) {
        this.view = view;
    }

    /** Up to where each partition of row changes was heard of; those of which nothing was are absent. */
    public Map<Integer, Arrived> arrived() {
        Map<Integer, Arrived> arrived = new TreeMap<>();
        try (Scan scan = view.scanPrefix(PlaceKeys.space(PlaceKeys.ARRIVED))) {
            while (scan.next()) {
                arrived.put(PlaceKeys.partitionOf(scan.key()), Arrived.decode(scan.value()));
            }
        }
        return arrived;
    }

    /**
     * Shows the copies at a place.
     *
     * @param each shown one, tells whether to go on
     */
    public void copiesAt(Path place, Predicate<Copy> each) {
        CopyTruncations taken = truncations.computeIfAbsent(place.part(0), table -> CopyTruncations.of(table, view));
        try (Scan scan = view.scanPrefix(PlaceKeys.copiesAt(place))) {
            while (scan.next()) {
                Copy copy = Copy.decode(scan.value());
                if (!taken.took(copy) && !each.test(copy)) {
                    return;
                }
            }
        }
    }
}
