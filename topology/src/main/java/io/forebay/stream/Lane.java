package io.forebay.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one reader knows of one partition: where it stands in the sync partition, and what its snapshot has told. */
final class Lane {

    final int partition;
    private SyncLog.@Nullable Tail tail;
    private int epoch;
    /** Everything below this sync offset was sent or passed over. */
    private long next;

    private long scannedUnit = -1;
    private Floors floors = Floors.NONE;
    /** Units that were read and not chosen from yet; {@code next} is {@code readyUntil} once they are passed. */
    private final Deque<Unit> ready = new ArrayDeque<>();

    private long readyUntil;
    /** Whether the reader has been in the window since it took its place. */
    boolean live;
    /** Whether older units are being read from the topic. */
    boolean reading;

    Lane(int partition) {
        this.partition = partition;
    }

    void hold(SyncLog.Tail followed) {
        tail = followed;
    }

    void release() {
        if (tail != null) {
            tail.release();
        }
    }

    Window window() {
        if (tail == null) {
            throw new IllegalStateException("partition " + partition + " is not followed yet");
        }
        return tail.window();
    }

    /** Takes a place in the sync partition, with what the reader has of the state already. */
    void place(Window.Mark mark, long from, Floors told) {
        epoch = mark.epoch();
        next = from;
        floors = told;
        scannedUnit = -1;
        live = false;
        reading = false;
        ready.clear();
    }

    /** Takes its place behind everything that is there. */
    void placeAtEnd() {
        Window.Mark mark = window().mark();
        place(mark, mark.next(), Floors.NONE);
        scannedUnit = mark.lastUnit();
    }

    /** Whether what the place was taken in was replaced by something else. */
    boolean isReset() {
        return window().mark().epoch() != epoch;
    }

    long next() {
        return next;
    }

    /** The greatest unit offset that was sent or passed over since the place was taken, or at the end was before it; -1 if none is known. */
    long scannedUnit() {
        return scannedUnit;
    }

    Floors floors() {
        return floors;
    }

    /** Notes one more page of a log. */
    void coverLog(SnapshotPage page) {
        if (!page.last()) {
            floors = Floors.ofLog(page.lastKey(), page.lastSource());
        } else if (page.position() > floors.lowest()) {
            // Else it is of an owner that is behind the one before, and tells nothing.
            floors = Floors.at(page.position());
        }
    }

    /** Notes one more page of the snapshot. */
    void cover(SnapshotPage page) {
        floors = floors.with(page.last() ? null : page.lastKey(), page.position());
    }

    boolean isEmpty() {
        return ready.isEmpty();
    }

    @Nullable
    Unit poll() {
        return ready.poll();
    }

    /** The units that will be polled, in order. */
    Stream<Unit> ready() {
        return ready.stream();
    }

    /** Takes what was read; whether the place moved already, because no unit was in it. */
    boolean take(Window.Slice slice) {
        ready.addAll(slice.units());
        readyUntil = slice.next();
        if (slice.units().isEmpty() && next != slice.next()) {
            next = slice.next();
            return true;
        }
        return false;
    }

    /** Moves the place behind a unit that was polled. */
    void pass(Unit unit) {
        next = ready.isEmpty() ? readyUntil : unit.end();
        scannedUnit = Math.max(scannedUnit, unit.unitOffset());
    }

    /** The place as a token carries it, null if it cannot. */
    StreamToken.@Nullable Lane forToken() {
        List<Floors.Range> told = floors.forToken(scannedUnit);
        return told == null ? null : new StreamToken.Lane(next, told);
    }
}
