package io.forebay.cache.state;

import io.forebay.command.Decision;
import io.forebay.keys.state.KeyTable;
import io.forebay.keys.state.KeyTable.Evicted;
import io.forebay.schemas.path.Path;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many entries caches may have on one partition, and what goes when there are more.
 *
 * <p><b>Which.</b> Those go whose last use is the longest ago, as far as the log tells: when they were filled, or read while
 * they were fresh. A read is told once in a tenth of the shortest lifetime among an entry's readers, or every few seconds,
 * so among entries that were last used within such a time of each other any may go first. Finer recency would be a record
 * for every read; and since the order is that of an index over what is stored, any owner of the partition finds the same.
 *
 * <p><b>When.</b> The fill that is one too many takes one out with it, so a partition never has more than its share. A limit
 * that is lowered below what is there does not hold anything up: ticks take the rest out piece by piece, and until then
 * every fill takes out two.
 *
 * <p><b>At what cost.</b> An entry of a cache has one more index entry, which a fill or a told read replaces. A fill of a
 * cache that has a limit reads one counter, and where it is full the first entry of the index and its record. It seeks past
 * what was removed before, which the index would otherwise have to step over.
 *
 * <p>Limits are part of what was decided, not of an instance's configuration: a replay has to take out the same entries.
 */
public final class Limits {

    private static final int BY_FILL = 2;

    private final Map<String, Long> limits = new TreeMap<>();

    /** Namespaces that may have more than their limit: fills alone add none. */
    private final TreeSet<String> above = new TreeSet<>();

    /** The limits of an open store. */
    public Limits(PartitionStore store) {
        try (StoreView view = store.snapshot();
                Scan scan = view.scanPrefix(LoadKeys.limits())) {
            while (scan.next()) {
                limits.put(
                        LoadKeys.limited(scan.key()),
                        ByteBuffer.wrap(scan.value()).getLong());
            }
        }
        // Where there are not too many the first tick finds that out.
        above.addAll(limits.keySet());
    }

    /** A partition's share of a number of entries; the shares of all partitions add up to it. */
    public static long share(long entries, int partitions, int partition) {
        return entries / partitions + (partition < entries % partitions ? 1 : 0);
    }

    /**
     * Sets limits in place of those that held before.
     *
     * @param wanted entries on this partition, by the cache's namespace
     */
    public void set(Decision decision, Map<String, Long> wanted) {
        if (wanted.equals(limits)) {
            return;
        }
        for (String namespace : limits.keySet()) {
            if (!wanted.containsKey(namespace)) {
                decision.delete(LoadKeys.limit(namespace));
            }
        }
        wanted.forEach((namespace, entries) -> {
            if (!entries.equals(limits.get(namespace))) {
                decision.put(
                        LoadKeys.limit(namespace),
                        ByteBuffer.allocate(8).putLong(entries).array());
            }
        });
        limits.clear();
        limits.putAll(wanted);
        above.clear();
        above.addAll(limits.keySet());
    }

    /** Whether there may be something for ticks to take out. */
    public boolean isAnyAbove() {
        return !above.isEmpty();
    }

    /**
     * Makes room for an entry that is filled.
     *
     * @param isNew whether nothing was stored under its key before
     * @return how many entries were taken out
     */
    public int filled(Decision decision, KeyTable table, Path key, boolean isNew) {
        String namespace = key.part(0);
        long excess = excess(decision, table, namespace) + (isNew ? 1 : 0);
        return excess <= 0
                ? 0
                : table.evict(decision, namespace, key, Math.min(excess, BY_FILL))
                        .live();
    }

    /** What was taken out of a cache. */
    public record Trimmed(String namespace, int entries) {}

    /** Takes out what one cache has too many, up to a number; null when nothing was to be looked at. */
    public @Nullable Trimmed trim(Decision decision, KeyTable table, int most) {
        if (above.isEmpty()) {
            return null;
        }
        String namespace = above.first();
        long excess = excess(decision, table, namespace);
        Evicted evicted =
                excess <= 0 ? new Evicted(0, 0) : table.evict(decision, namespace, null, Math.min(excess, most));
        if (evicted.records() == 0 || evicted.records() >= excess) {
            above.remove(namespace);
        }
        return new Trimmed(namespace, evicted.live());
    }

    private long excess(Decision decision, KeyTable table, String namespace) {
        Long limit = limits.get(namespace);
        return limit == null ? Long.MIN_VALUE : table.stored(decision, namespace) - limit;
    }
}
