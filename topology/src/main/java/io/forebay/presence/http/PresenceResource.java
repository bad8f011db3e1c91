package io.forebay.presence.http;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcome;
import io.forebay.command.Outcomes;
import io.forebay.command.RefusedException;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Resource;
import io.forebay.http.Response;
import io.forebay.http.Route;
import io.forebay.http.Routes;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.Conditions;
import io.forebay.http.calls.Refusals;
import io.forebay.http.calls.StreamCalls;
import io.forebay.presence.GatewayDispatches;
import io.forebay.presence.PresenceBody;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Snowflake;
import io.forebay.stream.Feed;
import io.forebay.stream.StreamHub;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.serialization.Serializer;

/** Every presence call. */
public final class PresenceResource implements Resource {
    private static final String ALL = "/v1/presences";
    private static final String GUILD = "/v1/presences/{guild}";
    private static final String ONE = "/v1/presences/{guild}/{user}";
    private static final int ENVELOPE_DEPTH = 3;

    private final PresenceWrites writes;
    private final PresenceReads reads;
    private final PresenceStream stream;
    private final PresenceHttpConfig config;

    /**
     * The calls.
     *
     * @param store the presence store, whose source is the presence topic
     * @param serializer writes the presence topic's values
     * @param feed the presence sync topic and {@link PresenceChangeCodec}
     */
    public PresenceResource(
            StoreRef store,
            Router router,
            CommandSender sender,
            Outcomes outcomes,
            Serializer<PresenceCommand> serializer,
            StreamHub hub,
            Feed feed,
            PresenceHttpConfig config) {
        this.writes = new PresenceWrites(
                new CommandCalls<>(sender, outcomes, store, serializer, config.outcomeTimeout()), config);
        this.reads = new PresenceReads(router, store, config.readTimeout());
        this.stream =
                new PresenceStream(new StreamCalls(hub, feed, router, store, config.readTimeout()), store, config);
        this.config = config;
    }

    @Override
    public void register(Routes routes) {
        Route.Body one = Route.Body.json(config.presence().maxBytes());
        Route.Body bulk = Route.Body.json(config.bulkBytes());
        routes.add(Route.of("POST", ALL, this::create).body(one));
        routes.add(Route.of("PUT", ONE, this::put).body(one));
        routes.add(Route.of("PATCH", ONE, this::update).body(one));
        routes.add(Route.delete(ONE, this::remove));
        routes.add(Route.of("POST", GUILD, request -> bulk(request, false))
                .body(bulk)
                .onWorker());
        routes.add(Route.of("PUT", GUILD, request -> bulk(request, true))
                .body(bulk)
                .onWorker());
        routes.add(Route.delete(GUILD, this::purge));
        routes.add(Route.of("POST", "/v1/gateway", this::dispatch).body(bulk));
        routes.add(Route.get(ONE, reads::get).parameters("max-staleness"));
        routes.add(Route.get(GUILD + "/counts", reads::counts)
                .parameters("max-staleness")
                .onWorker());
        routes.add(Route.get(ALL, reads::list)
                .parameters(
                        "guild", "status", "activity", "filter", "limit", "cursor", "allow-partial", "max-staleness"));
        routes.add(Route.get(GUILD, stream::open).parameters("start").streaming());
    }

    private CompletionStage<Response> create(Request request) {
        JsonObject body = body(request);
        Snowflake guild = Refusals.checked(() -> PresenceBody.guild(body));
        Refusals.checked(() -> PresenceBody.user(body));
        return writes.write(
                request, guild, new CreatePresence(null, body.text(), Conditions.of(request)), PresenceResource::done);
    }

    private CompletionStage<Response> put(Request request) {
        Addressed presence = addressed(request);
        return writes.write(
                request,
                presence.guild(),
                new CreatePresence(presence.user(), presence.text(), Conditions.of(request)),
                PresenceResource::done);
    }

    private CompletionStage<Response> update(Request request) {
        Addressed presence = addressed(request);
        return writes.write(
                request,
                presence.guild(),
                new UpdatePresence(presence.user(), presence.text(), Conditions.of(request)),
                outcome -> Response.json(outcome.body()));
    }

    /** A presence as it came, and where the path says that it belongs. */
    private record Addressed(Snowflake guild, String user, String text) {}

    private Addressed addressed(Request request) {
        Snowflake guild = Ids.path(request, "guild");
        Snowflake user = Ids.path(request, "user");
        JsonObject body = body(request);
        Refusals.checked(() -> PresenceBody.at(body, guild, user));
        return new Addressed(guild, user.toString(), body.text());
    }

    private CompletionStage<Response> remove(Request request) {
        Snowflake guild = Ids.path(request, "guild");
        Snowflake user = Ids.path(request, "user");
        return writes.write(
                request, guild, new RemovePresence(user.toString(), Conditions.of(request)), PresenceResource::done);
    }

    private CompletionStage<Response> purge(Request request) {
        Snowflake guild = Ids.path(request, "guild");
        Conditions.refuse(request);
        return writes.write(request, guild, new PurgePresences(), PresenceResource::done);
    }

    private CompletionStage<Response> bulk(Request request, boolean replace) {
        Snowflake guild = Ids.path(request, "guild");
        Conditions.refuse(request);
        List<JsonValue> presences = BulkBody.read(request.body(), guild, config);
        return writes.writeBulk(request, guild, presences, replace, PresenceResource::done);
    }

    private CompletionStage<Response> dispatch(Request request) {
        Conditions.refuse(request);
        JsonLimits limits = new JsonLimits(
                config.bulkBytes(),
                Math.min(config.presence().maxDepth() + ENVELOPE_DEPTH, JsonLimits.GREATEST_MAX_DEPTH));
        JsonObject body = Refusals.checked(() -> PresenceBody.parse(request.body(), limits));
        JsonValue t = body.member("t");
        JsonValue d = body.member("d");
        if (t == null || !t.isString()) {
            throw Problem.invalid("/t", "must be the dispatch's name, a string").exception();
        }
        if (d == null || !d.isObject()) {
            throw Problem.invalid("/d", "must be the dispatch's data, an object")
                    .exception();
        }
        return dispatch(request, t.asText(), d.asObject());
    }

    private CompletionStage<Response> dispatch(Request request, String t, JsonObject d) {
        GatewayDispatches.Translated translated = Refusals.checked(() -> {
            try {
                return GatewayDispatches.translate(t, d);
            } catch (RefusedException e) {
                throw "/t".equals(e.field()) ? e : e.below("/d");
            }
        });
        Snowflake guild = translated.guild();
        if (guild == null || translated.commands().isEmpty()) {
            return CompletableFuture.completedFuture(nothingEmitted());
        }
        Object command = translated.commands().get(0).getCommand();
        if (command instanceof UpdatePresence) {
            if (d.length() > config.presence().maxBytes()) {
                throw Refusals.tooLarge("/d", config.presence().maxBytes());
            }
            return writes.write(
                    request, guild, new GatewayDispatch(t, d.text()), outcome -> Response.json(outcome.body()));
        }
        if (command instanceof BulkCreatePresences) {
            JsonValue presences = d.member("presences");
            List<JsonValue> elements = presences == null ? List.of() : presences.elements();
            BulkBody.check(elements, guild, config);
            return writes.writeBulk(request, guild, elements, false, outcome -> nothingEmitted());
        }
        return writes.write(request, guild, command, outcome -> nothingEmitted());
    }

    private JsonObject body(Request request) {
        return Refusals.checked(() -> PresenceBody.parse(request.body(), config.presence()));
    }

    private static Response done(Outcome outcome) {
        return Response.noContent();
    }

    private static Response nothingEmitted() {
        return Response.json(PresenceJson.NOTHING_EMITTED);
    }
}
