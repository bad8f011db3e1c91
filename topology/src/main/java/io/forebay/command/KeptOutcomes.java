package io.forebay.command;

import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes that one partition keeps for retries, bounded by age and number. They live in the deciding store itself,
 * so that an outcome and what it tells of are written in one batch and a new owner has both.
 *
 * <p>They expire as later records pass by, a few at a time: there is no other moment at which every owner, now and in a
 * replay, would drop the same ones.
 */
final class KeptOutcomes {

    /** More than the one that a record can add, so that the backlog of a quiet time shrinks. */
    private static final int DROPPED_PER_RECORD = 8;

    private final OutcomeRetention retention;
    private long count;
    private long nextDue = Long.MIN_VALUE;

    KeptOutcomes(OutcomeRetention retention) {
        this.retention = retention;
    }

    void open(PartitionStore store) {
        try (StoreView view = store.snapshot()) {
            count = view.count(CommandKeys.space(CommandKeys.OUTCOME));
        }
        nextDue = Long.MIN_VALUE;
    }

    @Nullable
    KeptOutcome find(String requestId, Decision decision) {
        Stored stored = decision.get(CommandKeys.outcome(requestId));
        if (stored == null) {
            return null;
        }
        KeptOutcome kept = KeptOutcome.decode(stored.payload());
        return isDue(kept.time(), decision.logTime()) ? null : kept;
    }

    void keep(String requestId, byte[] fingerprint, Outcome outcome, Decision decision) {
        byte[] key = CommandKeys.outcome(requestId);
        if (decision.get(key) == null) {
            count++;
        }
        decision.put(key, new KeptOutcome(decision.logTime(), fingerprint, outcome).encode());
    }

    /** Drops what is due. Called before the record is decided. */
    void expire(Decision decision) {
        boolean tooMany = count > retention.maxEntries();
        if (!tooMany && decision.logTime() < nextDue) {
            return;
        }
        int dropped = 0;
        try (Scan oldest = decision.before()
                .scanIndex(CommandKeys.outcomesFrom(0), CommandKeys.space((byte) (CommandKeys.OUTCOME + 1)))) {
            while (oldest.next()) {
                byte[] key = CommandKeys.outcomeOfIndex(oldest.key());
                long time = ByteBuffer.wrap(oldest.key()).getLong(1);
                boolean due = isDue(time, decision.logTime());
                if (!due && count <= retention.maxEntries()) {
                    nextDue = time + retention.age().toMillis();
                    return;
                }
                if (dropped == DROPPED_PER_RECORD) {
                    nextDue = Long.MIN_VALUE;
                    return;
                }
                decision.delete(key);
                count--;
                dropped++;
            }
        }
        nextDue = decision.logTime() + retention.age().toMillis();
    }

    private boolean isDue(long time, long logTime) {
        return time + retention.age().toMillis() <= logTime;
    }
}
