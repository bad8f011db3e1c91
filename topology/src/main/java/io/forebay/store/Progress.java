package io.forebay.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How far a store has got in its input, and who waits for it to get further. It never goes back. */
final class Progress {
    /**
     * A position with the log time that belongs to it; -1 for none.
     *
     * @param offset offset of the last input record wholly applied
     * @param logTime the greatest log time up to it
     */
    record Point(long offset, long logTime) {
        static final Point NONE = new Point(-1, -1);

        Point max(Point other) {
            if (other.offset <= offset && other.logTime <= logTime) {
                return this;
            }
            return new Point(Math.max(offset, other.offset), Math.max(logTime, other.logTime));
        }
    }

    private record Waiter(long offset, CompletableFuture<@Nullable Void> reached) {}

    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparingLong(Waiter::offset));
    private volatile Point point;
    private @Nullable RuntimeException ended;

    Progress(Point point) {
        this.point = point;
    }

    Point point() {
        return point;
    }

    void advance(Point reached) {
        List<Waiter> due = List.of();
        synchronized (waiters) {
            Point next = point.max(reached);
            point = next;
            while (!waiters.isEmpty() && waiters.element().offset() <= next.offset()) {
                due = due.isEmpty() ? new ArrayList<>() : due;
                due.add(waiters.remove());
            }
        }
        // Outside the lock: what follows a completion may wait for another position.
        due.forEach(waiter -> waiter.reached().complete(null));
    }

    CompletionStage<@Nullable Void> whenReached(long offset) {
        CompletableFuture<@Nullable Void> reached = new CompletableFuture<>();
        synchronized (waiters) {
            if (ended != null) {
                reached.completeExceptionally(ended);
            } else if (point.offset() >= offset) {
                reached.complete(null);
            } else {
                waiters.add(new Waiter(offset, reached));
            }
        }
        CompletionStage<@Nullable Void> handedOut = reached;
        handedOut.whenComplete((done, failure) -> {
            if (reached.isCancelled()) {
                forget(new Waiter(offset, reached));
            }
        });
        return handedOut;
    }

    private void forget(Waiter waiter) {
        synchronized (waiters) {
            waiters.remove(waiter);
        }
    }

    /** How many wait. */
    int waiting() {
        synchronized (waiters) {
            return waiters.size();
        }
    }

    void end(RuntimeException reason) {
        List<Waiter> left;
        synchronized (waiters) {
            ended = reason;
            left = List.copyOf(waiters);
            waiters.clear();
        }
        left.forEach(waiter -> waiter.reached().completeExceptionally(reason));
    }
}
