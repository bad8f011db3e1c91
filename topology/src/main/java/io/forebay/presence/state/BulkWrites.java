package io.forebay.presence.state;

import io.forebay.command.Decision;
import io.forebay.presence.state.OpenBatches.Abandoned;
import io.forebay.presence.state.Wave.Effect;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bulk writes that are too large for one decision: put aside chunk by chunk, visible with their last chunk, and carried over
 * bit by bit.
 */
public final class BulkWrites {

    private final PresenceTable table;
    private final Waves waves;
    private final OpenBatches batches;

    /** The bulk writes to a table. */
    public BulkWrites(PresenceTable table) {
        this.table = table;
        this.waves = table.waves();
        this.batches = table.batches();
    }

    /** The state of a bulk write, or null when none is open under its sender's id. */
    public @Nullable OpenBatch open(Decision decision, long guild, String batchId) {
        return batches.get(decision, guild, OpenBatches.idOf(batchId));
    }

    /** Puts the presences of a chunk aside; the state is that with this chunk. */
    public void stage(
            Decision decision, long guild, String batchId, OpenBatch state, Map<Long, StoredPresence> presences) {
        batches.put(decision, guild, OpenBatches.idOf(batchId), putAside(decision, guild, state, presences));
    }

    /** Puts the presences of the last chunk aside and makes the bulk write visible with this decision. */
    public void stageLast(
            Decision decision, long guild, String batchId, OpenBatch state, Map<Long, StoredPresence> presences) {
        batches.close(decision, guild, OpenBatches.idOf(batchId));
        commit(decision, guild, putAside(decision, guild, state, presences));
    }

    /** Makes presences the whole set of a large guild with this decision. */
    public void replaceAll(Decision decision, long guild, Map<Long, StoredPresence> presences) {
        OpenBatch whole =
                OpenBatch.begin(decision.offset(), decision.logTime(), true).withChunk(presences.size(), 0);
        commit(decision, guild, putAside(decision, guild, whole, presences));
    }

    /**
     * Discards one bulk write that was begun before a log time and never came to its end, if there is one. Called when a
     * new one begins, so that what senders leave behind stays bounded by what they begin.
     */
    public void discardOne(Decision decision, long begunBefore) {
        Abandoned abandoned = batches.closeOne(decision, begunBefore);
        if (abandoned != null) {
            addWave(decision, abandoned.guild(), abandoned.open().batch(), Effect.DISCARD);
        }
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
                    Outstanding.end(decision, wave);
                    waves.removeFirst(guild);
                    batches.prune(decision, guild);
                    return;
                }
                long user = lesser(nextStaged, nextBase);
                if (wave.effect() == Effect.DISCARD) {
                    decision.delete(PresenceKeys.staged(guild, wave.batch(), user));
                } else {
                    table.get(decision, guild, user);
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

    private OpenBatch putAside(Decision decision, long guild, OpenBatch before, Map<Long, StoredPresence> presences) {
        OpenBatch state = before;
        for (Map.Entry<Long, StoredPresence> entry : presences.entrySet()) {
            long user = entry.getKey();
            StatusCode status = entry.getValue().status();
            byte[] key = PresenceKeys.staged(guild, state.batch(), user);
            Stored earlier = state.next() == 1 ? null : decision.get(key);
            decision.put(key, entry.getValue().encode());
            if (earlier != null) {
                state = state.restaged(StoredPresence.status(earlier.payload()), status);
            } else {
                state = state.staged(status, state.present() == null ? null : table.statusNow(decision, guild, user));
            }
        }
        return state;
    }

    private void commit(Decision decision, long guild, OpenBatch whole) {
        StatusCounts present = whole.replace()
                ? PresenceReader.counts(decision.before(), decision::get, guild, waves.of(guild))
                : whole.present();
        Wave wave = addWave(decision, guild, whole.batch(), whole.replace() ? Effect.REPLACE : Effect.MERGE);
        if (present != null) {
            Outstanding.begin(decision, wave, whole.staged().minus(present));
        }
        batches.overtaken(decision, guild, whole.replace() && whole.count() == 0);
    }

    private Wave addWave(Decision decision, long guild, byte[] batch, Effect effect) {
        long commit = decision.offset();
        List<Wave> present = waves.of(guild);
        if (!present.isEmpty() && present.get(present.size() - 1).commit() == commit) {
            throw new IllegalStateException("one decision adds one wave to a guild");
        }
        Wave wave = new Wave(guild, commit, batch, effect, null);
        decision.put(wave.key(), wave.encode());
        waves.add(wave);
        return wave;
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
