package io.forebay.sync.association;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.sync.association.state.CountedTransaction;
import io.forebay.sync.association.state.TransactionTable;

/**
 * Counts the changes of transactions at their places. A change is heard of after it was sent to subscribers, in the same transaction of Kafka; so when
 * this place has heard of all, what it tells then comes behind them wherever they went. A change that came repeatedly counts once.
 */
final class Transactions {

    private final TransactionTable table;
    private final Deliveries deliveries;
    private final PlaceLimits limits;

    Transactions(TransactionTable table, Deliveries deliveries, PlaceLimits limits) {
        this.table = table;
        this.deliveries = deliveries;
        this.limits = limits;
    }

    /** A change of a transaction was told to whom it concerns. */
    void count(TransactionPart part, Decision decision) {
        String id = part.getTransaction();
        if (table.isCounted(id, part.getChange(), decision)) {
            return;
        }
        CountedTransaction known = table.find(id, decision);
        CountedTransaction counted = (known == null
                        ? CountedTransaction.of(
                                part.getRows(),
                                decision.logTime() + limits.transactionWait().toMillis())
                        : known)
                .withChange(part.getPartitions());
        if (counted.isWhole()) {
            deliveries.tellWhole(id, counted.told(), decision);
            table.remove(id, decision);
        } else {
            table.put(id, counted, part.getChange(), decision);
        }
    }
}
