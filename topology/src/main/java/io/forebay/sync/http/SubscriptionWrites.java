package io.forebay.sync.http;

import io.forebay.command.TransactionalSender;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.CommandCalls.Part;
import io.forebay.http.calls.Conditions;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.ReadCalls;
import io.forebay.http.calls.Refusals;
import io.forebay.records.model.Model;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.IdentifierJson;
import io.forebay.records.watch.Watchers;
import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.avro.Unsubscribe;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.definition.SubscriptionRules;
import io.forebay.sync.identifier.IdentifierPath;
import io.forebay.sync.identifier.WatchedRowsForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes and ends subscriptions. What one call is about may be many identifiers, each a record under a key of its own; they are one
 * transaction of the log. All of them are checked before by the watchers that there are; where these change at that moment, a partition may
 * refuse its part after all, and the call is answered so.
 */
final class SubscriptionWrites {

    private final CommandCalls<SubscriptionCommand> commands;
    private final TransactionalSender transactions;
    private final TopicSpec subscriptions;
    private final TopicSpec deliveries;
    private final SubscriberPositions positions;
    private final WatcherSource watchers;
    private final SubscriptionRules rules;
    private final Model model;
    private final SyncHttpConfig config;
    private final SubscriberNames names;

    SubscriptionWrites(
            CommandCalls<SubscriptionCommand> commands,
            TransactionalSender transactions,
            TopicSpec subscriptions,
            TopicSpec deliveries,
            SubscriberPositions positions,
            WatcherSource watchers,
            SubscriptionRules rules,
            Model model,
            SyncHttpConfig config) {
        this.commands = commands;
        this.transactions = transactions;
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.positions = positions;
        this.watchers = watchers;
        this.rules = rules;
        this.model = model;
        this.config = config;
        this.names = new SubscriberNames(config.subscriberClaim());
    }

    CompletionStage<Response> add(Request request) {
        String claims = ClaimsJson.text(request.claims());
        return write(request, (wanted, known) -> subscribe(wanted, known, claims));
    }

    CompletionStage<Response> remove(Request request) {
        return write(request, SubscriptionWrites::unsubscribe);
    }

    private CompletionStage<Response> write(
            Request request, BiFunction<WantedSubscriptions, Watchers, List<Object>> commandsOf) {
        Conditions.refuse(request);
        String subscriber = names.of(request);
        Body body = SubscriptionsBody.of(request, config);
        return watchers.watchers(ReadCalls.options(request, config.readTimeout()))
                .thenCompose(known -> {
                    WantedSubscriptions wanted =
                            Refusals.checked(() -> SubscriptionsBody.read(body, known, model, config.batchMaxCount()));
                    return send(request, subscriber, wanted, commandsOf.apply(wanted, known));
                });
    }

    private List<Object> subscribe(WantedSubscriptions wanted, Watchers known, @Nullable String claims) {
        List<Object> all = new ArrayList<>();
        wanted.identifiers().forEach((identifier, shape) -> {
            Subscribe subscribe = Subscribe.newBuilder()
                    .setRows(rows(identifier, known))
                    .setAssocs(shape.toJson().text())
                    .setSnapshot(wanted.snapshot())
                    .setFollow(wanted.follow())
                    .setRule(wanted.rule())
                    .setColumns(wanted.columns())
                    .setClaims(claims)
                    .setLeaseMs(wanted.leaseMs())
                    .build();
            Refusals.checked(() -> {
                rules.check(subscribe, model);
                return subscribe;
            });
            all.add(subscribe);
        });
        return all;
    }

    private static List<Object> unsubscribe(WantedSubscriptions wanted, Watchers known) {
        return wanted.identifiers().keySet().stream()
                .map(identifier -> (Object) new Unsubscribe(rows(identifier, known)))
                .toList();
    }

    private static WatchedRows rows(Identifier identifier, Watchers known) {
        return WatchedRowsForm.of(
                identifier, Objects.requireNonNull(known.watcher(identifier.watcher()), "identifiers are of watchers"));
    }

    private CompletionStage<Response> send(
            Request request, String subscriber, WantedSubscriptions wanted, List<Object> all) {
        List<Part<SubscriptionCommand>> parts = new ArrayList<>(all.size());
        int next = 0;
        for (Identifier identifier : wanted.identifiers().keySet()) {
            Path key = IdentifierPath.of(subscriber, identifier);
            parts.add(new Part<>(subscriptions.partitionFor(key), key, new SubscriptionCommand(all.get(next))));
            next++;
        }
        byte[] answer = json(wanted.identifiers());
        if (parts.isEmpty()) {
            return CompletableFuture.completedFuture(Response.json(answer));
        }
        return commands.writeEach(
                        request, transactions, parts, (part, refused) -> refused, outcomes -> Response.json(answer))
                .thenCompose(response -> settled(subscriber, response));
    }

    /** What was decided is answered when it holds at the places, so that whoever changes a row then finds the subscription there. */
    private CompletionStage<Response> settled(String subscriber, Response response) {
        String token = response.headers().get(Response.POSITION);
        if (token == null || (response.status() != 200 && response.status() != 204)) {
            return CompletableFuture.completedFuture(response);
        }
        Position position = Position.parse(token);
        return positions
                .holds(position, deliveries.partitionFor(Path.of(subscriber)))
                .<Response>thenApply(done -> response)
                .exceptionally(failure -> later(failure, position));
    }

    /** It will hold, but is not known to do so yet. */
    private static Response later(Throwable failure, Position position) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof PositionNotReachedException || cause instanceof PartitionUnavailableException) {
            return Response.json(202, "{\"accepted\":true}").at(position);
        }
        throw failure instanceof CompletionException ahead ? ahead : new CompletionException(failure);
    }

    private static byte[] json(Map<Identifier, Shape> identifiers) {
        JsonBuffer json = new JsonBuffer().text("{\"identifiers\":[");
        String before = "";
        for (Map.Entry<Identifier, Shape> identifier : identifiers.entrySet()) {
            json.text(before)
                    .raw(IdentifierJson.write(identifier.getKey(), identifier.getValue())
                            .bytes());
            before = ",";
        }
        return json.text("]}").bytes();
    }

    /** Ends all that somebody subscribed to, on every partition. */
    CompletionStage<Response> removeAll(Request request) {
        Conditions.refuse(request);
        String subscriber = names.of(request);
        List<Part<SubscriptionCommand>> parts = new ArrayList<>();
        for (int partition = 0; partition < subscriptions.partitions(); partition++) {
            parts.add(new Part<>(
                    partition,
                    IdentifierPath.ofAll(subscriber, partition, subscriptions),
                    new SubscriptionCommand(new Unsubscribe(null))));
        }
        return commands.writeAll(request, transactions, parts, outcomes -> Response.noContent())
                .thenCompose(response -> settled(subscriber, response));
    }
}
