package io.forebay.cache.state;

import io.forebay.command.Decision;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The loads under way on one partition, as its writer changes them; kept in memory beside the store, since they are few.
 *
 * <p>A lease's token is the offset of the command that it was given to. So whether a load began before an invalidation is
 * seen by comparing two offsets, and what has to be kept of an invalidation is no generation of every key it may concern
 * but itself, for as long as some load that began before it has its lease. While nothing is loaded nothing is kept.
 *
 * <p>An invalidation by key or match also ends the leases it meets: whoever asks next must not wait for a load that began
 * before. One by tag does not, because nobody knows which tags a load will come with.
 */
public final class Loads {

    private final NavigableMap<Path, Lease> leases = new TreeMap<>();
    private final TreeSet<Lease> leasesByEnd = new TreeSet<>(Lease.BY_END);

    /** Of one key each, the latest. */
    private final Map<Path, Invalidation> ofKeys = new HashMap<>();

    private final List<Invalidation> ofMany = new ArrayList<>();
    private final TreeSet<Invalidation> invalidationsByEnd = new TreeSet<>(Invalidation.BY_END);

    /** The loads under way in an open store. */
    public Loads(PartitionStore store) {
        try (StoreView view = store.snapshot()) {
            try (Scan scan = view.scanPrefix(LoadKeys.leases())) {
                while (scan.next()) {
                    remember(Lease.decode(LoadKeys.leased(scan.key()), scan.value()));
                }
            }
            try (Scan scan = view.scanPrefix(LoadKeys.invalidations())) {
                while (scan.next()) {
                    remember(Invalidation.decode(scan.key(), scan.value()));
                }
            }
        }
    }

    /** The lease of an entry in one state of the store, a pause included; null when there is none that has not ended. */
    public static @Nullable Lease find(StoreView view, Path key) {
        Stored stored = view.get(LoadKeys.lease(key));
        Lease lease = stored == null ? null : Lease.decode(key, stored.payload());
        return lease == null || lease.until() <= view.now() ? null : lease;
    }

    /** The lease of an entry that somebody has, or null. */
    public @Nullable Lease lease(Decision decision, Path key) {
        Lease lease = leases.get(key);
        return lease != null && isHeld(lease, decision) ? lease : null;
    }

    /** Whether a refresh of an entry failed and is not to be tried again yet. */
    public boolean isPaused(Decision decision, Path key) {
        Lease lease = leases.get(key);
        return lease != null && !lease.isHeld() && lease.until() > decision.logTime();
    }

    private static boolean isHeld(Lease lease, Decision decision) {
        return lease.isHeld() && lease.until() > decision.logTime();
    }

    /** Gives the lease of an entry to the command that is decided. */
    public void grant(Decision decision, Lease lease) {
        end(decision, lease.key());
        remember(lease);
        decision.put(LoadKeys.lease(lease.key()), lease.encode());
    }

    /** Ends a lease whose refresh has failed; those who take the older value do not try again before a time. */
    public void pause(Decision decision, Lease lease, long until) {
        grant(decision, lease.paused(until));
    }

    /** Ends the lease of an entry, if there is one. */
    public void end(Decision decision, Path key) {
        Lease lease = leases.remove(key);
        if (lease != null) {
            leasesByEnd.remove(lease);
            decision.delete(LoadKeys.lease(key));
        }
    }

    /** Whether what was loaded under a lease may be older than an invalidation that concerns it. */
    public boolean isOutdated(Path key, long lease, Collection<String> tags) {
        Invalidation ofKey = ofKeys.get(key);
        if (ofKey != null && ofKey.concerns(key, lease, tags)) {
            return true;
        }
        return ofMany.stream().anyMatch(invalidation -> invalidation.concerns(key, lease, tags));
    }

    /**
     * An entry is invalidated.
     *
     * @param index among those of the same command
     */
    public void invalidate(Decision decision, Path key, int index) {
        Lease lease = lease(decision, key);
        if (lease != null) {
            keep(decision, index, lease.until(), PathMatch.exactly(key), null);
        }
        end(decision, key);
    }

    /** The entries that a match within a namespace meets are invalidated. */
    public void invalidate(Decision decision, PathMatch match) {
        long until = Long.MIN_VALUE;
        List<Path> met = new ArrayList<>();
        for (Lease lease : leasesOf(match.literalPrefix().get(0))) {
            if (match.matches(lease.key())) {
                until = isHeld(lease, decision) ? Math.max(until, lease.until()) : until;
                met.add(lease.key());
            }
        }
        if (until > decision.logTime()) {
            keep(decision, 0, until, match, null);
        }
        met.forEach(key -> end(decision, key));
    }

    /** The entries of a namespace that have a tag are invalidated. */
    public void invalidateTag(Decision decision, String namespace, String tag) {
        long until = Long.MIN_VALUE;
        for (Lease lease : leasesOf(namespace)) {
            until = isHeld(lease, decision) ? Math.max(until, lease.until()) : until;
        }
        if (until > decision.logTime()) {
            keep(decision, 0, until, PathMatch.below(Path.of(namespace)), tag);
        }
    }

    /** When the next lease or invalidation has had its time. */
    public long dueAt() {
        long lease =
                leasesByEnd.isEmpty() ? Long.MAX_VALUE : leasesByEnd.first().until();
        long invalidation = invalidationsByEnd.isEmpty()
                ? Long.MAX_VALUE
                : invalidationsByEnd.first().until();
        return Math.min(lease, invalidation);
    }

    /** Forgets what has had its time, up to a number. Nothing is decided by this: who waits for a lease hears of it. */
    public void lapse(Decision decision, int most) {
        for (int i = 0; i < most && !leasesByEnd.isEmpty(); i++) {
            Lease lease = leasesByEnd.first();
            if (lease.until() > decision.logTime()) {
                break;
            }
            end(decision, lease.key());
        }
        for (int i = 0; i < most && !invalidationsByEnd.isEmpty(); i++) {
            Invalidation invalidation = invalidationsByEnd.first();
            if (invalidation.until() > decision.logTime()) {
                break;
            }
            forget(decision, invalidation);
        }
    }

    private List<Lease> leasesOf(String namespace) {
        List<Lease> found = new ArrayList<>();
        for (Lease lease : leases.tailMap(Path.of(namespace)).values()) {
            if (!lease.key().part(0).equals(namespace)) {
                break;
            }
            found.add(lease);
        }
        return found;
    }

    private void keep(Decision decision, int index, long until, PathMatch match, @Nullable String tag) {
        Invalidation invalidation = new Invalidation(decision.offset(), index, until, match, tag);
        Invalidation replaced = match.isExact() ? ofKeys.get(Path.of(match.literalPrefix())) : null;
        if (replaced != null) {
            // The newer one concerns every load that the older one does, and no shorter: see the greater end.
            forget(decision, replaced);
            invalidation = new Invalidation(decision.offset(), index, Math.max(until, replaced.until()), match, tag);
        }
        remember(invalidation);
        decision.put(invalidation.key(), invalidation.encode());
    }

    private void forget(Decision decision, Invalidation invalidation) {
        invalidationsByEnd.remove(invalidation);
        if (invalidation.match().isExact()) {
            ofKeys.remove(Path.of(invalidation.match().literalPrefix()));
        } else {
            ofMany.remove(invalidation);
        }
        decision.delete(invalidation.key());
    }

    private void remember(Lease lease) {
        leases.put(lease.key(), lease);
        leasesByEnd.add(lease);
    }

    private void remember(Invalidation invalidation) {
        invalidationsByEnd.add(invalidation);
        if (invalidation.match().isExact()) {
            ofKeys.put(Path.of(invalidation.match().literalPrefix()), invalidation);
        } else {
            ofMany.add(invalidation);
        }
    }
}
