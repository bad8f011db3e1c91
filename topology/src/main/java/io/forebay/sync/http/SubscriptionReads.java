package io.forebay.sync.http;

import io.forebay.command.RefusedException;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.Cursor;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.ReadCalls;
import io.forebay.http.calls.Refusals;
import io.forebay.records.model.Model;
import io.forebay.records.sync.EnteringShapes;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.IdentifierJson;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.Scope;
import io.forebay.records.watch.WatchException;
import io.forebay.records.watch.Watcher;
import io.forebay.records.watch.WatcherName;
import io.forebay.records.watch.Watchers;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.sync.definition.WatcherDefinitions;
import io.forebay.sync.identifier.WatchedRowsForm;
import io.forebay.sync.subscription.query.ListeningTo;
import io.forebay.sync.subscription.query.SubscribedTo;
import io.forebay.sync.subscription.query.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Tells what a subscriber has subscribed to and who listens to what, and what subscribers want to have loaded below rows that enter. */
final class SubscriptionReads implements SubscriberShapes {

    private static final int MOST_IDENTIFIERS = 100_000;

    private final Router router;
    private final StoreRef subscribers;
    private final SubscriberPositions positions;
    private final WatcherSource watchers;
    private final Model model;
    private final SyncHttpConfig config;

    SubscriptionReads(
            Router router,
            StoreRef subscribers,
            SubscriberPositions positions,
            WatcherSource watchers,
            Model model,
            SyncHttpConfig config) {
        this.router = router;
        this.subscribers = subscribers;
        this.positions = positions;
        this.watchers = watchers;
        this.model = model;
        this.config = config;
    }

    /** All that one has subscribed to, and what follows from it. */
    CompletionStage<Response> of(Request request, String subscriber) {
        ReadOptions options = ReadCalls.options(request, config.readTimeout());
        return subscribedTo(subscriber, options).thenApply(answer -> {
            SubscribedTo.Found found = answer.value();
            if (!found.complete()) {
                throw Problem.of(
                                413,
                                "too_large",
                                "There are too many identifiers",
                                "at most " + MOST_IDENTIFIERS + " can be told")
                        .exception();
            }
            JsonBuffer json = new JsonBuffer().text("{\"identifiers\":[");
            String before = "";
            for (Subscription subscription : found.subscriptions()) {
                json.text(before).raw(json(subscription));
                before = ",";
            }
            return Response.json(json.text("]}").bytes()).at(ReadCalls.positionOf(answer));
        });
    }

    private CompletionStage<Answer<SubscribedTo.Found>> subscribedTo(String subscriber, ReadOptions options) {
        int partition = subscribers.source().partitionFor(Path.of(subscriber));
        return positions
                .reached(options.atLeast(), List.of(partition))
                .thenCompose(reached -> router.ask(
                        subscribers,
                        partition,
                        new SubscribedTo(subscriber, Map.of(), MOST_IDENTIFIERS),
                        options.atLeast(options.atLeast().merge(reached))));
    }

    private static byte[] json(Subscription subscription) {
        JsonObject json = IdentifierJson.write(identifier(subscription), shape(subscription.assocs()));
        return (subscription.followed()
                        ? json.with(
                                "followed",
                                Objects.requireNonNull(
                                        JsonObject.parse("{\"a\":true}").member("a")))
                        : json)
                .bytes();
    }

    private static Identifier identifier(Subscription subscription) {
        WatchedRows rows = WatchedRows.newBuilder()
                .setTable(subscription.table())
                .setEvent(RowOperation.valueOf(subscription.event().text()))
                .setLabel(subscription.label())
                .setScope(subscription.scope())
                .setColumns(subscription.columns())
                .setValues(subscription.values())
                .build();
        return Objects.requireNonNull(WatchedRowsForm.identifier(rows), "what was subscribed to is an identifier");
    }

    /** Associations that were checked when they were subscribed to. */
    private static Shape shape(String assocs) {
        Map<String, Shape> below = new HashMap<>();
        for (JsonObject.Member member : JsonObject.parse(assocs).members()) {
            below.put(member.name(), shape(member.value().raw()));
        }
        return new Shape(below);
    }

    /** Below a row that enters, all that was subscribed to by insertions that it touches. */
    @Override
    public CompletionStage<EnteringShapes> shapes(String subscriber, ReadOptions options) {
        return watchers.watchers(options)
                .thenCombine(subscribedTo(subscriber, options), (known, answer) -> entering(known, answer.value()));
    }

    private static EnteringShapes entering(Watchers known, SubscribedTo.Found found) {
        Map<Identifier, Shape> shapes = new HashMap<>();
        found.subscriptions()
                .forEach(subscription ->
                        shapes.merge(identifier(subscription), shape(subscription.assocs()), Shape::merge));
        return (row, association, owner) -> {
            Shape entering = null;
            for (var touch : known.touched(row.table(), RowEvent.INSERTED, null, row.columns())) {
                for (Identifier identifier : touch.identifiers()) {
                    Shape shape = shapes.get(identifier);
                    if (shape != null) {
                        entering = entering == null ? shape : entering.merge(shape);
                    }
                }
            }
            return entering;
        };
    }

    /** Who listens to an identifier. */
    CompletionStage<Response> listening(Request request) {
        ReadOptions options = ReadCalls.options(request, config.readTimeout());
        int limit = ReadCalls.limit(request);
        byte[] place = Cursor.read(request);
        String after = place == null ? null : new String(place, StandardCharsets.UTF_8);
        Iterable<Integer> all =
                () -> IntStream.range(0, subscribers.source().partitions()).iterator();
        return watchers.watchers(options).thenCompose(known -> {
            Identifier identifier = Refusals.checked(() -> identifier(request, known));
            Watcher watcher =
                    Objects.requireNonNull(known.watcher(identifier.watcher()), "identifiers are of watchers");
            ListeningTo query = ListeningTo.of(WatchedRowsForm.of(identifier, watcher), model, Map.of(), after, limit);
            return positions
                    .reached(options.atLeast(), all)
                    .thenCompose(reached -> router.askAll(
                            subscribers,
                            query,
                            options.atLeast(options.atLeast().merge(reached))))
                    .thenApply(gathered -> listeners(gathered, limit));
        });
    }

    private static Response listeners(Gathered<ListeningTo.Found> gathered, int limit) {
        List<ListeningTo.Listener> listeners = new ArrayList<>();
        boolean complete = true;
        for (Answer<ListeningTo.Found> answer : gathered.answers()) {
            listeners.addAll(answer.value().listeners());
            complete &= answer.value().complete();
        }
        listeners.sort(
                Comparator.comparing(listener -> Path.of(listener.subscriber()).toString()));
        boolean more = listeners.size() > limit || !complete;
        JsonBuffer json = new JsonBuffer().text("{\"subscribers\":[");
        int count = Math.min(limit, listeners.size());
        for (int i = 0; i < count; i++) {
            ListeningTo.Listener listener = listeners.get(i);
            json.text(i == 0 ? "" : ",")
                    .text("{\"subscriber\":"
                            + JsonValue.ofText(listener.subscriber()).raw());
            if (!listener.assocs().equals("{}")) {
                json.text(",\"assocs\":").text(listener.assocs());
            }
            json.text("}");
        }
        json.text("],\"next\":");
        json.text(
                more && count > 0
                        ? JsonValue.ofText(Cursor.write(
                                        listeners.get(count - 1).subscriber().getBytes(StandardCharsets.UTF_8)))
                                .raw()
                        : "null");
        if (!gathered.missing().isEmpty()) {
            json.text(",\"missing\":" + gathered.missing());
        }
        return Response.json(json.text("}").bytes()).at(ReadCalls.positionOf(gathered));
    }

    private static Identifier identifier(Request request, Watchers known) throws RefusedException {
        String label = request.parameter("label");
        String table = request.parameter("table");
        String event = request.parameter("event");
        if ((label == null) == (table == null)) {
            throw RefusedException.invalid("table", "a table with an event, or else a label");
        }
        WatcherName name;
        if (label != null) {
            if (event != null) {
                throw RefusedException.invalid("event", "beside table only");
            }
            name = new WatcherName.OfLabel(label);
        } else {
            RowEvent of = event == null ? null : RowEvent.of(event).orElse(null);
            if (of == null) {
                throw RefusedException.invalid("event", "inserted, updated or deleted");
            }
            name = new WatcherName.OfTable(String.valueOf(table), of);
        }
        try {
            return known.identifier(name, scope(request));
        } catch (WatchException e) {
            throw WatcherDefinitions.refused(e);
        }
    }

    /** Keys of several columns are given column by column. */
    private static Scope scope(Request request) throws RefusedException {
        List<String> ids = request.parameters("id");
        List<String> columns = request.parameters("column");
        List<String> values = request.parameters("value");
        if (!ids.isEmpty() && !columns.isEmpty()) {
            throw RefusedException.invalid("id", "a primary key, or else a column and its value");
        }
        if (columns.size() != values.size()) {
            throw RefusedException.invalid("value", "one for each column");
        }
        if (!ids.isEmpty()) {
            return new Scope.OneRecord(ids.stream().map(JsonValue::ofText).toList());
        }
        return columns.isEmpty()
                ? Scope.EVERY_ROW
                : new Scope.Associated(
                        columns, values.stream().map(JsonValue::ofText).toList());
    }
}
