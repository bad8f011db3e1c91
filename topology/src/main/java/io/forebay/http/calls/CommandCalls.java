package io.forebay.http.calls;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcome;
import io.forebay.command.Outcomes;
import io.forebay.command.Receipt;
import io.forebay.command.TransactionalSender;
import io.forebay.http.Prefer;
import io.forebay.http.Problem;
import io.forebay.http.ProblemException;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.routing.OverloadedException;
import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.serde.EncodeException;
import io.forebay.schemas.topic.ReservedKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands and answers with their outcomes. A command that is in the log will be carried out, so when its outcome
 * does not come in time the answer is 202 with the position; the same request with the same {@code Idempotency-Key} then
 * gets the outcome, and the command is carried out once.
 *
 * @param <C> the values of the input topic
 */
public final class CommandCalls<C> {
    private final CommandSender sender;
    private final Outcomes outcomes;
    private final StoreRef store;
    private final Serializer<C> serializer;
    private final Duration timeout;

    /**
     * Commands to one capability.
     *
     * @param store the deciding store, whose source is the input topic
     * @param timeout how long an outcome is waited for where the caller does not say
     */
    public CommandCalls(
            CommandSender sender, Outcomes outcomes, StoreRef store, Serializer<C> serializer, Duration timeout) {
        this.sender = sender;
        this.outcomes = outcomes;
        this.store = store;
        this.serializer = serializer;
        this.timeout = timeout;
    }

    /** Sends one command; {@code answer} makes the response of an outcome that is no refusal. */
    public CompletionStage<Response> write(Request request, Path key, C command, Function<Outcome, Response> answer) {
        return send(key, command, request.id())
                .thenCompose(receipt -> outcome(
                        request,
                        List.of(receipt),
                        (part, refused) -> refused,
                        decided -> answer.apply(decided.get(0))));
    }

    /**
     * A command to one partition.
     *
     * @param key the record key, which is on the partition; null for a command to the partition itself
     */
    public record Part<C>(int partition, @Nullable Path key, C command) {
        private byte[] recordKey() {
            return key == null ? ReservedKeys.partition() : key.toBytes();
        }
    }

    /**
     * Sends commands to several partitions, all of them or none.
     *
     * @param parts at least one, each to another partition
     * @param answer makes the response of outcomes of which none is a refusal, in the order of {@code parts}
     */
    public CompletionStage<Response> writeAll(
            Request request,
            TransactionalSender transactions,
            List<Part<C>> parts,
            Function<List<Outcome>, Response> answer) {
        return writeAll(request, transactions, parts, (part, refused) -> refused, answer);
    }

    /**
     * Sends commands to several partitions, all of them or none.
     *
     * @param parts at least one, each to another partition
     * @param refusal makes of the refusal of a part, by its index, one of the whole: with the places of members in the request
     * @param answer makes the response of outcomes of which none is a refusal, in the order of {@code parts}
     */
    public CompletionStage<Response> writeAll(
            Request request,
            TransactionalSender transactions,
            List<Part<C>> parts,
            BiFunction<Integer, Outcome, Outcome> refusal,
            Function<List<Outcome>, Response> answer) {
        CompletionStage<List<Receipt>> sent = parts.size() == 1
                ? sendOne(parts.get(0), request.id()).thenApply(List::of)
                : sending(() -> transactions.send(
                        store.source(),
                        parts.stream()
                                .map(part -> new TransactionalSender.Part(
                                        part.partition(), part.recordKey(), encode(part.command())))
                                .toList(),
                        request.id()));
        return sent.thenCompose(receipts -> outcome(request, receipts, refusal, answer));
    }

    /**
     * Sends commands, all of them or none, each of which has an outcome of its own also where several are to one partition.
     *
     * @param parts at least one, in the order in which a partition is to decide them
     * @param refusal makes of the refusal of a part, by its index, one of the whole
     * @param answer makes the response of outcomes of which none is a refusal, in the order of {@code parts}
     */
    public CompletionStage<Response> writeEach(
            Request request,
            TransactionalSender transactions,
            List<Part<C>> parts,
            BiFunction<Integer, Outcome, Outcome> refusal,
            Function<List<Outcome>, Response> answer) {
        if (parts.size() == 1) {
            return writeAll(request, transactions, parts, refusal, answer);
        }
        List<String> ids = IntStream.range(0, parts.size())
                .mapToObj(index -> request.id() + "." + index)
                .toList();
        CompletionStage<List<Receipt>> sent = sending(() -> transactions.send(
                store.source(),
                IntStream.range(0, parts.size())
                        .mapToObj(index -> numbered(parts.get(index), ids.get(index)))
                        .toList(),
                null));
        return sent.thenCompose(receipts -> outcome(request, receipts, ids, refusal, answer));
    }

    private TransactionalSender.Part numbered(Part<C> part, String id) {
        return new TransactionalSender.Part(part.partition(), part.recordKey(), encode(part.command()), id);
    }

    private CompletionStage<Receipt> sendOne(Part<C> part, String requestId) {
        Path key = part.key();
        return key != null
                ? send(key, part.command(), requestId)
                : sending(() ->
                        sender.sendToPartition(store.source(), part.partition(), encode(part.command()), requestId));
    }

    /**
     * Sends a command.
     *
     * @return completes when it is acknowledged; fails with the problem to answer
     */
    public CompletionStage<Receipt> send(Path key, C command, String requestId) {
        return sending(() -> sender.send(store.source(), key, encode(command), requestId));
    }

    private byte[] encode(C command) {
        return serializer.serialize(store.source().name(), command);
    }

    private static <T> CompletionStage<T> sending(Supplier<CompletionStage<T>> send) {
        try {
            return send.get().exceptionallyCompose(failure -> CompletableFuture.failedFuture(notSent(failure)));
        } catch (EncodeException e) {
            return CompletableFuture.failedFuture(notSent(e));
        }
    }

    private CompletionStage<Response> outcome(
            Request request,
            List<Receipt> receipts,
            BiFunction<Integer, Outcome, Outcome> refusal,
            Function<List<Outcome>, Response> answer) {
        return outcome(request, receipts, Collections.nCopies(receipts.size(), request.id()), refusal, answer);
    }

    private CompletionStage<Response> outcome(
            Request request,
            List<Receipt> receipts,
            List<String> ids,
            BiFunction<Integer, Outcome, Outcome> refusal,
            Function<List<Outcome>, Response> answer) {
        Prefer prefer = request.prefer();
        Position position = receipts.stream().map(Receipt::position).reduce(Position.empty(), Position::merge);
        if (prefer.respondAsync()) {
            return CompletableFuture.completedFuture(accepted(position).with("Preference-Applied", "respond-async"));
        }
        Duration asked = prefer.maxWait();
        Duration wait = asked == null ? timeout : asked;
        List<CompletionStage<@Nullable Outcome>> awaited = new ArrayList<>();
        for (int i = 0; i < receipts.size(); i++) {
            awaited.add(outcomes.await(store, receipts.get(i), ids.get(i), wait));
        }
        return all(awaited)
                .thenApply(decided -> answered(decided, refusal, answer).at(position))
                .exceptionallyCompose(failure -> undecided(failure, position))
                .thenApply(response ->
                        asked == null ? response : response.with("Preference-Applied", "wait=" + asked.toSeconds()));
    }

    private static <T extends @Nullable Object> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
        if (stages.size() == 1) {
            return stages.get(0).thenApply(CommandCalls::only);
        }
        List<CompletableFuture<T>> futures =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    List<T> values = new ArrayList<>(futures.size());
                    futures.forEach(future -> values.add(future.join()));
                    return values;
                });
    }

    private static <T extends @Nullable Object> List<T> only(T value) {
        List<T> values = new ArrayList<>(1);
        values.add(value);
        return values;
    }

    private static Response answered(
            List<@Nullable Outcome> decided,
            BiFunction<Integer, Outcome, Outcome> refusal,
            Function<List<Outcome>, Response> answer) {
        List<Outcome> carriedOut = new ArrayList<>(decided.size());
        for (Outcome outcome : decided) {
            if (outcome == null) {
                return Response.problem(Problem.of(
                        422,
                        "dead_lettered",
                        "The command could not be carried out",
                        "it is on the dead-letter topic with the reason"));
            }
            if (outcome.isRefused()) {
                return Response.problem(Refusals.problem(refusal.apply(carriedOut.size(), outcome)));
            }
            carriedOut.add(outcome);
        }
        return answer.apply(carriedOut);
    }

    private static CompletionStage<Response> undecided(Throwable failure, Position position) {
        Throwable cause = cause(failure);
        boolean later = cause instanceof PositionNotReachedException
                || cause instanceof PartitionUnavailableException
                || cause instanceof OverloadedException;
        return later
                ? CompletableFuture.completedFuture(accepted(position))
                : CompletableFuture.failedFuture(cause instanceof ProblemException ? cause : failure);
    }

    private static Response accepted(Position position) {
        return Response.json(202, "{\"accepted\":true}").at(position);
    }

    private static Throwable notSent(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof EncodeException encode && encode.retryable()) {
            return Problem.unavailable("registry_unavailable", "The schema registry cannot be asked now", null, 1)
                    .exception();
        }
        if (cause instanceof RecordTooLargeException) {
            return Problem.of(413, "too_large", "The command is larger than a record may be", null)
                    .exception();
        }
        if (cause instanceof KafkaException && !(cause instanceof EncodeException)) {
            return Problem.unavailable(
                            "not_acknowledged",
                            "The log did not acknowledge the command",
                            "it may be carried out all the same: repeat it with the same Idempotency-Key",
                            1)
                    .exception();
        }
        return cause;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
