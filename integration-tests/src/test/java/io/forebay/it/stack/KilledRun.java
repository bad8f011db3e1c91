package io.forebay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Writers of a whole process, broker and all, that is killed under them and started again on its data. */
public final class KilledRun {
    private static final Duration BACK = Duration.ofSeconds(90);

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    private KilledRun() {}

    /** Writes until the run is over, and answers what it did. */
    @FunctionalInterface
    public interface Writer<T> {
        List<T> write(KilledRun run);
    }

    /**
     * Lets writers write while the process dies so many times. Between deaths about so many writes are acknowledged, and after the last
     * one at least as many; in all, so many for each death and once more.
     *
     * @return what the writers did, one after the other
     */
    public static <T> List<T> of(
            ForebayProcess forebay, int kills, int writesBetween, Random random, List<Writer<T>> writers)
            throws Exception {
        return of(forebay, kills, writesBetween, random, writers, () -> {});
    }

    /**
     * As {@link #of(ForebayProcess, int, int, Random, List)}.
     *
     * @param restarted called after every start but the first, while the writers go on
     */
    public static <T> List<T> of(
            ForebayProcess forebay,
            int kills,
            int writesBetween,
            Random random,
            List<Writer<T>> writers,
            Runnable restarted)
            throws Exception {
        KilledRun run = new KilledRun();
        ExecutorService pool = Executors.newFixedThreadPool(writers.size());
        try {
            List<Future<List<T>>> writing = new ArrayList<>();
            for (Writer<T> writer : writers) {
                writing.add(pool.submit(() -> writer.write(run)));
            }
            for (int kill = 0; kill < kills; kill++) {
                int until = writesBetween / 2 + random.nextInt(writesBetween / 2);
                run.await(forebay, writing, (long) writesBetween * kill + until);
                forebay.kill();
                forebay.restart();
                restarted.run();
            }
            run.await(forebay, writing, (long) writesBetween * (kills + 1));
            run.over.set(true);
            List<T> history = new ArrayList<>();
            for (Future<List<T>> written : writing) {
                history.addAll(written.get());
            }
            return history;
        } finally {
            run.over.set(true);
            pool.shutdownNow();
        }
    }

    /** Waits for as long as writes are acknowledged: how many in a time is the machine's affair. */
    private <T> void await(ForebayProcess forebay, List<Future<List<T>>> writing, long target) {
        for (long before = acknowledged.get(); before < target; before = acknowledged.get()) {
            long reached = before;
            Awaitility.await("writes to be acknowledged, after %d of %d".formatted(reached, target))
                    .atMost(BACK)
                    .failFast(() -> {
                        assertThat(forebay.isAlive()).as(forebay.output()).isTrue();
                        for (Future<List<T>> written : writing) {
                            if (written.isDone()) {
                                written.get();
                            }
                        }
                    })
                    .until(() -> acknowledged.get() > reached);
        }
    }

    public boolean isOver() {
        return over.get();
    }

    /** Counts a write that was acknowledged. */
    public void acknowledged() {
        acknowledged.incrementAndGet();
    }

    /** Sends a call again, which has to be repeatable, until it is answered with success. */
    public static Reply untilAnswered(Supplier<Call> call) {
        return untilAnswered(call, reply -> false);
    }

    /** As {@link #untilAnswered(Supplier)}, where other answers than success are answers as well. */
    public static Reply untilAnswered(Supplier<Call> call, Predicate<Reply> alsoAnswers) {
        List<Reply> answer = new ArrayList<>(1);
        Awaitility.await("an answer")
                .atMost(BACK)
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .until(() -> attempt(call.get(), alsoAnswers, answer));
        return answer.get(0);
    }

    /** Whether it was answered; where not, it is not known whether it happened. */
    private static boolean attempt(Call call, Predicate<Reply> alsoAnswers, List<Reply> answer) {
        try {
            Reply reply = call.send();
            if (reply.status() == 202 || reply.status() == 503) {
                return false;
            }
            answer.add(alsoAnswers.test(reply) ? reply : reply.orFail());
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
