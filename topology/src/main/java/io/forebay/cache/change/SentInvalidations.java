package io.forebay.cache.change;

import io.forebay.cache.change.ChangedRow.TransactionId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was invalidated for the transactions whose changes came last, so that many rows of one transaction bring about few
 * invalidations. Forgetting costs an invalidation too many and nothing else, so it is bounded: by number, and by the time
 * since a transaction was last seen, lest an id that its source uses again be taken for the same transaction.
 */
final class SentInvalidations {

    private static final int MOST_TRANSACTIONS = 32;

    private static final long FORGOTTEN_AFTER_MS = 10_000;

    /** How many of the greatest transactions fit; the one that is seen now is kept however great. */
    private static final int KEPT_WHOLE = 4;

    private final int mostOfTransaction;
    private final Map<TransactionId, Sent> transactions = new LinkedHashMap<>(16, 0.75f, true);

    private int total;

    private static final class Sent {
        private final Set<Entries> entries = new HashSet<>();
        private final Map<Dependency, Integer> counts = new HashMap<>();
        private long seen;
    }

    SentInvalidations(int mostOfTransaction) {
        this.mostOfTransaction = mostOfTransaction;
    }

    void clear() {
        transactions.clear();
        total = 0;
    }

    /**
     * What is still to be invalidated by a change, which is then taken to be done.
     *
     * @param time append time of the change
     * @param entries that the change concerns by the dependency
     */
    Collection<Entries> unsent(
            TransactionId transaction, long time, Dependency dependency, Collection<Entries> entries) {
        Sent sent = open(transaction, time);
        Entries widest = dependency.widest();
        if (isSent(sent, dependency, widest)) {
            return List.of();
        }
        Set<Entries> unsent = new LinkedHashSet<>(entries);
        unsent.removeIf(one -> isSent(sent, dependency, one));
        int count = sent.counts.getOrDefault(dependency, 0) + unsent.size();
        if (count > mostOfTransaction) {
            unsent.clear();
            unsent.add(widest);
        }
        sent.counts.put(dependency, count);
        sent.entries.addAll(unsent);
        total += unsent.size();
        evict();
        return unsent;
    }

    private static boolean isSent(Sent sent, Dependency dependency, Entries entries) {
        return sent.entries.contains(entries) || sent.entries.contains(Entries.all(dependency.cache()));
    }

    private Sent open(TransactionId transaction, long time) {
        Sent sent = transactions.get(transaction);
        if (sent == null || time - sent.seen > FORGOTTEN_AFTER_MS) {
            total -= sent == null ? 0 : sent.entries.size();
            sent = new Sent();
            transactions.put(transaction, sent);
        }
        sent.seen = time;
        return sent;
    }

    private void evict() {
        long most = (long) KEPT_WHOLE * mostOfTransaction;
        Iterator<Sent> eldest = transactions.values().iterator();
        while (transactions.size() > 1 && (transactions.size() > MOST_TRANSACTIONS || total > most)) {
            total -= eldest.next().entries.size();
            eldest.remove();
        }
    }
}
