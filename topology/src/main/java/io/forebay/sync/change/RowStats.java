package io.forebay.sync.change;

import java.util.concurrent.atomic.LongAdder;

/** What became of row changes in this process since it started. Thread safe. */
public final class RowStats {

    private final LongAdder applied = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder unknown = new LongAdder();

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
