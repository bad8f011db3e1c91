package io.forebay.presence.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.Cursor;
import io.forebay.http.calls.MergedPages;
import io.forebay.http.calls.ReadCalls;
import io.forebay.presence.query.CountPresences;
import io.forebay.presence.query.GetPresence;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresenceEntry;
import io.forebay.presence.query.PresenceFound;
import io.forebay.presence.query.PresencePage;
import io.forebay.presence.state.PresenceKeys;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.json.JsonFilter;
import io.forebay.schemas.path.Snowflake;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The reads: one presence, a list, counts. */
final class PresenceReads {
    private static final int MAX_FILTERS = 16;

    private final Router router;
    private final StoreRef store;
    private final Duration timeout;

    PresenceReads(Router router, StoreRef store, Duration timeout) {
        this.router = router;
        this.store = store;
        this.timeout = timeout;
    }

    CompletionStage<Response> get(Request request) {
        Snowflake guild = Ids.path(request, "guild");
        Snowflake user = Ids.path(request, "user");
        return router.ask(store, partitionOf(guild), new GetPresence(guild.value(), user.value()), options(request))
                .thenApply(PresenceReads::found);
    }

    private static Response found(Answer<PresenceFound> answer) {
        byte[] presence = answer.value().presence();
        Position position = ReadCalls.positionOf(answer);
        if (presence == null) {
            Problem absent = Problem.of(404, "presence_not_found", "There is no such presence", null);
            return Response.problem(absent).at(position);
        }
        return Response.json(presence)
                .tagged(Long.toString(answer.value().version()))
                .at(position);
    }

    CompletionStage<Response> counts(Request request) {
        Snowflake guild = Ids.path(request, "guild");
        return router.ask(store, partitionOf(guild), new CountPresences(guild.value()), options(request))
                .thenApply(answer -> Response.json(PresenceJson.counts(guild, answer.value()))
                        .at(ReadCalls.positionOf(answer)));
    }

    CompletionStage<Response> list(Request request) {
        Snowflake guild = Ids.parameter(request, "guild");
        int limit = ReadCalls.limit(request);
        ListPresences query = new ListPresences(
                guild == null ? null : guild.value(),
                request.parameter("status"),
                request.parameter("activity"),
                filters(request),
                after(request),
                limit);
        ReadOptions options = options(request);
        CompletionStage<Gathered<PresencePage>> gathered = guild == null
                ? router.askAll(store, query, options)
                : router.ask(store, partitionOf(guild), query, options)
                        .thenApply(answer -> new Gathered<>(List.of(answer), List.of()));
        return gathered.thenApply(pages -> page(pages, limit));
    }

    private static byte @Nullable [] after(Request request) {
        byte[] address = Cursor.read(request);
        if (address != null && address.length != PresenceKeys.ADDRESS_BYTES) {
            throw Cursor.refused();
        }
        return address;
    }

    private static Response page(Gathered<PresencePage> gathered, int limit) {
        MergedPages<PresenceEntry, byte[]> merged = MergedPages.of(
                gathered.answers().stream()
                        .map(answer -> new MergedPages.Page<>(
                                answer.value().entries(), answer.value().scannedTo()))
                        .toList(),
                entry -> PresenceKeys.address(entry.guild(), entry.user()),
                Arrays::compareUnsigned,
                limit);
        byte[] next = merged.next();
        return Response.json(PresenceJson.page(
                        merged.entries(), next == null ? null : Cursor.write(next), gathered.missing()))
                .at(ReadCalls.positionOf(gathered));
    }

    private static List<String> filters(Request request) {
        List<String> filters = request.parameters("filter");
        if (filters.size() > MAX_FILTERS) {
            throw Problem.invalid("filter", "may be given " + MAX_FILTERS + " times")
                    .exception();
        }
        for (String filter : filters) {
            try {
                JsonFilter.parse(filter);
            } catch (IllegalArgumentException e) {
                throw Problem.invalid("filter", "must be " + e.getMessage()).exception();
            }
        }
        return filters;
    }

    private ReadOptions options(Request request) {
        return ReadCalls.options(request, timeout);
    }

    int partitionOf(Snowflake guild) {
        return store.source().partitionFor(guild.toPath());
    }
}
