package io.forebay.cache.change;

import java.util.concurrent.atomic.LongAdder;

/** What the forwarding of row changes in this process has done since it started. Thread safe. */
public final class ChangeStats {

    private final LongAdder changes = new LongAdder();
    private final LongAdder widened = new LongAdder();
    private final LongAdder invalidations = new LongAdder();

    /** Changes of tables that caches depend on. */
    public long changes() {
        return changes.sum();
    }

    /** Those of them that told too little of the row, so that more was invalidated than a dependency asks for. */
    public long widened() {
        return widened.sum();
    }

    /** Invalidations sent, each of which may concern many entries and go to every partition. */
    public long invalidations() {
        return invalidations.sum();
    }

    void countChange(boolean isWidened) {
        changes.increment();
        if (isWidened) {
            widened.increment();
        }
    }

    void countInvalidation() {
        invalidations.increment();
    }
}
