package io.forebay.it.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that run at once. */
public final class AtOnce {
    private AtOnce() {}

    /** Runs each in a thread of its own and answers what they answered, in their order. */
    public static <T> List<T> run(List<? extends Callable<T>> clients) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(clients.size());
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> done : pool.invokeAll(clients)) {
                answers.add(done.get());
            }
            return answers;
        } finally {
            pool.shutdownNow();
        }
    }
}
