package io.forebay.presence.http;

import io.forebay.command.Outcome;
import io.forebay.command.Receipt;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Snowflake;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Splits bulks into records. */
final class PresenceWrites {
    /** Records of a bulk that may be on their way at once: enough to fill a batch, not enough to hold the whole twice. */
    private static final int CHUNKS_IN_FLIGHT = 4;

    private final CommandCalls<PresenceCommand> commands;
    private final PresenceHttpConfig config;

    PresenceWrites(CommandCalls<PresenceCommand> commands, PresenceHttpConfig config) {
        this.commands = commands;
        this.config = config;
    }

    /** Sends one command; {@code answer} makes the response of an outcome that is no refusal. */
    CompletionStage<Response> write(
            Request request, Snowflake guild, Object command, Function<Outcome, Response> answer) {
        return commands.write(request, guild.toPath(), new PresenceCommand(command), answer);
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
        String batch = UUID.nameUUIDFromBytes(request.id().getBytes(StandardCharsets.UTF_8))
                .toString();
        Deque<CompletableFuture<Receipt>> inFlight = new ArrayDeque<>();
        for (int i = 0; i < chunks.size() - 1; i++) {
            if (inFlight.size() == CHUNKS_IN_FLIGHT) {
                inFlight.remove().join();
            }
            Chunk place = new Chunk(batch, i, false);
            PresenceCommand command =
                    new PresenceCommand(new BulkCreatePresences(texts(presences, chunks.get(i)), replace, place));
            inFlight.add(commands.send(guild.toPath(), command, request.id() + "#" + i)
                    .toCompletableFuture());
        }
        inFlight.forEach(CompletableFuture::join);
        int last = chunks.size() - 1;
        return write(
                request,
                guild,
                new BulkCreatePresences(texts(presences, chunks.get(last)), replace, new Chunk(batch, last, true)),
                answer);
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
}
