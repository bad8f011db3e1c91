package io.forebay.sync.association.state;

import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.sync.row.Truncation;
import java.util.HashMap;
import java.util.Map;

/** The truncations of one table that took copies which may still be there, by their keys. */
final class CopyTruncations {

    private record Of(int partition, Truncation truncation) {}

    private final Map<Path, Of> known = new HashMap<>();

    static CopyTruncations of(String table, StoreView view) {
        CopyTruncations truncations = new CopyTruncations();
        try (Scan scan = view.scanPrefix(PlaceKeys.truncationsOf(table))) {
            while (scan.next()) {
                truncations.put(PlaceKeys.truncated(scan.key()), Truncation.decode(scan.value()));
            }
        }
        return truncations;
    }

    void put(Path key, Truncation truncation) {
        known.put(key, new Of(Integer.parseInt(key.part(2)), truncation));
    }

    boolean took(Copy copy) {
        return known.values().stream()
                .anyMatch(of -> of.partition() == copy.partition()
                        && of.truncation().took(copy.ref(), copy.row().place()));
    }
}
