package io.forebay.sync.subscription.state;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deliveries that wait for the rest of their transaction, or behind one that does, in the order in which they came. */
public final class HeldTable {

    private HeldTable() {}

    /**
     * A delivery that waits.
     *
     * @param record its canonical path
     * @param transaction what it waits for; null: it waits behind another of its record
     */
    public record Held(String record, @Nullable String transaction) {}

    /** Shows all of them by offset, and the transactions of which it is known that they are whole. */
    public static void open(StoreView view, BiConsumer<Long, Held> each, Consumer<String> whole) {
        try (Scan scan = view.scanPrefix(SubscriberKeys.space(SubscriberKeys.HELD))) {
            while (scan.next()) {
                CellReader from = new CellReader(scan.value());
                each.accept(SubscriberKeys.offsetOf(scan.key()), new Held(from.text(), from.optional()));
            }
        }
        try (Scan scan = view.scanPrefix(SubscriberKeys.space(SubscriberKeys.WHOLE))) {
            while (scan.next()) {
                byte[] key = scan.key();
                whole.accept(new String(key, 1, key.length - 1, StandardCharsets.UTF_8));
            }
        }
    }

    /** Keeps a delivery. */
    public static void put(long offset, Held held, byte[] delivery, Decision decision) {
        byte[] head = new CellWriter()
                .text(held.record())
                .optional(held.transaction())
                .number(delivery.length)
                .toBytes();
        byte[] value = Arrays.copyOf(head, head.length + delivery.length);
        System.arraycopy(delivery, 0, value, head.length, delivery.length);
        decision.put(SubscriberKeys.held(offset), value);
    }

    /** Takes a delivery out. */
    public static byte[] take(long offset, Decision decision) {
        byte[] key = SubscriberKeys.held(offset);
        Stored stored = Objects.requireNonNull(decision.get(key), "what waits is stored");
        decision.delete(key);
        CellReader from = new CellReader(stored.payload());
        from.text();
        from.optional();
        return from.rest((int) from.number());
    }

    /** Notes that a transaction is whole. */
    public static void putWhole(String transaction, Decision decision) {
        decision.put(whole(transaction), new byte[0]);
    }

    /** Forgets a transaction. */
    public static void deleteWhole(String transaction, Decision decision) {
        decision.delete(whole(transaction));
    }

    private static byte[] whole(String transaction) {
        byte[] id = transaction.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[1 + id.length];
        key[0] = SubscriberKeys.WHOLE;
        System.arraycopy(id, 0, key, 1, id.length);
        return key;
    }
}
