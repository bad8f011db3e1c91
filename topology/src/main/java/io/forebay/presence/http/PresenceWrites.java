package io.forebay.presence.http;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcome;
import io.forebay.command.Outcomes;
import io.forebay.command.Receipt;
import io.forebay.http.Prefer;
import io.forebay.http.Problem;
import io.forebay.http.ProblemException;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.routing.OverloadedException;
import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Snowflake;
import io.forebay.schemas.serde.EncodeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands and answers with their outcomes. A command that is in the log will be carried out, so when its outcome
 * does not come in time the answer is 202 with the position; the same request with the same {@code Idempotency-Key} then
 * gets the outcome, and the command is carried out once.
 */
final class PresenceWrites {
    /** Records of a bulk that may be on their way at once: enough to fill a batch, not enough to hold the whole twice. */
    private static final int CHUNKS_IN_FLIGHT = 4;

    private final CommandSender sender;
    private final Outcomes outcomes;
    private final StoreRef store;
    private final Serializer<PresenceCommand> serializer;
    private final PresenceHttpConfig config;

    PresenceWrites(
            CommandSender sender,
            Outcomes outcomes,
            StoreRef store,
            Serializer<PresenceCommand> serializer,
            PresenceHttpConfig config) {
        this.sender = sender;
        this.outcomes = outcomes;
        this.store = store;
        this.serializer = serializer;
        this.config = config;
    }

    /** Sends one command; {@code answer} makes the response of an outcome that is no refusal. */
    CompletionStage<Response> write(
            Request request, Snowflake guild, Object command, Function<Outcome, Response> answer) {
        Prefer prefer = request.prefer();
        return unlessNotSent(send(guild, command, request.id()))
                .thenCompose(receipt -> outcome(request, prefer, receipt, answer));
    }

    /** Sends a bulk in as many records as it needs; blocks while they are on their way. */
    CompletionStage<Response> writeBulk(
            Request request,
            Snowflake guild,
            List<JsonValue> presences,
            boolean replace,
            Function<Outcome, Response> answer) {
        List<Range> chunks = split(presences);
        if (chunks.size() == 1) {
            return write(
                    request, guild, new BulkCreatePresences(texts(presences, chunks.get(0)), replace, null), answer);
        }
        Prefer prefer = request.prefer();
        String batch = UUID.nameUUIDFromBytes(request.id().getBytes(StandardCharsets.UTF_8))
                .toString();
        Deque<CompletableFuture<Receipt>> inFlight = new ArrayDeque<>();
        for (int i = 0; i < chunks.size() - 1; i++) {
            if (inFlight.size() == CHUNKS_IN_FLIGHT) {
                inFlight.remove().join();
            }
            Chunk place = new Chunk(batch, i, false);
            inFlight.add(unlessNotSent(send(
                            guild,
                            new BulkCreatePresences(texts(presences, chunks.get(i)), replace, place),
                            request.id() + "#" + i))
                    .toCompletableFuture());
        }
        inFlight.forEach(CompletableFuture::join);
        int last = chunks.size() - 1;
        Object command =
                new BulkCreatePresences(texts(presences, chunks.get(last)), replace, new Chunk(batch, last, true));
        return unlessNotSent(send(guild, command, request.id()))
                .thenCompose(receipt -> outcome(request, prefer, receipt, answer));
    }

    private record Range(int from, int to) {}

    private List<Range> split(List<JsonValue> presences) {
        List<Range> chunks = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < presences.size(); i++) {
            int length = presences.get(i).length();
            if (i > from && (bytes + length > config.chunkBytes() || i - from == config.chunkCount())) {
                chunks.add(new Range(from, i));
                from = i;
                bytes = 0;
            }
            bytes += length;
        }
        chunks.add(new Range(from, presences.size()));
        return chunks;
    }

    private static List<String> texts(List<JsonValue> presences, Range range) {
        return presences.subList(range.from(), range.to()).stream()
                .map(JsonValue::raw)
                .toList();
    }

    private CompletionStage<Receipt> send(Snowflake guild, Object command, String requestId) {
        try {
            byte[] value = serializer.serialize(store.source().name(), new PresenceCommand(command));
            return sender.send(store.source(), guild.toPath(), value, requestId);
        } catch (EncodeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletionStage<Receipt> unlessNotSent(CompletionStage<Receipt> sent) {
        return sent.exceptionallyCompose(failure -> CompletableFuture.failedFuture(notSent(failure)));
    }

    private static Throwable notSent(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
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

    private CompletionStage<Response> outcome(
            Request request, Prefer prefer, Receipt receipt, Function<Outcome, Response> answer) {
        if (prefer.respondAsync()) {
            return CompletableFuture.completedFuture(accepted(receipt).with("Preference-Applied", "respond-async"));
        }
        Duration asked = prefer.maxWait();
        Duration wait = asked == null ? config.outcomeTimeout() : asked;
        return outcomes.await(store, receipt, request.id(), wait)
                .thenApply(outcome -> answered(outcome, answer).at(receipt.position()))
                .exceptionallyCompose(failure -> undecided(failure, receipt))
                .thenApply(response ->
                        asked == null ? response : response.with("Preference-Applied", "wait=" + asked.toSeconds()));
    }

    private static Response answered(@Nullable Outcome outcome, Function<Outcome, Response> answer) {
        if (outcome == null) {
            return Response.problem(Problem.of(
                    422,
                    "dead_lettered",
                    "The command could not be carried out",
                    "it is on the dead-letter topic with the reason"));
        }
        return outcome.isRefused() ? Response.problem(Refusals.problem(outcome)) : answer.apply(outcome);
    }

    private static CompletionStage<Response> undecided(Throwable failure, Receipt receipt) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean later = cause instanceof PositionNotReachedException
                || cause instanceof PartitionUnavailableException
                || cause instanceof OverloadedException;
        return later
                ? CompletableFuture.completedFuture(accepted(receipt))
                : CompletableFuture.failedFuture(cause instanceof ProblemException ? cause : failure);
    }

    private static Response accepted(Receipt receipt) {
        return Response.json(202, "{\"accepted\":true}").at(receipt.position());
    }
}
