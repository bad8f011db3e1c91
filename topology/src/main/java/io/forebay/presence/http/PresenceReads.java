package io.forebay.presence.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.presence.query.CountPresences;
import io.forebay.presence.query.GetPresence;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresenceFound;
import io.forebay.presence.query.PresencePage;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.json.JsonFilter;
import io.forebay.schemas.path.Snowflake;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The reads: one presence, a list, counts. */
final class PresenceReads {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1000;
    private static final int MAX_STALENESS_SECONDS = 86_400;
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
        Position position = positionOf(answer);
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
                        .at(positionOf(answer)));
    }

    CompletionStage<Response> list(Request request) {
        Snowflake guild = Ids.parameter(request, "guild");
        int limit = request.integerParameter("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        ListPresences query = new ListPresences(
                guild == null ? null : guild.value(),
                request.parameter("status"),
                request.parameter("activity"),
                filters(request),
                PresenceCursor.read(request.parameter("cursor")),
                limit);
        ReadOptions options = options(request);
        CompletionStage<Gathered<PresencePage>> gathered = guild == null
                ? router.askAll(store, query, options)
                : router.ask(store, partitionOf(guild), query, options)
                        .thenApply(answer -> new Gathered<>(List.of(answer), List.of()));
        return gathered.thenApply(pages -> page(pages, limit));
    }

    private static Response page(Gathered<PresencePage> gathered, int limit) {
        Merged merged = Merged.of(gathered.answers().stream().map(Answer::value).toList(), limit);
        byte[] next = merged.next();
        Position position =
                gathered.answers().stream().map(PresenceReads::positionOf).reduce(Position.empty(), Position::merge);
        return Response.json(PresenceJson.page(
                        merged.entries(), next == null ? null : PresenceCursor.write(next), gathered.missing()))
                .at(position);
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
        @Nullable Duration staleness = null;
        if (request.parameter("max-staleness") != null) {
            staleness = Duration.ofSeconds(request.integerParameter("max-staleness", 0, MAX_STALENESS_SECONDS, 0));
        }
        return new ReadOptions(request.atLeast(), timeout, staleness, request.booleanParameter("allow-partial"));
    }

    int partitionOf(Snowflake guild) {
        return store.source().partitionFor(guild.toPath());
    }

    private static Position positionOf(Answer<?> answer) {
        return answer.position() < 0 ? Position.empty() : Position.of(answer.source(), answer.position());
    }
}
