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
 * Deliveries that wait until their transaction is whole.
 *
 * <p>Those of a record keep their order: one that comes while an earlier one of its record waits, waits behind it. A transaction goes when it is whole and
 * nothing of it waits behind another one; a transaction that is not whole after a time goes row by row, as far as nothing waits in front.
 */
final class HeldTransactions {

    private final long holdMs;
    private final TreeMap<Long, Held> waiting = new TreeMap<>();
    private final Map<String, TreeSet<Long>> byRecord = new HashMap<>();
    private final Map<String, Transaction> transactions = new LinkedHashMap<>();

    private static final class Transaction {
        final TreeSet<Long> offsets = new TreeSet<>();
        boolean whole;
        boolean late;
    }

    /** Takes a delivery that does not wait any more. */
    @FunctionalInterface
    interface Release {
        void release(byte[] delivery);
    }

    /**
     * @param holdMs how long a transaction is waited for, in milliseconds of log time
     */
    HeldTransactions(long holdMs) {
        this.holdMs = holdMs;
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
        Transaction transaction = transactions.get(id);
        if (transaction != null) {
            transaction.whole = true;
            HeldTable.putWhole(id, decision);
            releaseFrom(Set.of(id), Set.of(), decision, release);
        }
    }

    /** Releases what waits too long. */
    void expire(Decision decision, Release release) {
        Set<String> records = new LinkedHashSet<>();
        for (Held held : waiting.values()) {
            if (held.since() + holdMs > decision.logTime()) {
                break;
            }
            if (held.transaction() != null) {
                transaction(held.transaction()).late = true;
            }
            records.add(held.record());
        }
        releaseFrom(Set.of(), records, decision, release);
    }

    /** When something waits too long; {@link Long#MAX_VALUE} where nothing waits. */
    long dueAt() {
        return waiting.isEmpty()
                ? Long.MAX_VALUE
                : waiting.firstEntry().getValue().since() + holdMs;
    }

    private void releaseFrom(Set<String> ids, Set<String> records, Decision decision, Release release) {
        Deque<String> whole = new ArrayDeque<>(ids);
        Deque<String> heads = new ArrayDeque<>(records);
        while (!whole.isEmpty() || !heads.isEmpty()) {
            String id = whole.poll();
            if (id != null) {
                Transaction transaction = transactions.get(id);
                if (transaction != null && transaction.whole && isFirst(id, transaction)) {
                    for (long offset : List.copyOf(transaction.offsets)) {
                        heads.add(release(offset, decision, release));
                    }
                }
                continue;
            }
            String record = heads.remove();
            TreeSet<Long> offsets = byRecord.get(record);
            if (offsets == null) {
                continue;
            }
            Held head = Objects.requireNonNull(waiting.get(offsets.first()));
            String waitsFor = head.transaction();
            if (waitsFor == null || transaction(waitsFor).late) {
                heads.add(release(offsets.first(), decision, release));
            } else {
                whole.add(waitsFor);
            }
        }
    }

    private boolean isFirst(String id, Transaction transaction) {
        for (long offset : transaction.offsets) {
            String record = Objects.requireNonNull(waiting.get(offset)).record();
            for (long earlier : Objects.requireNonNull(byRecord.get(record)).headSet(offset)) {
                if (!id.equals(Objects.requireNonNull(waiting.get(earlier)).transaction())) {
                    return false;
                }
            }
        }
        return true;
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
