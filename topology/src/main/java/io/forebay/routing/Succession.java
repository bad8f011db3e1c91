package io.forebay.routing;

import io.forebay.store.PartitionStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a new owner of a partition from answering what is older than what the owner before it has answered.
 *
 * <p>An owner answers as soon as it has decided, and commits a little later. When it dies in between, its successor starts from what was committed
 * and decides the rest again, to the same end; but until it has, a reader that has seen more, and has no position to say so, would go back in time: find a
 * value that was invalidated, miss one that was stored. So the successor asks for the end of the log when it takes over, and answers reads once it has
 * taken in everything up to there. What is read-committed is enough: nobody can have decided more.
 *
 * <p>The log may end with records that are no input: marks of transactions, and what was aborted. Then nothing moves the partition, and it is stirred.
 */
final class Succession {

    private static final long STIR_AFTER_MILLIS = 100;
    private static final long STIR_EVERY_MILLIS = 1_000;

    private record Owner(PartitionStore store, int activation) {}

    private final Admin admin;
    private final CommittedFloor floor;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Map<Owner, CompletableFuture<@Nullable Void>> underWay = new ConcurrentHashMap<>();

    /**
     * @param admin asks for the ends of logs
     * @param floor tells how far an idle partition was processed
     * @param executor where answers are dealt with
     * @param timer stirs
     */
    Succession(Admin admin, CommittedFloor floor, Executor executor, ScheduledExecutorService timer) {
        this.admin = admin;
        this.floor = floor;
        this.executor = executor;
        this.timer = timer;
    }

    /**
     * Waits until an active store may answer.
     *
     * @return completes for all who ask during one time as the active store; fails if the log's end cannot be asked for, or the store is closed
     */
    CompletionStage<@Nullable Void> complete(
            RunningApplication application, PartitionStore store, TopicPartition source) {
        Owner owner = new Owner(store, store.activations());
        CompletableFuture<@Nullable Void> begun = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> other = underWay.putIfAbsent(owner, begun);
        if (other != null) {
            return other;
        }
        end(source)
                .thenComposeAsync(end -> takeIn(application, store, source, end - 1), executor)
                .whenComplete((taken, failure) -> {
                    if (failure == null) {
                        store.current(owner.activation());
                    }
                    underWay.remove(owner);
                    if (failure == null) {
                        begun.complete(null);
                    } else {
                        begun.completeExceptionally(failure);
                    }
                });
        return begun;
    }

    private CompletionStage<Long> end(TopicPartition source) {
        return admin.listOffsets(
                        Map.of(source, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(source)
                .toCompletionStage()
                .thenApply(found -> found.offset());
    }

    private CompletionStage<@Nullable Void> takeIn(
            RunningApplication application, PartitionStore store, TopicPartition source, long offset) {
        CompletionStage<@Nullable Void> taken = store.whenTakenIn(offset);
        Future<?> stirring = timer.scheduleWithFixedDelay(
                () -> {
                    floor.raise(application, store, source);
                    store.stir();
                },
                STIR_AFTER_MILLIS,
                STIR_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
        return taken.whenComplete((done, closed) -> stirring.cancel(false));
    }
}
