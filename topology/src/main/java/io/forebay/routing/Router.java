package io.forebay.routing;

import io.forebay.routing.Inquiry.StoreLocation;
import io.forebay.routing.PeerAnswer.Outcome;
import io.forebay.schemas.position.Position;
import io.forebay.store.StoreQuery;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks stores, wherever they are.
 *
 * <p>The partition of a key is computed from the catalogue, its owner is found in the clients' metadata: this instance, or one hop away. A peer answers
 * from its own stores only and never passes a question on, so a question makes at most one hop however wrong the metadata is; when the peer says it
 * is not the owner, the metadata is read again a little later, until the read's time is over.
 *
 * <p>{@code KafkaStreams.query} answers at once with what there is, so waiting is done here: a store that is behind the wanted position tells when
 * it is there ({@code PartitionStore.whenReached}), and the question is put again. Requests never combine {@code requireActive} with a position bound,
 * because 4.3.1 then drops the bound: role and position travel in the query and the engine checks both.
 *
 * <p>A read that allows staleness may be answered by a standby that is at the end of its changelog. How stale it is: a standby that has applied a record appended at log time {@code t} has
 * applied everything appended before {@code t}, since append times do not fall along a partition. So it misses nothing older than the clock minus its
 * log time, and may answer if that is within the limit. On an idle partition this overstates (nothing new has been appended and the standby misses
 * nothing, yet its log time grows old), and then the owner answers, or nobody does: it never understates, save for the difference between the clocks of
 * broker and instance.
 *
 * <p>Threads: queries of few entries run where they are asked, {@link ScanQuery}s on a bounded pool that refuses what it cannot hold, and what
 * continues after a wait on two threads of its own, never on the stream thread that ended the wait.
 */
public final class Router implements AutoCloseable {

    /** No peer waits longer for another one, whatever it is asked. */
    private static final long MAX_WAIT_MILLIS = Duration.ofMinutes(5).toMillis();

    private final Facilities facilities;
    private final Admin admin;
    private final Map<String, GroupProgress> progress = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor scans;
    private final ExecutorService resumed;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param config bounds, and this instance's address
     * @param applications what runs here
     * @param queries the queries that may be asked of peers
     * @param transport carries them
     * @param admin asks the cluster what was committed; not closed by the router
     * @param clock the time of day, to judge how old a standby's state is
     * @param nanoTime a clock for spans, as {@link System#nanoTime}
     */
    public Router(
            RouterConfig config,
            Applications applications,
            QueryRegistry queries,
            PeerTransport transport,
            Admin admin,
            Clock clock,
            LongSupplier nanoTime) {
        this.admin = admin;
        this.scans = new ThreadPoolExecutor(
                config.scanThreads(),
                config.scanThreads(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.scanQueue()),
                named("forebay-scan"));
        this.resumed = Executors.newFixedThreadPool(2, named("forebay-routing"));
        this.timer = new ScheduledThreadPoolExecutor(1, named("forebay-routing-timer"));
        this.timer.setRemoveOnCancelPolicy(true);
        CommittedFloor floor = new CommittedFloor(admin, resumed);
        this.facilities = new Facilities(
                applications,
                queries,
                transport,
                new Placements(config.self()),
                floor,
                new Succession(admin, floor, resumed, timer),
                scans,
                resumed,
                timer,
                clock,
                nanoTime);
    }

    /**
     * Asks one partition.
     *
     * @return its answer; fails with {@link PositionNotReachedException}, {@link PartitionUnavailableException}, {@link OverloadedException} or
     *     {@link QueryFailedException}
     */
    public <R extends @Nullable Object> CompletionStage<Answer<R>> ask(
            StoreRef store, int partition, StoreQuery<R> query, ReadOptions options) {
        if (partition < 0 || partition >= store.source().partitions()) {
            throw new IllegalArgumentException(store.source().name() + " has no partition " + partition);
        }
        TopicPartition source = new TopicPartition(store.source().name(), partition);
        Inquiry<R> inquiry = new Inquiry<>(
                facilities,
                new StoreLocation(store.application(), store.store(), source),
                query,
                options.atLeast().offset(source).orElse(-1),
                deadline(options.timeout()),
                options.maxStaleness(),
                true);
        return inquiry.start();
    }

    /**
     * Asks every partition at once.
     *
     * @return the answers in the order of the partitions. Fails as {@link #ask} does if any partition fails; where the read allows it, partitions
     *     that are unavailable are left out and named instead
     */
    public <R extends @Nullable Object> CompletionStage<Gathered<R>> askAll(
            StoreRef store, StoreQuery<R> query, ReadOptions options) {
        return askEach(store, partition -> query, options);
    }

    /** Asks every partition at once, each its own question; otherwise as {@link #askAll(StoreRef, StoreQuery, ReadOptions)}. */
    public <R extends @Nullable Object> CompletionStage<Gathered<R>> askEach(
            StoreRef store, IntFunction<? extends StoreQuery<R>> queries, ReadOptions options) {
        List<CompletableFuture<Answer<R>>> asked = new ArrayList<>();
        for (int partition = 0; partition < store.source().partitions(); partition++) {
            asked.add(ask(store, partition, queries.apply(partition), options).toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .handle((done, failed) -> gather(store, asked, options.allowPartial()));
    }

    private static <R extends @Nullable Object> Gathered<R> gather(
            StoreRef store, List<CompletableFuture<Answer<R>>> asked, boolean allowPartial) {
        List<Answer<R>> answers = new ArrayList<>();
        TreeSet<Integer> missing = new TreeSet<>();
        Throwable failure = null;
        for (int partition = 0; partition < asked.size(); partition++) {
            try {
                answers.add(asked.get(partition).join());
            } catch (CompletionException e) {
                if (e.getCause() instanceof PartitionUnavailableException) {
                    missing.add(partition);
                } else {
                    failure = e.getCause();
                }
            }
        }
        if (failure != null) {
            throw new CompletionException(failure);
        }
        if (!missing.isEmpty() && !allowPartial) {
            throw new PartitionUnavailableException(store.source().name(), missing);
        }
        return new Gathered<>(answers, List.copyOf(missing));
    }

    /** Waits until the store has reached a position on every partition of its that the position speaks of; fails as {@link #ask} does. */
    public CompletionStage<@Nullable Void> awaitPosition(StoreRef store, Position position, Duration timeout) {
        ReadOptions options = ReadOptions.within(timeout).atLeast(position);
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (TopicPartition source :
                position.ofTopic(store.source().name()).offsets().keySet()) {
            asked.add(
                    ask(store, source.partition(), new PositionQuery(), options).toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Waits until an application has committed what came of a position on topics that it reads without a store for them.
     *
     * @return fails with a {@link PositionNotReachedException}
     */
    public CompletionStage<@Nullable Void> awaitCommitted(String application, Position position, Duration timeout) {
        return progress.computeIfAbsent(
                        application, group -> new GroupProgress(group, admin, resumed, timer, facilities.nanoTime()))
                .await(position, deadline(timeout));
    }

    /**
     * Answers a peer's question from this instance's own stores.
     *
     * @param request what a peer's {@link PeerTransport} was given
     * @return what that peer is to get; does not fail
     */
    public CompletionStage<byte[]> serve(byte[] request) {
        QueryRegistry queries = facilities.queries();
        CompletionStage<PeerAnswer> answer;
        try {
            PeerRequest asked = queries.read(request, PeerRequest.class);
            answer = answer(asked, queries.readQuery(asked.query(), asked.body()));
        } catch (QueryFailedException e) {
            answer = CompletableFuture.completedFuture(PeerAnswer.without(Outcome.FAILED, e.getMessage()));
        }
        return answer.thenApply(queries::write);
    }

    private <R extends @Nullable Object> CompletionStage<PeerAnswer> answer(PeerRequest asked, StoreQuery<R> query) {
        Long staleness = asked.maxStalenessMillis();
        Inquiry<R> inquiry = new Inquiry<>(
                facilities,
                new StoreLocation(
                        asked.application(), asked.store(), new TopicPartition(asked.topic(), asked.partition())),
                query,
                asked.atLeast(),
                deadline(Duration.ofMillis(Math.min(asked.waitMillis(), MAX_WAIT_MILLIS))),
                staleness == null ? null : Duration.ofMillis(staleness),
                false);
        return inquiry.start()
                .thenApply(answered ->
                        PeerAnswer.answered(facilities.queries().write(answered.value()), answered.position()))
                .exceptionally(failure -> refusal(unwrap(failure)));
    }

    private static PeerAnswer refusal(Throwable failure) {
        if (failure instanceof PartitionUnavailableException) {
            return PeerAnswer.without(Outcome.NOT_OWNER, null);
        }
        if (failure instanceof PositionNotReachedException) {
            return PeerAnswer.without(Outcome.POSITION_NOT_REACHED, null);
        }
        if (failure instanceof OverloadedException) {
            return PeerAnswer.without(Outcome.OVERLOADED, failure.getMessage());
        }
        return PeerAnswer.without(Outcome.FAILED, failure.getMessage());
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** Every instance this one knows of, itself included, in the order of their addresses. */
    public List<InstanceInfo> instances() {
        return facilities.placements().instances(facilities.applications().all());
    }

    /** The applications that run here and where their partitions are, in the order of their names. */
    public List<ApplicationInfo> topology() {
        return facilities.placements().applications(facilities.applications().all());
    }

    /** Scans that wait for a thread now. */
    public int waitingScans() {
        return scans.getQueue().size();
    }

    private long deadline(Duration timeout) {
        return facilities.nanoTime().getAsLong() + timeout.toNanos();
    }

    /** Ends the threads. Questions under way are not answered any more. */
    @Override
    public void close() {
        timer.shutdownNow();
        scans.shutdownNow();
        resumed.shutdownNow();
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
