package io.forebay.command;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the deciding tasks of one application in this process say of themselves. Thread safe. */
public final class DecidingHealth {

    private final Set<Integer> waiting = ConcurrentHashMap.newKeySet();
    private final LongAdder decided = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();

    /** Partitions whose records wait, in order, for the schema registry to answer. */
    public Set<Integer> waitingForRegistry() {
        return new TreeSet<>(waiting);
    }

    /** Commands decided since the start, refused ones included. */
    public long decided() {
        return decided.sum();
    }

    /** Records sent to the dead-letter topic since the start. */
    public long deadLetters() {
        return deadLetters.sum();
    }

    void waits(int partition, boolean waits) {
        if (waits) {
            waiting.add(partition);
        } else {
            waiting.remove(partition);
        }
    }

    void countDecided() {
        decided.increment();
    }

    void countDeadLetter() {
        deadLetters.increment();
    }
}
