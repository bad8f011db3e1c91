package io.forebay.stream;

import java.util.concurrent.atomic.LongAdder;

/** What the hub counts, from any thread. */
final class Counters {

    private final LongAdder opened = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder disconnectedSlow = new LongAdder();
    private final LongAdder mustRefetch = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder catchUps = new LongAdder();
    private final LongAdder undecodable = new LongAdder();
    private final LongAdder tailFailures = new LongAdder();

    void opened() {
        opened.increment();
    }

    void refused() {
        refused.increment();
    }

    void disconnectedSlow() {
        disconnectedSlow.increment();
    }

    void mustRefetch() {
        mustRefetch.increment();
    }

    void sent() {
        sent.increment();
    }

    void caughtUp() {
        catchUps.increment();
    }

    void undecodable() {
        undecodable.increment();
    }

    void tailFailed() {
        tailFailures.increment();
    }

    StreamStats stats(long open, long partitionsTailed, long windowBytes) {
        return new StreamStats(
                open,
                opened.sum(),
                refused.sum(),
                disconnectedSlow.sum(),
                mustRefetch.sum(),
                sent.sum(),
                catchUps.sum(),
                undecodable.sum(),
                partitionsTailed,
                windowBytes,
                tailFailures.sum());
    }
}
