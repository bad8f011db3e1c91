package io.forebay.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in the order they were handed in, on threads that are shared with others. Between two tasks others get their turn; nothing
 * waits, and what a task does happens before the next one begins.
 */
public final class SerialTasks {

    private final Executor executor;
    private final Consumer<RuntimeException> failed;
    private final Runnable refused;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param failed told, in place of the rest of the task, what a task threw
     * @param refused run when the executor takes no more: no task will run any more
     */
    public SerialTasks(Executor executor, Consumer<RuntimeException> failed, Runnable refused) {
        this.executor = executor;
        this.failed = failed;
        this.refused = refused;
    }

    /** Adds a task behind those that were added. */
    public void add(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            runNext();
        }
    }

    private void runNext() {
        try {
            executor.execute(this::runOne);
        } catch (RejectedExecutionException closed) {
            refused.run();
        }
    }

    private void runOne() {
        Runnable task = tasks.remove();
        try {
            task.run();
        } catch (RuntimeException e) {
            failed.accept(e);
        } finally {
            if (waiting.decrementAndGet() > 0) {
                runNext();
            }
        }
    }
}
