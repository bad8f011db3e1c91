package io.forebay.keys.state;

import io.forebay.schemas.path.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads of keys with a sliding lifetime, as the owner of their partition remembers them.
 *
 * <p>A read starts a lifetime anew, and a record for every read would cost more than the reads. So the owner remembers them,
 * answers by them at once, and tells the log of each key at most once in a tenth of its lifetime. What it has not told is
 * lost with it: a failover shortens a lifetime by that tenth at the most.
 *
 * <p>It holds a bounded number of keys. A key read beyond that is remembered only if it is to be told at once, so that its
 * lifetime may be a tenth shorter.
 *
 * <p>Thread safe: queries of any thread read, the partition's thread tells.
 */
public final class Renewals {

    /** A key that is to be told. */
    public record Renewal(Path key, long at) {}

    /**
     * What is known of one key.
     *
     * @param version of the record that was read
     * @param lifetime its lifetime
     * @param read when it was last read
     * @param told the last read that the log was told of
     */
    private record Known(long version, long lifetime, long read, long told) {

        boolean isUntold() {
            return read > told;
        }

        /** When the log may be told again. */
        long tellAt() {
            return StoredKey.after(told, tenth(lifetime));
        }
    }

    private static final int MOST_KEYS = 100_000;

    private static final int TOLD_AT_ONCE = 5_000;

    private final ConcurrentMap<Path, Known> known = new ConcurrentHashMap<>();

    /** No key is to be told, or forgotten, before. */
    private final AtomicLong next = new AtomicLong(StoredKey.NEVER);

    private static long tenth(long lifetime) {
        return Math.max(1, lifetime / 10);
    }

    /**
     * Remembers a read.
     *
     * @param record as it is stored
     * @return the record as it is after the read
     */
    StoredKey read(Path key, StoredKey record, long now) {
        boolean roomLeft = known.size() < MOST_KEYS || now - record.touched() >= tenth(record.lifetime());
        if (roomLeft || known.containsKey(key)) {
            Known merged = known.merge(
                    key,
                    new Known(record.version(), record.lifetime(), now, record.touched()),
                    (before, read) -> before.version() == read.version()
                            ? new Known(
                                    read.version(),
                                    read.lifetime(),
                                    Math.max(before.read(), now),
                                    Math.max(before.told(), read.told()))
                            : read);
            next.accumulateAndGet(merged.tellAt(), Math::min);
        }
        return record.touchedAt(now);
    }

    /** The record with the end that its reads have given it. */
    StoredKey renewed(Path key, StoredKey record) {
        Known reads = known.get(key);
        return reads == null || reads.version() != record.version() ? record : record.touchedAt(reads.read());
    }

    /** What the log is to be told now. It counts as told until {@link #untold} says otherwise. */
    public List<Renewal> take(long now) {
        if (now < next.get()) {
            return List.of();
        }
        // Reads that come meanwhile lower it again.
        next.set(StoredKey.NEVER);
        List<Renewal> renewals = new ArrayList<>();
        long soonest = StoredKey.NEVER;
        for (Path key : known.keySet()) {
            Known after = known.computeIfPresent(key, (path, reads) -> {
                if (now < reads.tellAt()) {
                    return reads;
                }
                if (!reads.isUntold()) {
                    return null;
                }
                if (renewals.size() == TOLD_AT_ONCE) {
                    return reads;
                }
                renewals.add(new Renewal(path, reads.read()));
                return new Known(reads.version(), reads.lifetime(), reads.read(), reads.read());
            });
            soonest = after == null ? soonest : Math.min(soonest, after.tellAt());
        }
        next.accumulateAndGet(soonest, Math::min);
        return renewals;
    }

    /** The log could not be told: it is to be tried again. */
    public void untold(List<Renewal> renewals) {
        for (Renewal renewal : renewals) {
            known.computeIfPresent(
                    renewal.key(),
                    (key, reads) -> new Known(
                            reads.version(), reads.lifetime(), reads.read(), Math.min(reads.told(), renewal.at() - 1)));
        }
        next.set(0);
    }
}
