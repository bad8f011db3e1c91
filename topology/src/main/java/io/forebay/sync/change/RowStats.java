package io.forebay.sync.change;

import java.util.concurrent.atomic.LongAdder;

/** What became of row changes in this process since it started. Thread safe. */
public final class RowStats {

    private final LongAdder applied = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder placed = new LongAdder();
    private final LongAdder placingBegun = new LongAdder();
    private final LongAdder placingEnded = new LongAdder();

    /** Changes that were applied. */
    public long applied() {
        return applied.sum();
    }

    /** Changes that came late or repeatedly, and changed nothing. */
    public long repeated() {
        return repeated.sum();
    }

    /** Changes of tables that the model does not have. */
    public long unknown() {
        return unknown.sum();
    }

    /** Rows that were sent to the places of another model, and away from those of the one before. */
    public long placed() {
        return placed.sum();
    }

    /** Times that a partition began to send its rows to the places of another model. */
    public long placingBegun() {
        return placingBegun.sum();
    }

    /** Times that a partition had sent all of its rows there. */
    public long placingEnded() {
        return placingEnded.sum();
    }

    void countPlaced(int rows) {
        placed.add(rows);
    }

    void countPlacingBegun() {
        placingBegun.increment();
    }

    void countPlacingEnded() {
        placingEnded.increment();
    }

    void countApplied() {
        applied.increment();
    }

    void countRepeated() {
        repeated.increment();
    }

    void countUnknown() {
        unknown.increment();
    }
}
