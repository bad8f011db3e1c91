package io.forebay.routing;

import io.forebay.store.BoundQuery;
import io.forebay.store.PartitionStore;
import io.forebay.store.Role;
import io.forebay.store.StoreAnswer;
import io.forebay.store.StoreQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * One question to one partition, from the first attempt to the answer or the end of its time. It makes one attempt at a time: here if the partition is
 * kept here, else at a peer; after each it answers, fails, or waits for what would let the next one succeed.
 */
final class Inquiry<R extends @Nullable Object> {

    private static final long FIRST_DELAY_MILLIS = 20;
    private static final int DELAY_DOUBLINGS = 4;

    /** A store that is working gets where a read waits for it sooner than this; one that is idle may not get there by itself. */
    private static final long FLOOR_AFTER_MILLIS = 150;

    private static final long FLOOR_EVERY_MILLIS = 1000;

    /** A peer is given a little less than is left, so that its own verdict arrives in time. */
    private static final long RETURN_NANOS = Duration.ofMillis(50).toNanos();

    private final Facilities facilities;
    private final StoreLocation location;
    private final StoreQuery<R> query;
    private final long atLeast;
    private final long deadline;
    private final @Nullable Duration maxStaleness;
    private final boolean forwards;
    private final CompletableFuture<Answer<R>> result = new CompletableFuture<>();

    private boolean armed;
    private int attempts;
    private volatile boolean behind;

    /**
     * @param location the partition to ask
     * @param query the question
     * @param atLeast the offset its state must have reached, -1 for any
     * @param deadline when to give up, on the clock for spans
     * @param maxStaleness how much a standby may miss, null if only the owner may answer
     * @param forwards whether peers may be asked
     */
    Inquiry(
            Facilities facilities,
            StoreLocation location,
            StoreQuery<R> query,
            long atLeast,
            long deadline,
            @Nullable Duration maxStaleness,
            boolean forwards) {
        this.facilities = facilities;
        this.location = location;
        this.query = query;
        this.atLeast = atLeast;
        this.deadline = deadline;
        this.maxStaleness = maxStaleness;
        this.forwards = forwards;
    }

    /** The store of one partition of an application. */
    record StoreLocation(String application, String store, TopicPartition source) {}

    CompletionStage<Answer<R>> start() {
        attempt();
        return result;
    }

    private CompletionStage<Answer<R>> answered() {
        return result;
    }

    private synchronized void attempt() {
        if (result.isDone()) {
            return;
        }
        try {
            route();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private void route() {
        attempts++;
        RunningApplication application = facilities.applications().find(location.application());
        if (application == null) {
            later();
            return;
        }
        PartitionStore store = application
                .engine()
                .partition(location.store(), location.source().partition());
        // A standby that is behind the wanted position is not waited for: the owner is ahead of it.
        boolean usable = store != null
                && (store.role() == Role.ACTIVE
                        || (store.role() == Role.STANDBY && isFresh(store.logTime()) && store.position() >= atLeast));
        if (store != null && usable) {
            if (store.role() == Role.ACTIVE && maxStaleness == null && !store.isCurrent()) {
                awaitSuccession(application, store);
            } else {
                answerHere(application, store);
            }
            return;
        }
        HostInfo peer = forwards ? peer(application) : null;
        if (peer == null) {
            later();
        } else {
            askPeer(peer);
        }
    }

    private boolean isFresh(long logTime) {
        return maxStaleness != null && logTime >= 0 && facilities.clock().millis() - logTime <= maxStaleness.toMillis();
    }

    private @Nullable HostInfo peer(RunningApplication application) {
        HostInfo owner = facilities.placements().owner(application, location.source());
        List<HostInfo> candidates = new ArrayList<>();
        if (owner != null && !facilities.placements().isSelf(owner)) {
            candidates.add(owner);
        }
        if (maxStaleness != null) {
            candidates.addAll(facilities.placements().followers(application, location.source()));
        }
        return candidates.isEmpty() ? null : candidates.get((attempts - 1) % candidates.size());
    }

    private void answerHere(RunningApplication application, PartitionStore store) {
        if (query instanceof ScanQuery) {
            try {
                facilities.scans().execute(() -> evaluate(application, store));
            } catch (RejectedExecutionException full) {
                result.completeExceptionally(new OverloadedException("too many scans are waiting"));
            }
        } else {
            evaluate(application, store);
        }
    }

    private void evaluate(RunningApplication application, PartitionStore store) {
        if (result.isDone()) {
            return;
        }
        try {
            QueryResult<StoreAnswer<R>> outcome = query(application);
            if (outcome == null) {
                later();
            } else if (outcome.isSuccess()) {
                accept(outcome.getResult());
            } else {
                switch (outcome.getFailureReason()) {
                    case NOT_UP_TO_BOUND -> await(application, store);
                    case NOT_ACTIVE, NOT_PRESENT, DOES_NOT_EXIST -> later();
                    default -> throw new QueryFailedException(outcome.getFailureMessage());
                }
            }
        } catch (InvalidStateStoreException notHereNow) {
            later();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private @Nullable QueryResult<StoreAnswer<R>> query(RunningApplication application) {
        StateQueryRequest<StoreAnswer<R>> request = StateQueryRequest.inStore(location.store())
                .withQuery(new BoundQuery<>(query, atLeast, maxStaleness != null))
                .withPartitions(Set.of(location.source().partition()));
        return application
                .streams()
                .query(request)
                .getPartitionResults()
                .get(location.source().partition());
    }

    private void accept(StoreAnswer<R> answer) {
        if (answer.role() == Role.ACTIVE || isFresh(answer.logTime())) {
            result.complete(new Answer<>(answer.value(), location.source(), answer.position()));
        } else {
            later();
        }
    }

    private void askPeer(HostInfo peer) {
        long left = Math.max(0, deadline - facilities.nanoTime().getAsLong());
        PeerRequest request = new PeerRequest(
                location.application(),
                location.store(),
                location.source().topic(),
                location.source().partition(),
                facilities.queries().name(query),
                facilities.queries().write(query),
                atLeast,
                TimeUnit.NANOSECONDS.toMillis(Math.max(0, left - RETURN_NANOS)),
                maxStaleness == null ? null : maxStaleness.toMillis());
        arm();
        facilities
                .transport()
                .call(peer, facilities.queries().write(request), Duration.ofNanos(left))
                .whenComplete((reply, failure) -> resume(() -> {
                    if (failure != null) {
                        later();
                    } else {
                        read(reply);
                    }
                }));
    }

    private void read(byte[] reply) {
        PeerAnswer answer = facilities.queries().read(reply, PeerAnswer.class);
        switch (answer.outcome()) {
            case ANSWERED -> {
                byte[] body = answer.body();
                if (body == null) {
                    throw new QueryFailedException("a peer's answer has no body");
                }
                result.complete(new Answer<>(
                        facilities.queries().readResult(query, body), location.source(), answer.position()));
            }
            case NOT_OWNER -> later();
            case POSITION_NOT_REACHED ->
                result.completeExceptionally(new PositionNotReachedException(location.source()));
            case OVERLOADED -> result.completeExceptionally(new OverloadedException(message(answer)));
            case FAILED -> result.completeExceptionally(new QueryFailedException(message(answer)));
        }
    }

    private static String message(PeerAnswer answer) {
        String message = answer.message();
        return message == null ? "a peer failed" : message;
    }

    /** Tries again when the store has got where the read wants it. */
    private void await(RunningApplication application, PartitionStore store) {
        behind = true;
        arm();
        CompletionStage<?> reached = store.whenReached(atLeast);
        Future<?> floor = facilities
                .timer()
                .scheduleWithFixedDelay(
                        () -> facilities.floor().raise(application, store, location.source()),
                        FLOOR_AFTER_MILLIS,
                        FLOOR_EVERY_MILLIS,
                        TimeUnit.MILLISECONDS);
        answered()
                .whenComplete((answer, failure) -> reached.toCompletableFuture().cancel(false));
        reached.whenComplete((done, closed) -> {
            floor.cancel(false);
            if (!result.isDone()) {
                resume(this::attempt);
            }
        });
    }

    /** Tries again when the new owner has caught up with the one before it. */
    private void awaitSuccession(RunningApplication application, PartitionStore store) {
        behind = true;
        arm();
        facilities.succession().complete(application, store, location.source()).whenComplete((done, failure) -> {
            if (!result.isDone()) {
                resume(failure == null ? this::attempt : this::later);
            }
        });
    }

    /** Tries again in a while: the partition moves, or its owner cannot be reached. */
    private void later() {
        behind = false;
        if (!forwards) {
            result.completeExceptionally(failure());
            return;
        }
        arm();
        long delay = FIRST_DELAY_MILLIS << Math.min(attempts - 1, DELAY_DOUBLINGS);
        var unused = facilities.timer().schedule(() -> resume(this::attempt), delay, TimeUnit.MILLISECONDS);
    }

    private synchronized void arm() {
        if (armed) {
            return;
        }
        armed = true;
        long left = deadline - facilities.nanoTime().getAsLong();
        Future<?> end = facilities
                .timer()
                .schedule(
                        () -> resume(() -> result.completeExceptionally(failure())),
                        Math.max(0, left),
                        TimeUnit.NANOSECONDS);
        answered().whenComplete((answer, failure) -> end.cancel(false));
    }

    private RuntimeException failure() {
        return behind
                ? new PositionNotReachedException(location.source())
                : new PartitionUnavailableException(
                        location.source().topic(),
                        new TreeSet<>(Set.of(location.source().partition())));
    }

    private void resume(Runnable step) {
        Executor resumed = facilities.resumed();
        try {
            resumed.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(failure());
        }
    }
}
