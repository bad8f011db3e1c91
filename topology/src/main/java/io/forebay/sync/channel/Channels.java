package io.forebay.sync.channel;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many records went from a partition of a stage to each of another, and how many have arrived.
 *
 * <p>What goes from one partition to another is numbered without gaps. Who has asked the one how many it has sent waits at the other until that
 * many have arrived, and sees all that was told before; so a read can wait for what a position implies, hop by hop, and nobody has to write
 * to every partition from time to time.
 *
 * <p>The counts are in the deciding store of the stage, under tags that are the same in all of them.
 */
public final class Channels {

    private static final byte SENT = 0x70;
    private static final byte ARRIVED = 0x71;

    private Channels() {}

    /** Whether a key of a store is one of this package: a stage indexes its own only. */
    public static boolean isKey(byte[] storeKey) {
        return storeKey[0] == SENT || storeKey[0] == ARRIVED || storeKey[0] == Deferred.TAG;
    }

    /** The number of the next record that goes to a partition, which is counted as sent. */
    public static long nextSent(Stage to, int partition, Decision decision) {
        byte[] key = key(SENT, to, partition);
        Stored stored = decision.get(key);
        long number = (stored == null ? 0 : number(stored.payload())) + 1;
        decision.put(key, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return number;
    }

    /** Notes what has arrived from a partition. */
    public static void arrived(Stage from, int partition, Arrived arrived, Decision decision) {
        decision.put(key(ARRIVED, from, partition), arrived.encode());
    }

    /** Up to where a partition was heard of by now; null where nothing was. */
    public static @Nullable Arrived arrived(Stage from, int partition, Decision decision) {
        Stored stored = decision.get(key(ARRIVED, from, partition));
        return stored == null ? null : Arrived.decode(stored.payload());
    }

    /** The number of the last record that went to each partition; those that got none are absent. */
    public static Map<Integer, Long> sent(Stage to, StoreView view) {
        Map<Integer, Long> sent = new TreeMap<>();
        try (Scan scan = view.scanPrefix(prefix(SENT, to))) {
            while (scan.next()) {
                sent.put(partition(scan.key()), number(scan.value()));
            }
        }
        return sent;
    }

    /** Up to where each partition was heard of; those of which nothing was are absent. */
    public static Map<Integer, Arrived> arrived(Stage from, StoreView view) {
        Map<Integer, Arrived> arrived = new TreeMap<>();
        try (Scan scan = view.scanPrefix(prefix(ARRIVED, from))) {
            while (scan.next()) {
                arrived.put(partition(scan.key()), Arrived.decode(scan.value()));
            }
        }
        return arrived;
    }

    /**
     * Whether less has arrived than is to be waited for.
     *
     * @param wanted number of the record that must have arrived, by the partition that sent it
     */
    public static boolean isBehind(Map<Integer, Long> wanted, Map<Integer, Arrived> arrived) {
        return wanted.entrySet().stream().anyMatch(one -> {
            Arrived last = arrived.get(one.getKey());
            return one.getValue() > 0 && (last == null || last.number() < one.getValue());
        });
    }

    private static long number(byte[] encoded) {
        return ByteBuffer.wrap(encoded).getLong();
    }

    private static byte[] prefix(byte tag, Stage stage) {
        return new byte[] {tag, stage.tag()};
    }

    private static byte[] key(byte tag, Stage stage, int partition) {
        return ByteBuffer.allocate(2 + Integer.BYTES)
                .put(tag)
                .put(stage.tag())
                .putInt(partition)
                .array();
    }

    private static int partition(byte[] key) {
        return ByteBuffer.wrap(key).getInt(2);
    }
}
