package io.forebay.http.calls;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of several partitions as one. A partition that stopped early knows nothing beyond the place it got to, so the
 * merged page ends at the least of those, or when it is full.
 *
 * @param entries in order
 * @param next the place after which the next page begins, null when there is none
 * @param <E> an entry
 * @param <K> the place of an entry in the order of the list
 */
public record MergedPages<E, K>(List<E> entries, @Nullable K next) {

    /**
     * What one partition has.
     *
     * @param entries in order
     * @param scannedTo the place up to which the partition was gone through, null when that is its end
     */
    public record Page<E, K>(List<E> entries, @Nullable K scannedTo) {}

    /** Merges pages that all begin after the same place. */
    public static <E, K> MergedPages<E, K> of(
            List<Page<E, K>> pages, Function<E, K> place, Comparator<K> order, int limit) {
        K bound = null;
        List<E> all = new ArrayList<>();
        for (Page<E, K> page : pages) {
            K scannedTo = page.scannedTo();
            if (scannedTo != null && (bound == null || order.compare(scannedTo, bound) < 0)) {
                bound = scannedTo;
            }
            all.addAll(page.entries());
        }
        all.sort(Comparator.comparing(place, order));
        List<E> entries = new ArrayList<>(Math.min(limit, all.size()));
        for (E entry : all) {
            if (bound != null && order.compare(place.apply(entry), bound) > 0) {
                break;
            }
            if (entries.size() == limit) {
                return new MergedPages<>(entries, place.apply(entries.get(limit - 1)));
            }
            entries.add(entry);
        }
        return new MergedPages<>(entries, bound);
    }
}
