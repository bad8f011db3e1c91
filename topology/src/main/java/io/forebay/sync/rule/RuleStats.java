package io.forebay.sync.rule;

import java.util.concurrent.atomic.LongAdder;

/** What rules said of rows in this process since it started. Thread safe. */
public final class RuleStats {

    private final LongAdder allowed = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Times a rule allowed a row. */
    public long allowed() {
        return allowed.sum();
    }

    /** Times a rule denied a row. */
    public long denied() {
        return denied.sum();
    }

    /** Times a rule failed on a row, which denies it: beside {@link #denied}. */
    public long failed() {
        return failed.sum();
    }

    void count(Verdict verdict) {
        switch (verdict) {
            case ALLOWED -> allowed.increment();
            case DENIED -> denied.increment();
            case FAILED -> failed.increment();
        }
    }
}
