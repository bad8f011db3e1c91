package io.forebay.presence.state;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The bulk writes of a partition of which chunks are still to come.
 *
 * <p>A write of one presence has to know whether an open batch of its guild names its user. So that this costs nothing
 * where none is open, the guilds that have one are kept in memory. That may name a batch which was never begun, because
 * the decision that began it was refused in the end: such a one is found out and dropped when it is looked for.
 */
final class OpenBatches {

    private final Map<Long, List<byte[]>> byGuild = new HashMap<>();

    private OpenBatches() {}

    static OpenBatches of(StoreView view) {
        OpenBatches batches = new OpenBatches();
        try (Scan scan = view.scanPrefix(PresenceKeys.batches())) {
            while (scan.next()) {
                batches.remember(PresenceKeys.guildOf(scan.key()), PresenceKeys.batchOf(scan.key()));
            }
        }
        return batches;
    }

    /** The fixed-length form of a batch id. */
    static byte[] idOf(String batchId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(batchId.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, PresenceKeys.BATCH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The state of a batch, or null when none is open under its id. */
    @Nullable
    OpenBatch get(Decision decision, long guild, byte[] batch) {
        Stored stored = decision.get(PresenceKeys.batch(guild, batch));
        return stored == null ? null : OpenBatch.decode(stored.payload());
    }

    /** Notes the state of a batch. */
    void put(Decision decision, long guild, byte[] batch, OpenBatch state) {
        decision.put(PresenceKeys.batch(guild, batch), state.encode());
        remember(guild, batch);
    }

    /** Ends a batch: it became visible, or was given up. */
    void close(Decision decision, long guild, byte[] batch) {
        decision.delete(PresenceKeys.batch(guild, batch));
    }

    /** Ends the oldest batch if it was begun before a log time and answers its guild and state; null if it was not. */
    @Nullable
    Abandoned closeOne(Decision decision, long begunBefore) {
        try (Scan oldest = decision.before().scanIndexPrefix(PresenceKeys.byBegin())) {
            if (!oldest.next() || PresenceKeys.indexedBegin(oldest.key()) >= begunBefore) {
                return null;
            }
            byte[] key = PresenceKeys.indexedBatch(oldest.key());
            OpenBatch open = OpenBatch.decode(
                    Objects.requireNonNull(decision.get(key), "indexed").payload());
            decision.delete(key);
            return new Abandoned(PresenceKeys.guildOf(key), open);
        }
    }

    /** A batch that its sender gave up. */
    record Abandoned(long guild, OpenBatch open) {}

    /** Tells the batches that name a user that what the user has has changed. */
    void moved(Decision decision, long guild, long user, @Nullable StatusCode from, @Nullable StatusCode to) {
        if (from == to || byGuild.isEmpty()) {
            return;
        }
        each(decision, guild, open -> {
            boolean names =
                    open.present() != null && decision.get(PresenceKeys.staged(guild, open.batch(), user)) != null;
            return names ? open.moved(from, to) : open;
        });
    }

    /** Tells the batches of a guild that a wave became visible: it left nothing, or may have changed any of their users. */
    void overtaken(Decision decision, long guild, boolean nothingLeft) {
        each(decision, guild, open -> open.replace() ? open : open.withPresent(nothingLeft ? StatusCounts.ZERO : null));
    }

    /** Forgets those of a guild that have ended. */
    void prune(Decision decision, long guild) {
        List<byte[]> batches = byGuild.get(guild);
        if (batches != null && batches.removeIf(batch -> isGone(decision, guild, batch)) && batches.isEmpty()) {
            byGuild.remove(guild);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a change that has no effect answers what it was given
    private void each(Decision decision, long guild, UnaryOperator<OpenBatch> change) {
        prune(decision, guild);
        for (byte[] batch : byGuild.getOrDefault(guild, List.of())) {
            OpenBatch open = get(decision, guild, batch);
            OpenBatch changed = open == null ? null : change.apply(open);
            if (changed != null && changed != open) {
                decision.put(PresenceKeys.batch(guild, batch), changed.encode());
            }
        }
    }

    /** Neither there before this decision nor made by it. One that this decision closed stays, since it may be refused. */
    private boolean isGone(Decision decision, long guild, byte[] batch) {
        return get(decision, guild, batch) == null && decision.before().get(PresenceKeys.batch(guild, batch)) == null;
    }

    private void remember(long guild, byte[] batch) {
        List<byte[]> batches = byGuild.computeIfAbsent(guild, none -> new ArrayList<>());
        if (batches.stream().noneMatch(known -> Arrays.equals(known, batch))) {
            batches.add(batch);
        }
    }
}
