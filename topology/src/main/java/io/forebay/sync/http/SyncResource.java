package io.forebay.sync.http;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcomes;
import io.forebay.command.TransactionalSender;
import io.forebay.http.Handler;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Resource;
import io.forebay.http.Response;
import io.forebay.http.Route;
import io.forebay.http.Routes;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.StreamCalls;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.stream.Feed;
import io.forebay.stream.StreamHub;
import io.forebay.sync.definition.SubscriptionRules;
import io.forebay.sync.rule.AccessRules;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serializer;

/** Every call of record sync. */
public final class SyncResource implements Resource {

    private static final String MODEL = "/v1/model";
    private static final String CHANGES = "/v1/changes";
    private static final String CHANGE = "/v1/changes/{id}";
    private static final String TABLE = "/v1/records/{table}";
    private static final String RECORD = "/v1/records/{table}/{key...}";

    private static final String APPLIES = "/v1/changes/{id}/applies";
    private static final String SYNC = "/v1/sync";
    private static final String WATCHERS = "/v1/watchers";
    private static final String SUBSCRIPTIONS = "/v1/subscriptions";
    private static final String SUBSCRIBER = "/v1/subscriptions/{subscriber}";

    private final ChangeWrites writes;
    private final RecordReads reads;
    private final ValueSync values;
    private final WatcherCalls watchers;
    private final SubscriptionWrites subscriptions;
    private final SubscriptionReads subscribed;
    private final SubscriberStream stream;
    private final LiveRecords live;
    private final SubscriberNames names;
    private final SyncHttpConfig config;
    private final byte[] model;

    /**
     * What the calls ask, and where.
     *
     * @param rows the store of rows, whose source is the topic of row changes
     * @param places the store of places
     * @param definitions the store of definitions, whose source is the topic of what subscribers want
     * @param subscribers the store of subscribers
     * @param watchers the watchers that are defined
     */
    public record Stages(
            StoreRef rows, StoreRef places, StoreRef definitions, StoreRef subscribers, WatcherSource watchers) {}

    /**
     * How the calls write.
     *
     * @param transactions sends what is more than one record
     * @param changes writes row changes
     * @param subscriptions writes what subscribers want
     * @param deliveries writes what partitions of subscribers are told, of streams
     */
    public record Writing(
            CommandSender sender,
            TransactionalSender transactions,
            Outcomes outcomes,
            Serializer<RowChange> changes,
            Serializer<SubscriptionCommand> subscriptions,
            Serializer<DeliveryCommand> deliveries) {}

    /**
     * The calls.
     *
     * @param told the topic of what subscribers are told
     * @param model of the tables
     * @param rules who may see what of them
     * @param nanoTime a clock for spans
     * @param executor runs what takes long for a stream
     */
    public SyncResource(
            Stages stages,
            Writing writing,
            Router router,
            StreamHub hub,
            Feed told,
            Model model,
            AccessRules rules,
            SyncHttpConfig config,
            LongSupplier nanoTime,
            Executor executor) {
        StoreRef rows = stages.rows();
        StoreRef definitions = stages.definitions();
        CommandCalls<SubscriptionCommand> commands = new CommandCalls<>(
                writing.sender(), writing.outcomes(), definitions, writing.subscriptions(), config.outcomeTimeout());
        Preloads preloads = new Preloads(router, rows, stages.places(), model, config, nanoTime);
        SubscriberPositions positions = new SubscriberPositions(
                router, rows, stages.places(), definitions, stages.subscribers(), config.readTimeout(), nanoTime);
        this.writes = new ChangeWrites(
                new CommandCalls<>(
                        writing.sender(), writing.outcomes(), rows, writing.changes(), config.outcomeTimeout()),
                writing.transactions(),
                rows.source(),
                model,
                config);
        this.reads = new RecordReads(router, rows, model, rules, config, preloads);
        this.subscribed =
                new SubscriptionReads(router, stages.subscribers(), positions, stages.watchers(), model, config);
        StreamCalls streams = new StreamCalls(hub, told, router, stages.subscribers(), config.readTimeout());
        this.stream = new SubscriberStream(streams, stages.subscribers().source(), commands);
        this.live = new LiveRecords(
                streams,
                stages.subscribers().source(),
                new CommandCalls<>(
                        writing.sender(),
                        writing.outcomes(),
                        stages.subscribers(),
                        writing.deliveries(),
                        config.outcomeTimeout()),
                model,
                rules,
                config,
                executor);
        this.values = new ValueSync(router, rows, model, rules, config, preloads, subscribed);
        this.watchers = new WatcherCalls(router, definitions, commands, stages.watchers(), model, config, nanoTime);
        this.subscriptions = new SubscriptionWrites(
                commands,
                writing.transactions(),
                definitions.source(),
                stages.subscribers().source(),
                positions,
                stages.watchers(),
                new SubscriptionRules(rules),
                model,
                config);
        this.names = new SubscriberNames(config.subscriberClaim());
        this.config = config;
        this.model = ModelFile.write(model).bytes();
    }

    @Override
    public void register(Routes routes) {
        routes.add(writing("POST", CHANGES, writes::write));
        routes.add(Route.get(CHANGE, reads::change).parameters("preload", "max-staleness"));
        routes.add(Route.get(APPLIES, values::applies).parameters("subscriber", "max-staleness"));
        routes.add(Route.get(MODEL, request -> CompletableFuture.completedFuture(Response.json(model))));
        routes.add(Route.get(TABLE, live::table).parameters("where", "preload").streaming());
        routes.add(Route.get(RECORD, this::record)
                .parameters("preload", "max-staleness")
                .streaming());
        routes.add(writing("POST", SYNC, values::sync));
        routes.add(Route.get(WATCHERS, watchers::get).parameters("max-staleness"));
        routes.add(writing("PUT", WATCHERS, watchers::put));
        routes.add(writing("POST", WATCHERS + ":derive", watchers::derive));
        routes.add(writing("POST", SUBSCRIBER + ":add", subscriptions::add));
        routes.add(writing("POST", SUBSCRIBER + ":remove", subscriptions::remove));
        routes.add(Route.delete(SUBSCRIBER, subscriptions::removeAll));
        routes.add(Route.get(SUBSCRIBER, this::subscriber)
                .parameters("start", "lease_ms", "max-staleness")
                .streaming());
        routes.add(Route.get(SUBSCRIPTIONS, subscribed::listening)
                .parameters(
                        "table",
                        "event",
                        "label",
                        "id",
                        "column",
                        "value",
                        "limit",
                        "cursor",
                        "allow-partial",
                        "max-staleness"));
    }

    private CompletionStage<Response> record(Request request) {
        if (request.wantsEvents()) {
            refuseStaleness(request);
            return live.record(request);
        }
        return reads.get(request);
    }

    private static void refuseStaleness(Request request) {
        if (request.parameter("max-staleness") != null) {
            throw Problem.invalid("max-staleness", "is not taken by a stream").exception();
        }
    }

    private CompletionStage<Response> subscriber(Request request) {
        String subscriber = names.of(request);
        if (request.wantsEvents()) {
            refuseStaleness(request);
            return stream.open(request, subscriber);
        }
        for (String name : List.of("start", "lease_ms")) {
            if (request.parameter(name) != null) {
                throw Problem.invalid(name, "is taken by a stream only").exception();
            }
        }
        return subscribed.of(request, subscriber);
    }

    private Route writing(String method, String template, Handler handler) {
        return Route.of(method, template, handler)
                .body(Route.Body.json(config.bodyBytes()))
                .onWorker();
    }
}
