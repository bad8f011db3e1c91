package io.forebay.sync.subscription;

import io.forebay.command.Decision;
import io.forebay.store.StoreView;
import io.forebay.sync.subscription.state.HeldTable;
import io.forebay.sync.subscription.state.HeldTable.Held;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait until their transaction's place says that it is whole, or that the rest is not waited for any more. How long that takes is not
 * decided here: whatever waits here was heard of there.
 *
 * <p>Those of a record keep their order: one that comes while an earlier one of its record waits, waits behind it. A transaction goes when it is whole and
 * nothing of it waits behind another one. Transactions that are whole and wait for nothing but each other, since their records were written in
 * different orders, can never go as units: they go row by row.
 */
final class HeldTransactions {

    private final TreeMap<Long, Held> waiting = new TreeMap<>();
    private final Map<String, TreeSet<Long>> byRecord = new HashMap<>();
    private final Map<String, Transaction> transactions = new LinkedHashMap<>();

    private static final class Transaction {
        final TreeSet<Long> offsets = new TreeSet<>();
        boolean whole;
        boolean parted;
    }

    /** Takes a delivery that does not wait any more. */
    @FunctionalInterface
    interface Release {
        void release(byte[] delivery);
    }

    void open(StoreView view) {
        waiting.clear();
        byRecord.clear();
        transactions.clear();
        HeldTable.open(view, this::note, transaction -> transaction(transaction).whole = true);
    }

    private void note(long offset, Held held) {
        waiting.put(offset, held);
        byRecord.computeIfAbsent(held.record(), record -> new TreeSet<>()).add(offset);
        if (held.transaction() != null) {
            transaction(held.transaction()).offsets.add(offset);
        }
    }

    private Transaction transaction(String id) {
        return transactions.computeIfAbsent(id, key -> new Transaction());
    }

    private Held held(long offset) {
        return Objects.requireNonNull(waiting.get(offset), "what is listed waits");
    }

    /** Whether a delivery has to wait. */
    boolean holds(String record, @Nullable String transaction, @Nullable Integer rows) {
        return byRecord.containsKey(record) || (transaction != null && rows != null && rows > 1);
    }

    /** Keeps a delivery. */
    void hold(Held held, byte[] delivery, Decision decision) {
        note(decision.offset(), held);
        HeldTable.put(decision.offset(), held, delivery, decision);
    }

    /** Releases what waited for a transaction, and what waited behind that. */
    void whole(String id, Decision decision, Release release) {
        Transaction told = transactions.get(id);
        if (told == null) {
            return;
        }
        told.whole = true;
        HeldTable.putWhole(id, decision);
        Deque<String> records = new ArrayDeque<>();
        Set<String> ids = new LinkedHashSet<>(Set.of(id));
        while (!records.isEmpty() || !ids.isEmpty()) {
            if (!records.isEmpty()) {
                String record = records.remove();
                TreeSet<Long> offsets = byRecord.get(record);
                String waitsFor = offsets == null ? null : held(offsets.first()).transaction();
                if (waitsFor != null && !transaction(waitsFor).parted) {
                    ids.add(waitsFor);
                } else if (offsets != null) {
                    records.add(release(offsets.first(), decision, release));
                }
                continue;
            }
            String next = ids.iterator().next();
            ids.remove(next);
            Transaction transaction = transactions.get(next);
            if (transaction == null || !transaction.whole) {
                continue;
            }
            Set<String> inFront = inFront(next);
            if (inFront.isEmpty()) {
                for (long offset : List.copyOf(transaction.offsets)) {
                    records.add(release(offset, decision, release));
                }
            } else if (inFront.stream().allMatch(one -> transaction(one).whole)) {
                inFront.add(next);
                inFront.forEach(one -> part(transaction(one), records));
            }
        }
    }

    private void part(Transaction transaction, Deque<String> records) {
        transaction.parted = true;
        transaction.offsets.forEach(offset -> records.add(held(offset).record()));
    }

    /** Transactions that one waits behind, and those that they wait behind. */
    private Set<String> inFront(String id) {
        Set<String> found = new LinkedHashSet<>();
        Deque<String> left = new ArrayDeque<>(Set.of(id));
        while (!left.isEmpty()) {
            String behind = left.remove();
            for (long offset : transaction(behind).offsets) {
                TreeSet<Long> ofRecord =
                        Objects.requireNonNull(byRecord.get(held(offset).record()));
                for (long earlier : ofRecord.headSet(offset)) {
                    String other = held(earlier).transaction();
                    if (other != null && !other.equals(behind) && found.add(other)) {
                        left.add(other);
                    }
                }
            }
        }
        return found;
    }

    private String release(long offset, Decision decision, Release release) {
        Held held = Objects.requireNonNull(waiting.remove(offset));
        TreeSet<Long> ofRecord = Objects.requireNonNull(byRecord.get(held.record()));
        ofRecord.remove(offset);
        if (ofRecord.isEmpty()) {
            byRecord.remove(held.record());
        }
        String id = held.transaction();
        if (id != null) {
            Transaction transaction = transaction(id);
            transaction.offsets.remove(offset);
            if (transaction.offsets.isEmpty()) {
                transactions.remove(id);
                if (transaction.whole) {
                    HeldTable.deleteWhole(id, decision);
                }
            }
        }
        release.release(HeldTable.take(offset, decision));
        return held.record();
    }
}
