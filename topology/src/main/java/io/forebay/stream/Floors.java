package io.forebay.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader's snapshot of one partition has already told: for each range of keys, the source position its page was read at.
 *
 * <p>A change joins the snapshot exactly if its source lies beyond the position of the page whose range holds its key. Positions of the source are
 * compared and never offsets of the sync topic: a store is ahead of what the transaction has committed, so a page may show changes that the sync
 * topic tells of only later, and what a purge removed is told of long after.
 *
 * <p>Pages next to each other that were read at the same position are one range, so a quiet partition has one range however many pages it has.
 */
final class Floors {

    /** Lets every change pass. */
    static final Floors NONE = new Floors(List.of());

    /** Ranges that a token carries at most; with more of them it carries less than the truth, or nothing. */
    private static final int TOKEN_RANGES = 8;

    private static final int TOKEN_KEY_BYTES = 256;

    private final List<Range> ranges;

    private Floors(List<Range> ranges) {
        this.ranges = ranges;
    }

    static Floors of(List<Range> ranges) {
        return new Floors(List.copyOf(ranges));
    }

    /** Every key was told at {@code position}. */
    static Floors at(long position) {
        return new Floors(List.of(new Range(null, position)));
    }

    /**
     * The pages of a log up to a key. They tell in the order of keys what was put in the order of sources, so of {@code lastSource} alone there may be
     * more behind the key.
     */
    static Floors ofLog(byte[] lastKey, long lastSource) {
        return new Floors(List.of(new Range(lastKey, lastSource), new Range(null, lastSource - 1)));
    }

    /** These floors and one more page, which covers the keys after theirs up to {@code lastKey}, or all of them if that is null. */
    Floors with(byte @Nullable [] lastKey, long position) {
        List<Range> more = new ArrayList<>(ranges);
        if (!more.isEmpty() && more.get(more.size() - 1).position() == position) {
            more.remove(more.size() - 1);
        }
        more.add(new Range(lastKey, position));
        return new Floors(more);
    }

    List<Range> ranges() {
        return ranges;
    }

    /** Whether a change is not in the snapshot yet. */
    boolean passes(StreamChange change) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).holds(change.key())) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == ranges.size() || change.sourceOffset() > ranges.get(low).position();
    }

    /** The greatest position of a page, -1 without pages. */
    long highest() {
        return ranges.stream().mapToLong(Range::position).max().orElse(-1);
    }

    /** The least position of a page, -1 without pages. */
    long lowest() {
        return ranges.stream().mapToLong(Range::position).min().orElse(-1);
    }

    /**
     * The ranges as a token can carry them, null if it cannot.
     *
     * <p>Once every unit up to the highest page was scanned, only late tellings of what was removed at a stroke have their source among the pages. Then
     * the lowest position alone will do: at worst a removal is told to a reader that does not have the entry any more.
     */
    @Nullable
    List<Range> forToken(long scannedUnit) {
        boolean small = ranges.size() <= TOKEN_RANGES
                && ranges.stream().mapToInt(Range::keyBytes).sum() <= TOKEN_KEY_BYTES;
        if (small) {
            return ranges;
        }
        return scannedUnit >= highest() ? List.of(new Range(null, lowest())) : null;
    }

    /**
     * Keys after the range before, and the position they were read at.
     *
     * @param lastKey the greatest key of the range, null for the range that goes to the end
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier: never compared, never altered after it was made
    record Range(byte @Nullable [] lastKey, long position) {

        boolean holds(byte[] key) {
            return lastKey == null || Arrays.compareUnsigned(key, lastKey) <= 0;
        }

        private int keyBytes() {
            return lastKey == null ? 0 : lastKey.length;
        }
    }
}
