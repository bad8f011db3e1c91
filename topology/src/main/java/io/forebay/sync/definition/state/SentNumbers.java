package io.forebay.sync.definition.state;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what a partition sends to each partition of another stage, without gaps and from 1. Whoever has asked how many were sent
 * can wait for them where they arrive. They are kept under a tag of the stage's store.
 */
public final class SentNumbers {

    private final byte tag;

    /** Counts under this tag, which nothing else of the store has. */
    public SentNumbers(byte tag) {
        this.tag = tag;
    }

    /** The number of what is sent to a partition next. */
    public long next(int partition, Decision decision) {
        byte[] key = ByteBuffer.allocate(1 + Integer.BYTES)
                .put(tag)
                .putInt(partition)
                .array();
        Stored stored = decision.get(key);
        long number = (stored == null ? 0 : ByteBuffer.wrap(stored.payload()).getLong()) + 1;
        decision.put(key, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return number;
    }

    /** How many were sent to each partition; those that got none are absent. */
    public Map<Integer, Long> all(StoreView view) {
        Map<Integer, Long> sent = new TreeMap<>();
        try (Scan scan = view.scanPrefix(new byte[] {tag})) {
            while (scan.next()) {
                sent.put(
                        ByteBuffer.wrap(scan.key()).getInt(1),
                        ByteBuffer.wrap(scan.value()).getLong());
            }
        }
        return sent;
    }
}
