package io.forebay.presence.state;

import io.forebay.command.Decision;
import io.forebay.presence.state.Wave.Effect;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The presences of one partition as its writer changes them. Every change of a presence passes through here, and each is
 * told once, in the order in which they took effect.
 */
public final class PresenceTable {

    /** Told every change. */
    @FunctionalInterface
    public interface Listener {

        /**
         * One presence changed.
         *
         * @param decision the decision it belongs to
         * @param source offset of the input record at which it took effect: that of the decision, or an earlier one's
         * @param old null when there was none
         * @param now null when it went
         */
        void changed(
                Decision decision,
                long guild,
                long user,
                long source,
                @Nullable StoredPresence old,
                @Nullable StoredPresence now);
    }

    private final Listener listener;
    private Waves waves;

    /** The table of an open store. */
    public PresenceTable(PartitionStore store, Listener listener) {
        this.listener = listener;
        try (StoreView view = store.snapshot()) {
            this.waves = Waves.of(view);
        }
    }

    /** One presence, or null. What waves did to it is carried over first. */
    @SuppressWarnings("ReferenceEquality") // a wave answers the same object when it has no effect
    public @Nullable StoredPresence get(Decision decision, long guild, long user) {
        PresenceReader reader = new PresenceReader(decision::get);
        StoredPresence current = reader.stored(PresenceKeys.presence(guild, user));
        for (Wave wave : waves.of(guild)) {
            byte[] stagedKey = PresenceKeys.staged(guild, wave.batch(), user);
            StoredPresence staged = reader.stored(stagedKey);
            StoredPresence next = wave.apply(current, staged);
            if (staged != null) {
                decision.delete(stagedKey);
            }
            if (next != current) {
                write(decision, guild, user, next);
                if (current == null || next == null || !sameValue(current, next)) {
                    listener.changed(decision, guild, user, wave.commit(), current, next);
                }
                current = next;
            }
        }
        return current;
    }

    /** Stores a presence without telling it: an update that changed neither status nor activities. */
    public void putSilently(Decision decision, long guild, long user, StoredPresence presence) {
        write(decision, guild, user, presence);
    }

    /**
     * Stores a presence.
     *
     * @param old what {@link #get} answered
     */
    public void put(Decision decision, long guild, long user, @Nullable StoredPresence old, StoredPresence presence) {
        write(decision, guild, user, presence);
        listener.changed(decision, guild, user, decision.offset(), old, presence);
    }

    /** Stores a presence as a whole; told unless it is equal to what was there. */
    public void replace(Decision decision, long guild, long user, StoredPresence presence) {
        StoredPresence old = get(decision, guild, user);
        if (old != null && sameValue(old, presence)) {
            putSilently(decision, guild, user, presence);
        } else {
            put(decision, guild, user, old, presence);
        }
    }

    /** Removes a presence. */
    public boolean remove(Decision decision, long guild, long user) {
        StoredPresence old = get(decision, guild, user);
        if (old == null) {
            return false;
        }
        write(decision, guild, user, null);
        listener.changed(decision, guild, user, decision.offset(), old, null);
        return true;
    }

    /** Whether a guild's presences are few enough to be gone through in one decision. */
    public boolean isSmall(Decision decision, long guild, int limit) {
        return waves.of(guild).isEmpty() && decision.before().count(PresenceKeys.countOf(guild)) <= limit;
    }

    /** Removes, one by one, the presences of a small guild whose users are not listed. */
    public void removeOthers(Decision decision, long guild, Set<Long> listed) {
        try (Scan scan = decision.before().scanPrefix(PresenceKeys.presences(guild))) {
            while (scan.next()) {
                long user = PresenceKeys.userOf(scan.key());
                if (!listed.contains(user)) {
                    remove(decision, guild, user);
                }
            }
        }
    }

    /** Puts a presence aside for a bulk write. */
    public void stage(Decision decision, long guild, byte[] batch, long user, StoredPresence presence) {
        decision.put(PresenceKeys.staged(guild, batch, user), presence.encode());
    }

    /**
     * Makes a bulk write visible with this decision.
     *
     * @param replace whether the staged presences are the guild's whole set
     */
    public void commit(Decision decision, long guild, byte[] batch, boolean replace) {
        addWave(decision, guild, batch, replace ? Effect.REPLACE : Effect.MERGE);
    }

    /** Gives up a bulk write of which chunks were staged. */
    public void discard(Decision decision, long guild, byte[] batch) {
        addWave(decision, guild, batch, Effect.DISCARD);
    }

    /** Whether there are waves to be folded. */
    public boolean hasPendingWork() {
        return !waves.isEmpty();
    }

    /**
     * Folds some more of the first wave.
     *
     * @param limit number of presences to carry over at the most
     */
    public void fold(Decision decision, int limit) {
        Wave wave = waves.first();
        if (wave == null) {
            return;
        }
        long guild = wave.guild();
        StoreView before = decision.before();
        try (Scan staged = before.scanPrefix(PresenceKeys.staged(guild, wave.batch()));
                Scan base = before.scanPrefix(PresenceKeys.presences(guild))) {
            boolean goesThroughBase = wave.effect() == Effect.REPLACE;
            Long after = wave.after();
            if (after != null) {
                staged.seek(PresenceKeys.staged(guild, wave.batch(), after));
                base.seek(PresenceKeys.presence(guild, after));
            }
            Long nextStaged = nextUser(staged, true, after);
            Long nextBase = goesThroughBase ? nextUser(base, false, after) : null;
            for (int folded = 0; folded < limit; folded++) {
                if (nextStaged == null && nextBase == null) {
                    decision.delete(wave.key());
                    waves.removeFirst(guild);
                    return;
                }
                long user = lesser(nextStaged, nextBase);
                if (wave.effect() == Effect.DISCARD) {
                    decision.delete(PresenceKeys.staged(guild, wave.batch(), user));
                } else {
                    get(decision, guild, user);
                }
                after = user;
                if (nextStaged != null && nextStaged == user) {
                    nextStaged = nextUser(staged, true, after);
                }
                if (nextBase != null && nextBase == user) {
                    nextBase = nextUser(base, false, after);
                }
            }
            Wave rest = after == null ? wave : wave.foldedUpTo(after);
            decision.put(rest.key(), rest.encode());
            waves.replaceFirst(rest);
        }
    }

    /** Id of a batch that one record makes and commits. */
    public static byte[] batchOf(long offset) {
        return ByteBuffer.allocate(PresenceKeys.BATCH_BYTES).putLong(offset).array();
    }

    private void addWave(Decision decision, long guild, byte[] batch, Effect effect) {
        long commit = decision.offset();
        List<Wave> present = waves.of(guild);
        if (!present.isEmpty() && present.get(present.size() - 1).commit() == commit) {
            throw new IllegalStateException("one decision adds one wave to a guild");
        }
        Wave wave = new Wave(guild, commit, batch, effect, null);
        decision.put(wave.key(), wave.encode());
        waves.add(wave);
    }

    private static void write(Decision decision, long guild, long user, @Nullable StoredPresence presence) {
        byte[] key = PresenceKeys.presence(guild, user);
        if (presence == null) {
            decision.delete(key);
        } else {
            decision.put(key, presence.encode());
        }
    }

    private static boolean sameValue(StoredPresence one, StoredPresence other) {
        return Arrays.equals(one.json(), other.json()) || one.object().sameValue(other.object());
    }

    private static @Nullable Long nextUser(Scan scan, boolean staged, @Nullable Long after) {
        while (scan.next()) {
            long user = staged ? PresenceKeys.stagedUser(scan.key()) : PresenceKeys.userOf(scan.key());
            if (after == null || Long.compareUnsigned(user, after) > 0) {
                return user;
            }
        }
        return null;
    }

    private static long lesser(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? Objects.requireNonNull(other) : one;
        }
        return Long.compareUnsigned(one, other) <= 0 ? one : other;
    }
}
