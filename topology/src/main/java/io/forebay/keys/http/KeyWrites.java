package io.forebay.keys.http;

import io.forebay.command.Outcome;
import io.forebay.command.TransactionalSender;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.CommandCalls.Part;
import io.forebay.http.calls.Conditions;
import io.forebay.http.calls.Refusals;
import io.forebay.keys.KeyLimits;
import io.forebay.schemas.avro.DeleteKey;
import io.forebay.schemas.avro.DeleteKeys;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.ReplaceKeys;
import io.forebay.schemas.avro.TouchKeys;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The writes: put, touch, delete. What concerns several partitions goes to each of them as a command of its own, to all or to
 * none.
 */
final class KeyWrites {
    private final CommandCalls<KeyCommand> commands;
    private final TransactionalSender transactions;
    private final TopicSpec input;

    KeyWrites(CommandCalls<KeyCommand> commands, TransactionalSender transactions, TopicSpec input) {
        this.commands = commands;
        this.transactions = transactions;
        this.input = input;
    }

    CompletionStage<Response> put(Request request, Path key) {
        Lifetime lifetime = Lifetime.of(request);
        String contentType = request.header("Content-Type");
        PutKey put = PutKey.newBuilder()
                .setKey(key.toString())
                .setValue(ByteBuffer.wrap(request.body()))
                .setContentType(contentType == null ? ValueJson.BYTES : contentType)
                .setTtlMs(lifetime.ttlMs())
                .setSliding(lifetime.sliding())
                .setCondition(Conditions.of(request))
                .build();
        Refusals.checked(() -> {
            KeyLimits.contentType(put.getContentType(), "Content-Type");
            return put;
        });
        return commands.write(
                request,
                key,
                new KeyCommand(new PutKeys(List.of(put))),
                outcome -> lifetime.isNone() ? Response.noContent() : stored(outcome));
    }

    CompletionStage<Response> delete(Request request, Path key) {
        DeleteKey delete = new DeleteKey(key.toString(), Conditions.of(request));
        return commands.write(
                request, key, new KeyCommand(new DeleteKeys(List.of(delete))), outcome -> Response.noContent());
    }

    CompletionStage<Response> deleteMatch(Request request, PathMatch match) {
        OptionalInt only = input.partitionFor(match);
        KeyCommand command = new KeyCommand(new DeleteMatch(match.toString()));
        IntStream partitions =
                only.isPresent() ? IntStream.of(only.getAsInt()) : IntStream.range(0, input.partitions());
        List<Part<KeyCommand>> parts = partitions
                .mapToObj(partition -> new Part<>(partition, null, command))
                .toList();
        return commands.writeAll(request, transactions, parts, outcomes -> sum(outcomes, "deleted"));
    }

    CompletionStage<Response> batch(Request request, KeyBodies.Batch batch) {
        if (!batch.deletes().isEmpty()) {
            return replace(request, batch);
        }
        Map<Integer, List<PutKey>> byPartition = byPartition(batch.records(), record -> Path.parse(record.getKey()));
        if (batch.isConditional() && byPartition.size() > 1) {
            throw crossesPartitions("/records");
        }
        return toEach(
                request,
                byPartition,
                record -> Path.parse(record.getKey()),
                PutKeys::new,
                outcomes -> Response.noContent());
    }

    private CompletionStage<Response> replace(Request request, KeyBodies.Batch batch) {
        int partition = partitionOf(batch, 0);
        for (int i = 1; i < batch.deletes().size(); i++) {
            if (partitionOf(batch, i) != partition) {
                throw crossesPartitions("/delete/" + i);
            }
        }
        for (int i = 0; i < batch.records().size(); i++) {
            if (input.partitionFor(Path.parse(batch.records().get(i).getKey())) != partition) {
                throw crossesPartitions("/records/" + i);
            }
        }
        Path key = batch.records().isEmpty()
                ? Path.of(match(batch, 0).literalPrefix())
                : Path.parse(batch.records().get(0).getKey());
        KeyCommand command = new KeyCommand(new ReplaceKeys(batch.deletes(), batch.records()));
        return commands.write(request, key, command, outcome -> sum(List.of(outcome), "deleted"));
    }

    private int partitionOf(KeyBodies.Batch batch, int delete) {
        return input.partitionFor(match(batch, delete)).orElseThrow(() -> crossesPartitions("/delete/" + delete));
    }

    private static PathMatch match(KeyBodies.Batch batch, int delete) {
        return PathMatch.parse(batch.deletes().get(delete).getMatch());
    }

    private static RuntimeException crossesPartitions(String pointer) {
        return Refusals.problem(KeyLimits.crossesPartitions(pointer)).exception();
    }

    CompletionStage<Response> touch(Request request, List<Path> keys) {
        return toEach(
                request,
                byPartition(keys, key -> key),
                key -> key,
                touched -> new TouchKeys(touched.stream().map(Path::toString).toList(), null),
                outcomes -> sum(outcomes, "touched"));
    }

    private <T> Map<Integer, List<T>> byPartition(List<T> all, Function<T, Path> key) {
        Map<Integer, List<T>> byPartition = new TreeMap<>();
        for (T one : all) {
            byPartition
                    .computeIfAbsent(input.partitionFor(key.apply(one)), partition -> new ArrayList<>())
                    .add(one);
        }
        return byPartition;
    }

    private <T> CompletionStage<Response> toEach(
            Request request,
            Map<Integer, List<T>> byPartition,
            Function<T, Path> key,
            Function<List<T>, Object> command,
            Function<List<Outcome>, Response> answer) {
        if (byPartition.isEmpty()) {
            return CompletableFuture.completedFuture(answer.apply(List.of()));
        }
        List<Part<KeyCommand>> parts = new ArrayList<>(byPartition.size());
        byPartition.forEach((partition, part) ->
                parts.add(new Part<>(partition, key.apply(part.get(0)), new KeyCommand(command.apply(part)))));
        return commands.writeAll(request, transactions, parts, answer);
    }

    private static Response stored(Outcome outcome) {
        return Response.noContent().tagged(member(outcome, "version").asText());
    }

    private static Response sum(List<Outcome> outcomes, String name) {
        long sum = 0;
        for (Outcome outcome : outcomes) {
            sum += Long.parseLong(member(outcome, name).raw());
        }
        return Response.json(200, "{\"" + name + "\":" + sum + "}");
    }

    private static JsonValue member(Outcome outcome, String name) {
        return Objects.requireNonNull(JsonObject.parse(outcome.text()).member(name), name);
    }
}
