package io.forebay.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The most recent units of one sync partition, bounded by bytes and by changes. One thread appends, any number of readers read from an offset of
 * their own: a slow reader holds nothing, it finds its offset gone.
 */
final class Window {

    /** Units read in one go, so that the lock is never held for long. */
    private static final int BATCH = 64;

    private final long maxBytes;
    private final int maxChanges;
    /** Units in order; those before {@code head} are evicted and wait for the next compaction. */
    private final List<@Nullable Unit> units = new ArrayList<>();

    private int head;
    private long start;
    private long next;
    private long unitBeforeStart = -1;
    private long lastUnit = -1;
    private long bytes;
    private int changes;
    private int epoch;

    Window(long maxBytes, int maxChanges) {
        this.maxBytes = maxBytes;
        this.maxChanges = maxChanges;
    }

    /**
     * Empties the window and lets it begin anew.
     *
     * @param from the sync offset of the first record to come
     * @param again whether readers of what was there have to start over
     */
    synchronized void begin(long from, boolean again) {
        units.clear();
        head = 0;
        bytes = 0;
        changes = 0;
        start = from;
        next = from;
        lastUnit = -1;
        // Before offset 0 there is no unit at all; before any other offset there may be one of any number.
        unitBeforeStart = from == 0 ? -1 : Long.MAX_VALUE;
        if (again) {
            epoch++;
        }
    }

    synchronized void append(Unit unit) {
        next = Math.max(next, unit.end());
        lastUnit = Math.max(lastUnit, unit.unitOffset());
        if (!unit.whole()) {
            start = unit.end();
            unitBeforeStart = unit.unitOffset();
            return;
        }
        units.add(unit);
        bytes += unit.bytes();
        changes += unit.changes().size();
        // The newest unit stays however large it is: its size is bounded by what one input record may cause.
        while (units.size() - head > 1 && (bytes > maxBytes || changes > maxChanges)) {
            Unit evicted = at(head);
            units.set(head, null);
            head++;
            bytes -= evicted.bytes();
            changes -= evicted.changes().size();
            start = evicted.end();
            unitBeforeStart = evicted.unitOffset();
        }
        if (head > units.size() / 2) {
            units.subList(0, head).clear();
            head = 0;
        }
    }

    /** Moves the end of what was scanned past records that are part of no unit. */
    synchronized void scannedTo(long boundary) {
        next = Math.max(next, boundary);
        if (units.isEmpty() && start != 0) {
            start = next;
        }
    }

    synchronized Mark mark() {
        return new Mark(epoch, start, next, unitBeforeStart, lastUnit);
    }

    synchronized long bytes() {
        return bytes;
    }

    /** The units that end beyond {@code from}, at most a batch of them; null if some of them are not here any more. */
    synchronized @Nullable Slice read(long from) {
        if (from < start) {
            return null;
        }
        int first = firstEndingBeyond(from);
        int end = Math.min(units.size(), first + BATCH);
        List<Unit> found = new ArrayList<>(end - first);
        for (int i = first; i < end; i++) {
            found.add(at(i));
        }
        return new Slice(
                found, end == units.size() ? Math.max(from, next) : at(end - 1).end());
    }

    private int firstEndingBeyond(long from) {
        int low = head;
        int high = units.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).end() > from) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private Unit at(int index) {
        Unit unit = units.get(index);
        if (unit == null) {
            throw new IllegalStateException("unit " + index + " is evicted");
        }
        return unit;
    }

    /**
     * A window at one moment.
     *
     * @param epoch changes when readers have to start over
     * @param start sync offset from which on the window has everything
     * @param next sync offset below which everything was scanned
     * @param unitBeforeStart greatest unit offset before {@code start}: -1 if there is none, {@link Long#MAX_VALUE} if it is not known
     * @param lastUnit greatest unit offset before {@code next}, -1 if none was seen
     */
    record Mark(int epoch, long start, long next, long unitBeforeStart, long lastUnit) {}

    /**
     * Units to send.
     *
     * @param next the sync offset to read from after them
     */
    record Slice(List<Unit> units, long next) {}
}
