package io.forebay.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be stopped in the opposite order. Parts are added by one thread; any may stop them, once. */
final class Lifecycle implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<Step> started = new ArrayDeque<>();
    private volatile boolean stopped;

    private record Step(String name, AutoCloseable part) {}

    /** Adds a part that is stopped by closing it, and gives it back. */
    <T extends AutoCloseable> T keep(String name, T part) {
        started.push(new Step(name, part));
        return part;
    }

    /** Adds a part that is stopped in a way of its own, and gives it back. */
    <T> T keep(String name, T part, Consumer<T> stop) {
        started.push(new Step(name, () -> stop.accept(part)));
        return part;
    }

    /** Whether stopping has begun. */
    boolean isStopped() {
        return stopped;
    }

    @Override
    public synchronized void close() {
        if (stopped) {
            return;
        }
        stopped = true;
        while (!started.isEmpty()) {
            Step step = started.pop();
            try {
                step.part().close();
            } catch (Exception e) {
                LOG.warn("stopping {}: {}", step.name(), e.toString());
            }
        }
    }
}
