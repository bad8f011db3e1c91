package io.forebay.presence.state;

import io.forebay.command.Decision;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.util.Arrays;
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
    private final Waves waves;
    private final OpenBatches batches;

    /** The table of an open store. */
    public PresenceTable(PartitionStore store, Listener listener) {
        this.listener = listener;
        try (StoreView view = store.snapshot()) {
            this.waves = Waves.of(view);
            this.batches = OpenBatches.of(view);
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
                Outstanding.carried(decision, wave, statusOf(current), statusOf(next));
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
        change(decision, guild, user, old, presence);
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
        change(decision, guild, user, old, null);
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

    Waves waves() {
        return waves;
    }

    OpenBatches batches() {
        return batches;
    }

    /** Status of a presence as everybody sees it, null where there is none; carries nothing over. */
    @Nullable
    StatusCode statusNow(Decision decision, long guild, long user) {
        return statusOf(new PresenceReader(decision::get).effective(guild, user, waves.of(guild)));
    }

    private void change(
            Decision decision, long guild, long user, @Nullable StoredPresence old, @Nullable StoredPresence now) {
        write(decision, guild, user, now);
        batches.moved(decision, guild, user, statusOf(old), statusOf(now));
        listener.changed(decision, guild, user, decision.offset(), old, now);
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

    static @Nullable StatusCode statusOf(@Nullable StoredPresence presence) {
        return presence == null ? null : presence.status();
    }
}
