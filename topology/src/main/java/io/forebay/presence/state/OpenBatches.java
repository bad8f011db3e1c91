package io.forebay.presence.state;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.Stored;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bulk writes of a partition of which chunks are still to come. */
public final class OpenBatches {

    private final PresenceTable table;

    /** The open batches beside a table. */
    public OpenBatches(PresenceTable table) {
        this.table = table;
    }

    /** The fixed-length form of a batch id. */
    public static byte[] idOf(String batchId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(batchId.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, PresenceKeys.BATCH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The state of a batch, or null when none is open under its id. */
    public @Nullable OpenBatch get(Decision decision, long guild, byte[] batch) {
        Stored stored = decision.get(PresenceKeys.batch(guild, batch));
        return stored == null ? null : OpenBatch.decode(stored.payload());
    }

    /** Notes that a chunk was staged. */
    public void put(Decision decision, long guild, byte[] batch, OpenBatch state) {
        decision.put(PresenceKeys.batch(guild, batch), state.encode());
    }

    /** Closes a batch: it was committed. */
    public void close(Decision decision, long guild, byte[] batch) {
        decision.delete(PresenceKeys.batch(guild, batch));
    }

    /**
     * Discards one batch that was begun before a log time and never came to its end, if there is one. Called when a new
     * batch begins, so that what senders leave behind stays bounded by what they begin.
     */
    public void discardOne(Decision decision, long begunBefore) {
        try (Scan scan = decision.before().scanPrefix(PresenceKeys.batches())) {
            while (scan.next()) {
                if (OpenBatch.decode(scan.value()).begun() < begunBefore) {
                    decision.delete(scan.key());
                    table.discard(decision, PresenceKeys.guildOf(scan.key()), PresenceKeys.batchOf(scan.key()));
                    return;
                }
            }
        }
    }
}
