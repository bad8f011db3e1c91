package io.forebay.sync.association;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.store.StoreView;
import io.forebay.sync.association.state.CountedTransaction;
import io.forebay.sync.association.state.TransactionTable;

/**
 * Counts the changes of transactions at their places. A change is heard of after it was sent to subscribers, in the same transaction of Kafka; so when
 * this place has heard of all, what it tells then comes behind them wherever they went. A change that came repeatedly counts once.
 *
 * <p><b>What stays incomplete.</b> A source may have counted wrongly, and one of the changes may have been refused; so it is not waited for the rest
 * for ever. This place decides how long, since it alone hears of every change, whoever was told of it: as long as changes come, the way to here is
 * busy and not broken, and the wait begins anew with each. Log time also passes while nobody is at work, as when an instance starts. So what is
 * overdue is waited for once more, by whoever finds it so.
 */
final class Transactions {

    private final TransactionTable table = new TransactionTable();
    private final Deliveries deliveries;
    private final long waitMs;

    Transactions(Deliveries deliveries, PlaceLimits limits) {
        this.deliveries = deliveries;
        this.waitMs = limits.transactionWait().toMillis();
    }

    void open(StoreView view) {
        table.open(view);
    }

    /** A change of a transaction was told to whom it concerns. */
    void count(TransactionPart part, Decision decision) {
        String id = part.getTransaction();
        if (table.isCounted(id, part.getChange(), decision)) {
            return;
        }
        CountedTransaction known = table.find(id, decision);
        CountedTransaction counted = (known == null ? CountedTransaction.of(part.getRows()) : known)
                .withChange(part.getPartitions(), decision.logTime() + waitMs);
        if (counted.isWhole()) {
            end(id, counted, decision);
        } else {
            table.put(id, counted, part.getChange(), decision);
        }
    }

    /** When the next one may be overdue, by log time. */
    long dueAt() {
        return table.dueAt();
    }

    /** Looks after those that are overdue. */
    void proceed(Decision decision) {
        table.overdue(decision, (id, transaction) -> {
            if (transaction.isLate()) {
                end(id, transaction, decision);
            } else {
                table.put(id, transaction.late(decision.logTime() + waitMs), decision);
            }
        });
    }

    private void end(String id, CountedTransaction counted, Decision decision) {
        deliveries.tellWhole(id, counted.told(), decision);
        table.remove(id, decision);
    }
}
