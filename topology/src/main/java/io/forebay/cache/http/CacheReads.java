package io.forebay.cache.http;

import io.forebay.cache.CacheStats;
import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.Loaded;
import io.forebay.cache.loader.Loaders;
import io.forebay.cache.query.LookUp;
import io.forebay.cache.query.Looked;
import io.forebay.command.Outcome;
import io.forebay.command.Outcomes;
import io.forebay.command.Receipt;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.ReadCalls;
import io.forebay.http.calls.Refusals;
import io.forebay.routing.Answer;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.BeginLoad;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.GiveUpLoad;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.TouchEntry;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for an entry: what is fresh is answered by its owner without a record in the log; of all others exactly one caller is
 * given the lease, and the rest waits for that one, wherever it asked.
 *
 * <p>Waiting needs no message between instances: whatever ends a load, a fill, giving up, an invalidation or the lease's
 * time, is a record of the entry's partition. So a caller that waits asks the owner again as soon as the partition has moved.
 *
 * <p>An entry that is stale within its cache's window is answered at once. One caller of each instance asks for the lease
 * behind that, and the log gives it to one of these. Where the cache loads by itself nobody waits for any of it; else that one
 * caller has to be told, so it alone waits for the log, and is answered the older value with the lease.
 */
final class CacheReads {
    /** Between two looks of one caller that waits, on a partition that moves all the time. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** Callers that find an entry stale and are about to hear whether they are to load it. */
    private static final int MOST_ASKING = 1_000;

    /** A stored value is shown as what it is said to be and nothing more: it must not run as a page of this origin. */
    private static final String SANDBOX = "default-src 'none'; sandbox";

    private final Router router;
    private final StoreRef store;
    private final TopicSpec changes;
    private final CommandCalls<KeyCommand> commands;
    private final Outcomes outcomes;
    private final CacheHttpConfig config;
    private final Loaders loaders;
    private final CacheStats stats;
    private final LongSupplier nanoTime;
    private final Touches touches = new Touches();
    private final Refreshes byLoaders;
    private final Refreshes byCallers = new Refreshes(MOST_ASKING);
    private final Executor later = CompletableFuture.delayedExecutor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);

    CacheReads(
            Router router,
            StoreRef store,
            TopicSpec changes,
            CommandCalls<KeyCommand> commands,
            Outcomes outcomes,
            CacheHttpConfig config,
            Loaders loaders,
            CacheStats stats,
            LongSupplier nanoTime) {
        this.loaders = loaders;
        this.stats = stats;
        this.router = router;
        this.store = store;
        this.changes = changes;
        this.commands = commands;
        this.outcomes = outcomes;
        this.config = config;
        this.nanoTime = nanoTime;
        // The other half is for loads that somebody waits for.
        this.byLoaders = new Refreshes(Math.max(1, config.cache().loaders().mostLoads() / 2));
    }

    CompletionStage<Response> read(Request request, String cache, Path key, @Nullable Long lifetime) {
        Duration asked = request.prefer().maxWait();
        Duration wait = asked == null ? config.cache().maxWait() : asked;
        Reading reading = new Reading(cache, key, lifetime, nanoTime.getAsLong() + wait.toNanos());
        Position changed = request.atLeast().ofTopic(changes.name());
        CompletionStage<Response> read =
                changed.isEmpty() ? reading.look(request.atLeast(), lifetime) : reading.after(changed);
        return read.thenApply(response ->
                asked == null ? response : response.with("Preference-Applied", "wait=" + asked.toSeconds()));
    }

    /** One call. */
    private final class Reading {
        private final String cache;
        private final CacheStats.Counts counts;
        private final Path key;
        private final @Nullable Long lifetime;
        private final long deadline;
        private final int partition;
        private final long staleFor;
        private boolean waited;

        Reading(String cache, Path key, @Nullable Long lifetime, long deadline) {
            this.cache = cache;
            this.counts = stats.of(cache);
            this.key = key;
            this.lifetime = lifetime;
            this.deadline = deadline;
            this.partition = store.source().partitionFor(key);
            this.staleFor = config.cache().policy().staleMillis(cache);
        }

        /** Looks for the entry at or after a position. */
        CompletionStage<Response> look(Position atLeast, @Nullable Long maxAge) {
            return look(atLeast, maxAge, config.readTimeout()).thenCompose(this::looked);
        }

        /**
         * Looks for the entry as row changes left it. What they invalidate is in the log of the entries once it is committed
         * that they were read; what is asked in that log, too, is decided after it.
         */
        CompletionStage<Response> after(Position changed) {
            return router.awaitCommitted(store.application(), changed, config.readTimeout())
                    .thenCompose(committed -> begin(null, this::begun));
        }

        private CompletionStage<Answer<Looked>> look(Position atLeast, @Nullable Long maxAge, Duration timeout) {
            return router.ask(
                    store,
                    partition,
                    new LookUp(key.toString(), maxAge, staleFor),
                    ReadOptions.within(timeout).atLeast(atLeast));
        }

        private CompletionStage<Response> looked(Answer<Looked> answer) {
            Looked looked = answer.value();
            byte[] value = looked.value();
            if (value != null && looked.stale()) {
                return stale(answer, value);
            }
            if (value != null) {
                touch(looked);
                if (waited) {
                    counts.collapsed();
                } else {
                    counts.hit();
                }
                return CompletableFuture.completedFuture(
                        value(value, looked.contentType(), waited ? CacheStatus.COLLAPSED : CacheStatus.HIT)
                                .at(ReadCalls.positionOf(answer)));
            }
            return looked.loading() ? await(answer.position()) : begin(null, this::begun);
        }

        /** Nothing waits for a touch, and nothing is lost but a little of a lifetime when it fails. */
        private void touch(Looked looked) {
            if (touches.isDue(key, looked, lifetime)) {
                commands.send(
                                key,
                                command(new TouchEntry(key.toString(), looked.now(), lifetime)),
                                UUID.randomUUID().toString())
                        .exceptionally(failure -> null);
            }
        }

        /** Answers the older value, and has it loaded anew where that is for this call to do. */
        private CompletionStage<Response> stale(Answer<Looked> answer, byte[] value) {
            counts.stale();
            Looked looked = answer.value();
            Response older = value(
                            value,
                            looked.contentType(),
                            CacheStatus.stale(looked.secondsLeft(Objects.requireNonNull(lifetime))))
                    .at(ReadCalls.positionOf(answer));
            Refreshes refreshes = loaders.has(cache) ? byLoaders : byCallers;
            if (!looked.isToBeRefreshed() || !refreshes.begin(key)) {
                return CompletableFuture.completedFuture(older);
            }
            CompletionStage<Response> refreshed = CompletableFuture.completedFuture(older)
                    .thenCompose(this::refresh)
                    .whenComplete((response, failure) -> refreshes.end(key))
                    .exceptionally(failure -> older);
            return loaders.has(cache) ? CompletableFuture.completedFuture(older) : refreshed;
        }

        private CompletionStage<Response> refresh(Response older) {
            return begin(staleFor, begun -> {
                String lease = begun.lease();
                if (loaders.has(cache)) {
                    return lease == null
                            ? CompletableFuture.completedFuture(older)
                            : load(Long.parseLong(lease), begun.position());
                }
                if (!begun.stale()) {
                    // It was invalidated, or loaded, since it was found.
                    return begun(begun);
                }
                return CompletableFuture.completedFuture(
                        lease == null
                                ? older
                                : older.with(CacheAddress.LEASE, lease).at(begun.position()));
            });
        }

        /**
         * Asks for the lease.
         *
         * @param takesOlder for how long after the lifetime the older value will do; null when it will not
         */
        private CompletionStage<Response> begin(
                @Nullable Long takesOlder, Function<Begun, CompletionStage<Response>> told) {
            String id = UUID.randomUUID().toString();
            BeginLoad begin = BeginLoad.newBuilder()
                    .setKey(key.toString())
                    .setLifetime(lifetime)
                    .setLeaseMs(config.cache().lease().toMillis())
                    .setStaleMs(takesOlder)
                    .build();
            return commands.send(key, command(begin), id)
                    .thenCompose(receipt -> outcomes.await(store, receipt, id, config.readTimeout())
                            .thenCompose(outcome -> told.apply(Begun.of(receipt, outcome))));
        }

        private CompletionStage<Response> begun(Begun begun) {
            if (begun.hit()) {
                // It was fresh by the log; how old it is by the clock of whoever answers is not the question any more.
                return look(begun.position(), null);
            }
            String lease = begun.lease();
            if (lease == null) {
                return await(begun.offset());
            }
            counts.miss();
            if (loaders.has(cache)) {
                return inTime(load(Long.parseLong(lease), begun.position()));
            }
            return CompletableFuture.completedFuture(Response.problem(Problem.of(
                                    404,
                                    "not_cached",
                                    "The cache has no fresh value",
                                    "fill it under the lease, or give the lease up")
                            .withHeader(CacheAddress.LEASE, lease)
                            .withHeader(CacheStatus.NAME, CacheStatus.MISS))
                    .at(begun.position()));
        }

        /** Has the cache's loader load, and fills; the load goes on when the caller does not wait any longer. */
        private CompletionStage<Response> load(long lease, Position begun) {
            long started = nanoTime.getAsLong();
            List<String> parts = key.parts().subList(1, key.size());
            return loaders.load(cache, parts)
                    .whenComplete((loaded, failed) -> counts.load(failed != null, nanoTime.getAsLong() - started))
                    .thenCompose(loaded -> fill(lease, loaded))
                    .exceptionallyCompose(failure -> notLoaded(lease, begun, failure));
        }

        private CompletionStage<Response> fill(long lease, Loaded loaded) {
            FillEntry fill = FillEntry.newBuilder()
                    .setKey(key.toString())
                    .setLease(lease)
                    .setValue(ByteBuffer.wrap(loaded.value()))
                    .setContentType(loaded.contentType())
                    .setTags(loaded.tags())
                    .build();
            String id = UUID.randomUUID().toString();
            return commands.send(key, command(fill), id)
                    .thenCompose(receipt -> outcomes.await(store, receipt, id, config.readTimeout())
                            .thenApply(outcome -> value(
                                            loaded.value(),
                                            loaded.contentType(),
                                            isKept(outcome) ? CacheStatus.STORED : CacheStatus.NOT_STORED)
                                    .at(receipt.position())));
        }

        private CompletionStage<Response> notLoaded(long lease, Position begun, Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (!(cause instanceof LoadFailedException failed)) {
                return CompletableFuture.failedFuture(failure);
            }
            return commands.send(
                            key,
                            command(new GiveUpLoad(key.toString(), lease)),
                            UUID.randomUUID().toString())
                    .<@Nullable Receipt>handle((receipt, notSent) -> receipt)
                    .thenCompose(given -> config.cache().staleOnError().contains(cache)
                            ? look(begun, null, config.readTimeout()).thenApply(older -> olderOr(older, failed))
                            : CompletableFuture.completedFuture(Response.problem(problem(failed))));
        }

        private Response olderOr(Answer<Looked> answer, LoadFailedException failed) {
            byte[] older = answer.value().value();
            return older == null
                    ? Response.problem(problem(failed))
                    : value(older, answer.value().contentType(), CacheStatus.STALE)
                            .at(ReadCalls.positionOf(answer));
        }

        private CompletionStage<Response> inTime(CompletionStage<Response> loading) {
            long left = Math.max(1, deadline - nanoTime.getAsLong());
            return loading.toCompletableFuture().copy().completeOnTimeout(waitedTooLong(), left, TimeUnit.NANOSECONDS);
        }

        /** Waits for the partition to move beyond where somebody had the lease. */
        private CompletionStage<Response> await(long position) {
            waited = true;
            Duration left = Duration.ofNanos(Math.max(0, deadline - nanoTime.getAsLong()));
            if (left.isZero()) {
                return CompletableFuture.completedFuture(waitedTooLong());
            }
            Position moved = Position.of(store.source().name(), partition, position + 1);
            return CompletableFuture.supplyAsync(() -> look(moved, lifetime, left), later)
                    .thenCompose(looking -> looking)
                    .thenCompose(this::looked)
                    .exceptionallyCompose(failure -> isTimeout(failure)
                            ? CompletableFuture.completedFuture(waitedTooLong())
                            : CompletableFuture.failedFuture(failure));
        }

        private Response waitedTooLong() {
            return Response.problem(Problem.unavailable(
                            "load_in_progress",
                            "Another caller is loading the value",
                            "ask again, or wait longer (Prefer: wait)",
                            1)
                    .withHeader(CacheStatus.NAME, CacheStatus.MISS));
        }

        private boolean isTimeout(Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause instanceof PositionNotReachedException && nanoTime.getAsLong() - deadline >= 0;
        }
    }

    /**
     * What a caller that asks for the lease is told.
     *
     * @param offset of its command
     * @param hit whether the entry is fresh
     * @param stale whether it is stale, and may be answered
     * @param lease the lease; null when somebody else has it, or nobody is to have it yet
     */
    private record Begun(
            Position position,
            long offset,
            boolean hit,
            boolean stale,
            @Nullable String lease) {

        static Begun of(Receipt receipt, @Nullable Outcome outcome) {
            if (outcome == null) {
                throw new IllegalStateException("the beginning of a load became a dead letter");
            }
            if (outcome.isRefused()) {
                throw Refusals.problem(outcome).exception();
            }
            JsonObject told = JsonObject.parse(outcome.text());
            JsonValue lease = told.has("wait_for") ? null : told.member("lease");
            return new Begun(
                    receipt.position(),
                    receipt.offset(),
                    told.has("hit"),
                    told.has("stale"),
                    lease == null ? null : lease.asText());
        }
    }

    private static Response value(byte[] value, @Nullable String contentType, String status) {
        return Response.of(200, Objects.requireNonNull(contentType), value)
                .with("Content-Security-Policy", SANDBOX)
                .with(CacheStatus.NAME, status);
    }

    private static boolean isKept(@Nullable Outcome outcome) {
        return outcome != null && !outcome.isRefused() && CacheWrites.isKept(outcome);
    }

    private static Problem problem(LoadFailedException failed) {
        Problem problem = switch (failed.reason()) {
            case FAILED -> Problem.of(502, "origin_failed", "The value could not be loaded", failed.detail());
            case TIMEOUT -> Problem.of(504, "origin_timeout", "The value could not be loaded", failed.detail());
            case OVERLOADED -> Problem.unavailable("overloaded", "The value could not be loaded", failed.detail(), 1);
        };
        return problem.withHeader(CacheStatus.NAME, CacheStatus.MISS);
    }

    private static KeyCommand command(Object command) {
        return new KeyCommand(new CacheCommand(command));
    }
}
