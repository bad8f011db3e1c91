package io.forebay.cache.http;

import io.forebay.command.Outcome;
import io.forebay.command.TransactionalSender;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.CommandCalls.Part;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.GiveUpLoad;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.TopicSpec;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Fills, leases given up, and invalidations. */
final class CacheWrites {
    private final CommandCalls<KeyCommand> commands;
    private final TransactionalSender transactions;
    private final TopicSpec input;

    CacheWrites(CommandCalls<KeyCommand> commands, TransactionalSender transactions, TopicSpec input) {
        this.commands = commands;
        this.transactions = transactions;
        this.input = input;
    }

    CompletionStage<Response> fill(Request request, Path key, FillEntry fill) {
        return commands.write(request, key, command(fill), CacheWrites::filled);
    }

    private static Response filled(Outcome outcome) {
        return Response.json(200, outcome.text())
                .with(CacheStatus.NAME, isKept(outcome) ? CacheStatus.STORED : CacheStatus.NOT_STORED);
    }

    /** Whether a fill is in the cache now. */
    static boolean isKept(Outcome outcome) {
        JsonValue kept = Objects.requireNonNull(JsonObject.parse(outcome.text()).member("kept"));
        return kept.asBoolean();
    }

    CompletionStage<Response> giveUp(Request request, Path key, long lease) {
        return commands.write(
                request, key, command(new GiveUpLoad(key.toString(), lease)), outcome -> Response.noContent());
    }

    CompletionStage<Response> invalidate(Request request, Path key) {
        return commands.write(
                request, key, command(new InvalidateKeys(List.of(key.toString()))), outcome -> Response.noContent());
    }

    CompletionStage<Response> invalidateMatch(Request request, PathMatch match) {
        OptionalInt only = input.partitionFor(match);
        return toPartitions(
                request,
                only.isPresent() ? IntStream.of(only.getAsInt()) : IntStream.range(0, input.partitions()),
                command(new InvalidateMatch(match.toString())));
    }

    CompletionStage<Response> invalidateTag(Request request, String cache, String tag) {
        return toPartitions(request, IntStream.range(0, input.partitions()), command(new InvalidateTag(cache, tag)));
    }

    private CompletionStage<Response> toPartitions(Request request, IntStream partitions, KeyCommand command) {
        List<Part<KeyCommand>> parts = partitions
                .mapToObj(partition -> new Part<>(partition, null, command))
                .toList();
        return commands.writeAll(request, transactions, parts, outcomes -> Response.noContent());
    }

    private static KeyCommand command(Object command) {
        return new KeyCommand(new CacheCommand(command));
    }
}
