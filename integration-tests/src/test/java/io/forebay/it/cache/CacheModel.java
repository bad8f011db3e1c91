package io.forebay.it.cache;

import io.forebay.it.keys.KeyLog;
import io.forebay.schemas.avro.BeginLoad;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.GiveUpLoad;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.TouchEntry;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one partition as plain maps have them. Every lease is remembered with what was invalidated under it, where the product
 * forgets an invalidation when no load can concern it any more; from then on a fill may be answered either way, and is not kept.
 */
final class CacheModel implements KeyLog.Model {
    /** What a command may be answered with. */
    enum Told {
        HIT,
        LEASE,
        WAIT,
        KEPT,
        NOT_KEPT,
        NOT_HELD,
        DONE,
        REFUSED
    }

    record Entry(String value, long touched, List<String> tags) {
        boolean isFresh(@Nullable Long lifetime, long now) {
            return lifetime == null || Math.max(0, now - touched) / 1000 < lifetime;
        }
    }

    private static final class Lease {
        final String key;
        final long until;
        boolean outdated;
        final Set<String> outdatedTags = new HashSet<>();

        Lease(String key, long until) {
            this.key = key;
            this.until = until;
        }

        boolean isOutdated(List<String> tags) {
            return outdated || !Collections.disjoint(outdatedTags, tags);
        }
    }

    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Lease> held = new HashMap<>();
    private final Map<Long, Lease> granted = new HashMap<>();
    private final Map<Long, Set<Told>> answers = new HashMap<>();

    /** Entries by canonical path, however old. */
    Map<String, Entry> entries() {
        return entries;
    }

    /** By offset, what a command may have been answered with. */
    Set<Told> answer(long offset) {
        return answers.getOrDefault(offset, Set.of());
    }

    /** Whether somebody has the lease of an entry. */
    boolean isUnderWay(String key, long now) {
        return held(key, now) != null;
    }

    @Override
    public void tick(long now) {}

    @Override
    public void apply(KeyCommand command, long offset, long now) {
        answers.put(
                offset,
                command.getCommand() instanceof CacheCommand cache
                        ? apply(cache.getCommand(), offset, now)
                        : EnumSet.of(Told.REFUSED));
    }

    private Set<Told> apply(Object asked, long offset, long now) {
        if (asked instanceof BeginLoad begin) {
            return EnumSet.of(begin(begin, offset, now));
        } else if (asked instanceof FillEntry fill) {
            return fill(fill, now);
        } else if (asked instanceof GiveUpLoad giveUp) {
            return giveUp(giveUp, now);
        } else if (asked instanceof TouchEntry touch) {
            touch(touch.getKey(), Math.min(touch.getAt(), now));
        } else if (asked instanceof InvalidateKeys invalidate) {
            Set<String> keys = Set.copyOf(invalidate.getKeys());
            invalidate(keys::contains, now);
        } else if (asked instanceof InvalidateMatch invalidate) {
            PathMatch match = PathMatch.parse(invalidate.getMatch());
            invalidate(key -> match.matches(Path.parse(key)), now);
        } else if (asked instanceof InvalidateTag invalidate) {
            invalidateTag(Path.of("cache:" + invalidate.getCache()) + "/", invalidate.getTag(), now);
        }
        return EnumSet.of(Told.DONE);
    }

    private Told begin(BeginLoad begin, long offset, long now) {
        Entry entry = entries.get(begin.getKey());
        if (entry != null && entry.isFresh(begin.getLifetime(), now)) {
            touch(begin.getKey(), now);
            return Told.HIT;
        }
        if (isUnderWay(begin.getKey(), now)) {
            return Told.WAIT;
        }
        Lease lease = new Lease(begin.getKey(), now + begin.getLeaseMs());
        held.put(begin.getKey(), lease);
        granted.put(offset, lease);
        return Told.LEASE;
    }

    private Set<Told> fill(FillEntry fill, long now) {
        Lease lease = lease(fill.getKey(), fill.getLease());
        boolean holds = lease != null && lease == held(fill.getKey(), now);
        if (lease != null && lease.until > now && lease.isOutdated(fill.getTags())) {
            if (holds) {
                held.remove(fill.getKey());
            }
            return EnumSet.of(Told.NOT_KEPT);
        }
        if (!holds) {
            return EnumSet.of(Told.NOT_KEPT, Told.NOT_HELD);
        }
        held.remove(fill.getKey());
        String value =
                StandardCharsets.UTF_8.decode(fill.getValue().duplicate()).toString();
        entries.put(fill.getKey(), new Entry(value, now, List.copyOf(fill.getTags())));
        return EnumSet.of(Told.KEPT);
    }

    private Set<Told> giveUp(GiveUpLoad giveUp, long now) {
        Lease lease = lease(giveUp.getKey(), giveUp.getLease());
        if (lease != null && lease == held(giveUp.getKey(), now)) {
            held.remove(giveUp.getKey());
            return EnumSet.of(Told.DONE);
        }
        return lease != null && lease.until > now && lease.outdated
                ? EnumSet.of(Told.DONE)
                : EnumSet.of(Told.DONE, Told.NOT_HELD);
    }

    private void touch(String key, long at) {
        entries.computeIfPresent(
                key, (any, entry) -> new Entry(entry.value(), Math.max(at, entry.touched()), entry.tags()));
    }

    private void invalidate(Predicate<String> concerned, long now) {
        entries.keySet().removeIf(concerned);
        for (Lease lease : List.copyOf(held.values())) {
            if (lease.until > now && concerned.test(lease.key)) {
                lease.outdated = true;
                held.remove(lease.key);
            }
        }
    }

    private void invalidateTag(String namespace, String tag, long now) {
        entries.entrySet()
                .removeIf(entry -> entry.getKey().startsWith(namespace)
                        && entry.getValue().tags().contains(tag));
        held.values().stream()
                .filter(lease -> lease.until > now && lease.key.startsWith(namespace))
                .forEach(lease -> lease.outdatedTags.add(tag));
    }

    private @Nullable Lease held(String key, long now) {
        Lease lease = held.get(key);
        return lease == null || lease.until <= now ? null : lease;
    }

    private @Nullable Lease lease(String key, long offset) {
        Lease lease = granted.get(offset);
        return lease == null || !lease.key.equals(key) ? null : lease;
    }
}
