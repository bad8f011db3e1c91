package io.forebay.sync.channel;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Work that a partition has put off, since one decision may take only so long. Ticks go on with it, a piece at a time, the oldest
 * first. Of the one task that owns the partition.
 */
public final class Deferred {

    static final byte TAG = 0x72;

    private boolean present;
    private byte[] first = {TAG};
    private long lastOffset = -1;
    private int index;

    /** Does a piece of work. */
    @FunctionalInterface
    public interface Step {

        /**
         * Goes on with it.
         *
         * @return what is left of it; null when it is done
         */
        byte @Nullable [] proceed(byte[] work);
    }

    /** Loads what is kept in memory. */
    public void open(StoreView view) {
        try (Scan scan = view.scanPrefix(new byte[] {TAG})) {
            present = scan.next();
            first = present ? scan.key() : new byte[] {TAG};
        }
    }

    /** Puts work off, behind what was put off before. */
    public void add(byte[] work, Decision decision) {
        index = decision.offset() == lastOffset ? index + 1 : 0;
        lastOffset = decision.offset();
        decision.put(
                ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
                        .put(TAG)
                        .putLong(lastOffset)
                        .putInt(index)
                        .array(),
                work);
        present = true;
    }

    /** Whether there may be some. */
    public boolean isPresent() {
        return present;
    }

    /** Does a piece of the oldest. */
    public void proceed(Decision decision, Step step) {
        try (Scan scan = decision.before().scanPrefix(new byte[] {TAG})) {
            present = false;
            // What was done before it is not looked at again, not even to see that it is gone.
            scan.seek(first);
            if (!scan.next()) {
                return;
            }
            byte[] key = scan.key();
            first = key;
            byte[] left = step.proceed(scan.value());
            if (left == null) {
                decision.delete(key);
            } else {
                decision.put(key, left);
            }
            present = present || left != null || scan.next();
        }
    }

    /** Offset of the record that put the oldest of it off; {@link Long#MAX_VALUE} where there is none. */
    public static long since(StoreView view) {
        try (Scan scan = view.scanPrefix(new byte[] {TAG})) {
            return scan.next() ? ByteBuffer.wrap(scan.key()).getLong(1) : Long.MAX_VALUE;
        }
    }
}
