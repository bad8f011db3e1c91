package io.forebay.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts the records of one sync partition together into units, in the order of their offsets.
 *
 * <p>A unit ends with the change that says so. If that record is missing (it could not be decoded, or the writer lost it), the first change of the
 * next unit ends it: a transaction is not over before its last change, so nothing more of it can come.
 *
 * <p>A reader that starts at an arbitrary offset may start in the middle of a unit: the first unit is then handed on as not whole, without changes.
 */
final class UnitAssembler {

    private final Consumer<Unit> completed;
    private final List<StreamChange> pending = new ArrayList<>();
    private boolean aligned;
    private long boundary;
    private long pendingUnit = -1;
    private long pendingEnd;

    /**
     * @param from the sync offset of the first record to come
     * @param aligned whether a unit is known to begin there
     */
    UnitAssembler(long from, boolean aligned, Consumer<Unit> completed) {
        this.boundary = from;
        this.aligned = aligned;
        this.completed = completed;
    }

    void accept(long offset, StreamChange change) {
        if (pendingUnit >= 0 && pendingUnit != change.unitOffset()) {
            complete();
        }
        pendingUnit = change.unitOffset();
        pendingEnd = offset + 1;
        if (aligned) {
            pending.add(change);
        }
        if (change.unitLast()) {
            complete();
        }
    }

    /** Tells that everything below {@code position} was handed in, aborted and unreadable records and transaction markers included. */
    void scannedTo(long position) {
        if (pendingUnit < 0) {
            boundary = Math.max(boundary, position);
        }
    }

    /** The sync offset below which every record is part of a completed unit, or of none. */
    long boundary() {
        return boundary;
    }

    private void complete() {
        boundary = pendingEnd;
        completed.accept(new Unit(pendingUnit, pendingEnd, aligned, List.copyOf(pending)));
        aligned = true;
        pending.clear();
        pendingUnit = -1;
    }
}
