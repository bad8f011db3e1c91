package io.forebay.sync.association.state;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The transactions of a partition under decision that are not whole yet. */
public final class TransactionTable {

    /** Counted changes of transactions that one tick looks at. */
    private static final int COUNTED_PER_TICK = 10_000;

    private static final byte[] NOTHING = {};

    private long nextDue = Long.MAX_VALUE;

    /** Loads what is kept in memory. */
    public void open(StoreView view) {
        nextDue = firstDue(view);
    }

    private static long firstDue(StoreView view) {
        try (Scan due = view.scanIndexPrefix(PlaceKeys.space(PlaceKeys.DUE))) {
            return due.next() ? PlaceKeys.timeOf(due.key()) : Long.MAX_VALUE;
        }
    }

    /** What is known of a transaction, or null. */
    public @Nullable CountedTransaction find(String id, Decision decision) {
        Stored stored = decision.get(PlaceKeys.transaction(id));
        return stored == null ? null : CountedTransaction.decode(stored.payload());
    }

    /** Whether a change was counted. */
    public boolean isCounted(String id, String change, Decision decision) {
        return decision.get(PlaceKeys.transactionPart(id, change)) != null;
    }

    /** Stores a transaction with one more change. */
    public void put(String id, CountedTransaction transaction, String change, Decision decision) {
        decision.put(PlaceKeys.transactionPart(id, change), NOTHING);
        put(id, transaction, decision);
    }

    /** Stores a transaction. */
    public void put(String id, CountedTransaction transaction, Decision decision) {
        decision.put(PlaceKeys.transaction(id), transaction.encode());
        nextDue = Math.min(nextDue, transaction.keptUntil());
    }

    /** Removes a transaction. */
    public void remove(String id, Decision decision) {
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.transactionParts(id))) {
            while (scan.next()) {
                decision.delete(scan.key());
            }
        }
        decision.delete(PlaceKeys.transaction(id));
    }

    /** When the next one may have been waited for long enough, by log time; {@link Long#MAX_VALUE} for never. */
    public long dueAt() {
        return nextDue;
    }

    /** Takes one that has been waited for long enough. */
    @FunctionalInterface
    public interface Overdue {
        void take(String id, CountedTransaction transaction);
    }

    /** Shows some of those that have been waited for long enough; each is then removed, or waited for once more. */
    public void overdue(Decision decision, Overdue each) {
        if (nextDue > decision.logTime()) {
            return;
        }
        int left = COUNTED_PER_TICK;
        nextDue = Long.MAX_VALUE;
        try (Scan due = decision.before().scanIndexPrefix(PlaceKeys.space(PlaceKeys.DUE))) {
            while (due.next()) {
                long time = PlaceKeys.timeOf(due.key());
                if (time > decision.logTime() || left <= 0) {
                    nextDue = Math.min(nextDue, time);
                    return;
                }
                String id = PlaceKeys.transactionOf(PlaceKeys.keyOf(due.key()));
                CountedTransaction transaction = Objects.requireNonNull(find(id, decision), "what is due is there");
                left -= 1 + transaction.counted();
                each.take(id, transaction);
            }
        }
    }
}
