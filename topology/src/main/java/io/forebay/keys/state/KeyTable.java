package io.forebay.keys.state;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one partition as its writer changes them. Every access to a key passes through {@link #get}, which first lets
 * happen to it what is due: a deletion that hides it, or its expiry. So whatever comes next is told after that, and nothing
 * is told twice.
 */
public final class KeyTable {

    /** Told every change. */
    @FunctionalInterface
    public interface Listener {

        /**
         * One key changed.
         *
         * @param decision the decision it belongs to
         * @param source offset of the input record at which it took effect: that of the decision, or an earlier one's
         * @param record what was stored, or what is gone
         */
        void changed(Decision decision, Path key, KeyChange change, long source, StoredKey record);
    }

    /** Entries gone through, for each one that a deletion may concern, before it is given up as too large. */
    private static final int READS_PER_DELETED = 4;

    /** Bytes of values that are told at once, a piece of no time; a value more is always told. */
    private static final long BYTES_AT_ONCE = 8 * 1024 * 1024;

    /** Bytes of values that a deletion may go through before it is given up as too large: some tenths of a second. */
    private static final long BYTES_OF_DELETION = 256 * 1024 * 1024;

    private final PartitionStore store;
    private final Listener listener;
    private final List<Deletion> deletions;

    /** No entry of the due index is earlier. Removed entries in front of the first one would be read again and again. */
    private long earliestDue;

    private boolean moreDue;

    /** By namespace: nothing in it was last used before. As {@link #earliestDue}. */
    private final Map<String, Long> earliestUse = new HashMap<>();

    /** Bytes of values whose end was told so far. */
    private long removedBytes;

    /** The table of an open store. */
    public KeyTable(PartitionStore store, Listener listener) {
        this.store = store;
        this.listener = listener;
        try (StoreView view = store.snapshot()) {
            this.deletions = new ArrayList<>(KeyReader.deletions(view));
        }
    }

    /** One key's record, or null. What is due to happen to it happens first. */
    public @Nullable StoredKey get(Decision decision, Path key) {
        StoredKey record = unhidden(decision, key);
        if (record != null && record.isExpired(decision.logTime())) {
            remove(decision, key, KeyChange.expired, decision.offset(), record);
            return null;
        }
        return record;
    }

    /** Stores a record in place of what {@link #get} answered. */
    public void put(Decision decision, Path key, StoredKey record) {
        write(decision, key, record);
        listener.changed(decision, key, KeyChange.put, decision.offset(), record);
    }

    /** Removes a key; false when there is none. */
    public boolean delete(Decision decision, Path key) {
        StoredKey record = get(decision, key);
        if (record == null) {
            return false;
        }
        remove(decision, key, KeyChange.deleted, decision.offset(), record);
        return true;
    }

    /**
     * Starts a key's lifetime anew; false when there is none.
     *
     * @param at when it was read; see {@link #renew}
     */
    public boolean touch(Decision decision, Path key, long at) {
        return renew(decision, key, at) || get(decision, key) != null;
    }

    /**
     * Starts a key's lifetime anew for a read of it; false when nothing came of that. A read before its end counts even
     * when it is told later, as long as nothing was told of the end.
     *
     * @param at when it was read
     */
    public boolean renew(Decision decision, Path key, long at) {
        StoredKey record = unhidden(decision, key);
        long read = Math.min(at, decision.logTime());
        if (record == null || record.isExpired(read)) {
            return false;
        }
        StoredKey renewed = record.touchedAt(read);
        if (renewed.isExpired(decision.logTime())) {
            return false;
        }
        if (renewed.expiresAt() != record.expiresAt()) {
            write(decision, key, renewed);
        }
        return true;
    }

    /**
     * Removes what a match meets as the store was before the decision. Many keys are gone at once for every reader, and
     * carried away by later decisions.
     *
     * @param where what else must hold of a record
     * @param atOnce how many are removed with this decision
     * @param most how many it may concern
     * @return how many are gone; empty when there are more, in which case nothing was done
     */
    public OptionalInt deleteMatching(
            Decision decision, PathMatch match, BiPredicate<Path, StoredKey> where, int atOnce, int most) {
        List<Path> found = new ArrayList<>();
        int count = 0;
        long bytes = 0;
        long bytesRead = 0;
        long reads = decision.before().entriesRead();
        try (KeyScan scan = KeyScan.of(decision.before(), match, null)) {
            while (scan.next()) {
                if (decision.before().entriesRead() - reads > (long) READS_PER_DELETED * most + 100) {
                    return OptionalInt.empty();
                }
                if (!scan.matches()) {
                    continue;
                }
                Path key = scan.path();
                StoredKey record = scan.record();
                bytesRead += record.value().length;
                if (isLive(decision, key, record) && where.test(key, record)) {
                    count++;
                    bytes += record.value().length;
                    if (found.size() <= atOnce) {
                        found.add(key);
                    }
                }
                if (count > most || bytesRead > BYTES_OF_DELETION) {
                    return OptionalInt.empty();
                }
            }
        }
        boolean isSmall = count <= atOnce && (bytes <= BYTES_AT_ONCE || atOnce == most);
        if (isSmall) {
            found.forEach(key -> delete(decision, key));
        } else {
            Deletion deletion = new Deletion(decision.offset(), decision.logTime(), match, null, null);
            decision.put(deletion.key(), deletion.encode());
            deletions.add(deletion);
        }
        return OptionalInt.of(count);
    }

    /**
     * Removes what a match meets, however much it is and without counting it, as the store was before the decision.
     *
     * @param tag which of these: those that have the tag; null for all. A match with a tag is of a whole namespace
     * @param atOnce how many are removed with this decision
     */
    public void deleteAll(Decision decision, PathMatch match, @Nullable String tag, int atOnce) {
        Deletion deletion = new Deletion(decision.offset(), decision.logTime(), match, tag, null);
        deletions.add(deletion);
        Deletion rest = carryOut(decision, deletion, atOnce);
        deletions.remove(deletions.size() - 1);
        if (rest != null) {
            decision.put(rest.key(), rest.encode());
            deletions.add(rest);
        }
    }

    /** Whether a record is stored under a key, whether or not it is still there for readers. */
    public boolean isStored(Decision decision, Path key) {
        return decision.get(KeyBytes.of(key)) != null;
    }

    /**
     * How many records of a namespace were stored before the decision, those included that are not there for readers any more
     * and not removed yet.
     */
    public long stored(Decision decision, String namespace) {
        return decision.before().count(KeyBytes.countOf(namespace));
    }

    /**
     * What was removed of a namespace.
     *
     * @param records that are not stored any more
     * @param live those of them that were there for readers
     */
    public record Evicted(int records, int live) {}

    /**
     * Removes records of a namespace that is indexed by use, as it was before the decision: those first that were used the
     * longest ago, and in path order those of the same time.
     *
     * @param except a key that stays
     * @param most how many, unless one record would tell too much
     */
    public Evicted evict(Decision decision, String namespace, @Nullable Path except, long most) {
        long bytesBefore = removedBytes;
        int records = 0;
        int live = 0;
        byte[] from = KeyBytes.usedFrom(namespace, earliestUse.getOrDefault(namespace, 0L));
        try (Scan scan = decision.before().scanIndex(from, KeyBytes.usedEnd(namespace))) {
            while (records < most && removedBytes - bytesBefore < BYTES_AT_ONCE && scan.next()) {
                earliestUse.put(namespace, KeyBytes.usedTime(scan.key()));
                Path key = KeyBytes.path(KeyBytes.usedKey(scan.key()));
                if (except == null || !key.equals(except)) {
                    live += delete(decision, key) ? 1 : 0;
                    records++;
                }
            }
        }
        return new Evicted(records, live);
    }

    /** Whether there is work that the next tick should go on with. */
    public boolean hasPendingWork() {
        return moreDue || !deletions.isEmpty();
    }

    /** The earliest time at which the end of a key is due to be told; {@link StoredKey#NEVER}. */
    public long dueAt() {
        if (earliestDue == StoredKey.NEVER) {
            return StoredKey.NEVER;
        }
        try (StoreView view = store.snapshot()) {
            return dueAt(view);
        }
    }

    private long dueAt(StoreView view) {
        try (Scan scan = view.scanIndex(KeyBytes.dueFrom(earliestDue), KeyBytes.dueEnd())) {
            earliestDue = scan.next() ? KeyBytes.dueTime(scan.key()) : StoredKey.NEVER;
            return earliestDue;
        }
    }

    /** Expires what is due, in the order of its expiry, up to a number and to what one record may tell. */
    public void expire(Decision decision, int most) {
        long now = decision.logTime();
        long bytesBefore = removedBytes;
        int expired = 0;
        moreDue = false;
        if (dueAt(decision.before()) > now) {
            return;
        }
        try (Scan scan = decision.before().scanIndex(KeyBytes.dueFrom(earliestDue), KeyBytes.dueEnd())) {
            while (scan.next()) {
                long time = KeyBytes.dueTime(scan.key());
                if (time > now) {
                    earliestDue = time;
                    return;
                }
                if (expired == most || removedBytes - bytesBefore >= BYTES_AT_ONCE) {
                    moreDue = true;
                    return;
                }
                get(decision, KeyBytes.path(KeyBytes.dueKey(scan.key())));
                expired++;
            }
        }
    }

    /** Carries out deletions, up to a number of entries and to what one record may tell. */
    public void carryOut(Decision decision, int most) {
        if (deletions.isEmpty()) {
            return;
        }
        Deletion deletion = deletions.get(0);
        Deletion rest = carryOut(decision, deletion, most);
        if (rest != null) {
            decision.put(rest.key(), rest.encode());
            deletions.set(0, rest);
            return;
        }
        decision.delete(deletion.key());
        deletions.remove(0);
    }

    /** Carries out a deletion that is one of those known; answers what is left of it, null when nothing is. */
    private @Nullable Deletion carryOut(Decision decision, Deletion deletion, int most) {
        long bytesBefore = removedBytes;
        int read = 0;
        try (Candidates candidates = candidates(decision.before(), deletion)) {
            while (candidates.next()) {
                Path last = candidates.path();
                if (candidates.matches()) {
                    get(decision, last);
                }
                if (++read == most || removedBytes - bytesBefore >= BYTES_AT_ONCE) {
                    return deletion.carriedOutUpTo(last);
                }
            }
        }
        return null;
    }

    private static Candidates candidates(StoreView view, Deletion deletion) {
        String tag = deletion.tag();
        return tag == null
                ? new Matching(KeyScan.of(view, deletion.match(), deletion.after()))
                : Tagged.of(view, deletion.match().literalPrefix().get(0), tag, deletion.after());
    }

    /** What a deletion may concern, in path order. */
    private interface Candidates extends AutoCloseable {

        boolean next();

        /** Whether the deletion meets the current key. */
        boolean matches();

        Path path();

        @Override
        void close();
    }

    private record Matching(KeyScan scan) implements Candidates {

        @Override
        public boolean next() {
            return scan.next();
        }

        @Override
        public boolean matches() {
            return scan.matches();
        }

        @Override
        public Path path() {
            return scan.path();
        }

        @Override
        public void close() {
            scan.close();
        }
    }

    private record Tagged(Scan scan) implements Candidates {

        static Tagged of(StoreView view, String namespace, String tag, @Nullable Path after) {
            byte[] all = KeyBytes.tagged(namespace, tag);
            byte[] from = after == null ? all : KeyBytes.next(KeyBytes.tagged(tag, KeyBytes.of(after)));
            return new Tagged(view.scanIndex(from, KeyBytes.afterSubtree(all, all.length)));
        }

        @Override
        public boolean next() {
            return scan.next();
        }

        @Override
        public boolean matches() {
            return true;
        }

        @Override
        public Path path() {
            return KeyBytes.path(KeyBytes.taggedKey(scan.key()));
        }

        @Override
        public void close() {
            scan.close();
        }
    }

    /** One key's record after the deletions that hide it, expired or not; null. */
    private @Nullable StoredKey unhidden(Decision decision, Path key) {
        Stored stored = decision.get(KeyBytes.of(key));
        if (stored == null) {
            return null;
        }
        StoredKey record = StoredKey.decode(stored.payload());
        for (Deletion deletion : deletions) {
            if (deletion.hides(key, record)) {
                KeyChange change = record.isExpired(deletion.logTime()) ? KeyChange.expired : KeyChange.deleted;
                remove(decision, key, change, deletion.commit(), record);
                return null;
            }
        }
        return record;
    }

    private boolean isLive(Decision decision, Path key, StoredKey record) {
        return !record.isExpired(decision.logTime())
                && deletions.stream().noneMatch(deletion -> deletion.hides(key, record));
    }

    private void write(Decision decision, Path key, StoredKey record) {
        decision.put(KeyBytes.of(key), record.encode());
        earliestDue = Math.min(earliestDue, record.dueAt());
    }

    private void remove(Decision decision, Path key, KeyChange change, long source, StoredKey record) {
        removedBytes += record.value().length;
        decision.delete(KeyBytes.of(key));
        listener.changed(decision, key, change, source, record);
    }
}
