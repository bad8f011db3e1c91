package io.forebay.routing;

import io.forebay.schemas.position.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a group has come with topics that it has no store for. Under exactly-once, what came of the records below a
 * committed offset is committed as well. The group is asked while somebody waits, and for all who wait at once.
 */
final class GroupProgress {

    private static final long BETWEEN_QUESTIONS_MS = 20;

    private static final long ANSWER_WITHIN_MS = 2_000;

    private final String group;
    private final Admin admin;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean asking;

    private record Waiting(Position position, long deadline, CompletableFuture<@Nullable Void> reached) {}

    /**
     * @param admin asks the cluster
     * @param executor where waits end and answers are dealt with
     * @param timer starts the next question
     * @param nanoTime a clock for spans
     */
    GroupProgress(String group, Admin admin, Executor executor, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.group = group;
        this.admin = admin;
        this.executor = executor;
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /**
     * Waits until the group has committed all of a position.
     *
     * @param deadline by {@code nanoTime}
     * @return fails with a {@link PositionNotReachedException}
     */
    CompletionStage<@Nullable Void> await(Position position, long deadline) {
        Waiting one = new Waiting(position, deadline, new CompletableFuture<>());
        synchronized (this) {
            if (firstBehind(position) == null) {
                one.reached().complete(null);
                return one.reached();
            }
            waiting.add(one);
            if (asking) {
                return one.reached();
            }
            asking = true;
        }
        ask();
        return one.reached();
    }

    private void ask() {
        admin.listStreamsGroupOffsets(
                        Map.of(group, new ListStreamsGroupOffsetsSpec().topicPartitions(wanted())),
                        new ListStreamsGroupOffsetsOptions().timeoutMs(answerWithin()))
                .partitionsToOffsetAndMetadata(group)
                .toCompletionStage()
                .whenCompleteAsync((offsets, failure) -> answered(failure == null ? offsets : Map.of()), executor);
    }

    private synchronized Set<TopicPartition> wanted() {
        Set<TopicPartition> wanted = new HashSet<>();
        waiting.forEach(one -> wanted.addAll(one.position().offsets().keySet()));
        return wanted;
    }

    /** As long as the first of those who wait may wait, so that it is told in time. */
    private synchronized int answerWithin() {
        long now = nanoTime.getAsLong();
        long left = waiting.stream()
                .mapToLong(one -> TimeUnit.NANOSECONDS.toMillis(one.deadline() - now))
                .min()
                .orElse(0);
        return (int) Math.max(1, Math.min(left, ANSWER_WITHIN_MS));
    }

    private void answered(Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<Runnable> ended = new ArrayList<>();
        boolean again;
        synchronized (this) {
            offsets.forEach((partition, offset) -> {
                if (offset != null) {
                    committed.put(partition, offset.offset());
                }
            });
            waiting.removeIf(one -> hasEnded(one, ended));
            again = !waiting.isEmpty();
            asking = again;
        }
        ended.forEach(Runnable::run);
        if (again) {
            var unused = timer.schedule(() -> executor.execute(this::ask), BETWEEN_QUESTIONS_MS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean hasEnded(Waiting one, List<Runnable> ended) {
        TopicPartition behind = firstBehind(one.position());
        if (behind == null) {
            ended.add(() -> one.reached().complete(null));
            return true;
        }
        if (nanoTime.getAsLong() - one.deadline() >= 0) {
            ended.add(() -> one.reached().completeExceptionally(new PositionNotReachedException(behind)));
            return true;
        }
        return false;
    }

    private @Nullable TopicPartition firstBehind(Position position) {
        for (Map.Entry<TopicPartition, Long> one : position.offsets().entrySet()) {
            if (committed.getOrDefault(one.getKey(), 0L) <= one.getValue()) {
                return one.getKey();
            }
        }
        return null;
    }
}
