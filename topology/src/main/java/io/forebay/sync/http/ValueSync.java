package io.forebay.sync.http;

import io.forebay.command.RefusedException;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.ReadCalls;
import io.forebay.http.calls.Refusals;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.sync.Change;
import io.forebay.records.sync.EnteringShapes;
import io.forebay.records.sync.OwnWrites;
import io.forebay.records.sync.Sync;
import io.forebay.records.sync.SyncOptions;
import io.forebay.records.sync.View;
import io.forebay.records.value.InvalidValueException;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.ValueJson;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.sync.change.query.FindChange;
import io.forebay.sync.change.query.FindOwnRef;
import io.forebay.sync.change.query.RowFound;
import io.forebay.sync.rule.AccessRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Applies a change to a value that a client sends, and tells whether a change is news to who made changes of its own.
 *
 * <p>A change that is named by its id is read with the record as it is by now, which may be later than the change. What comes out is then
 * that later state, and the change in between changes nothing more when its turn comes.
 */
final class ValueSync {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private final Router router;
    private final StoreRef rows;
    private final Model model;
    private final AccessRules rules;
    private final SyncHttpConfig config;
    private final SubscriberNames names;
    private final Preloads preloads;
    private final SubscriberShapes shapes;
    private final Sync sync;

    ValueSync(
            Router router,
            StoreRef rows,
            Model model,
            AccessRules rules,
            SyncHttpConfig config,
            Preloads preloads,
            SubscriberShapes shapes) {
        this.router = router;
        this.rows = rows;
        this.model = model;
        this.rules = rules;
        this.config = config;
        this.names = new SubscriberNames(config.subscriberClaim());
        this.preloads = preloads;
        this.shapes = shapes;
        this.sync = new Sync(model);
    }

    /** A change, the last own one of its record, and where both were read. */
    private record Known(Change change, long ownRef, Position position) {

        OwnWrites own() {
            OwnWrites own = new OwnWrites();
            RecordId record = change.record();
            if (record != null && ownRef >= 0) {
                own.wrote(record, ownRef);
            }
            return own;
        }
    }

    /** What a call asks for. */
    private record Asked(
            Value value,
            @Nullable String id,
            @Nullable Change change,
            Map<String, Shape> preloads,
            boolean force,
            @Nullable String subscriber,
            View view,
            boolean tellsView) {}

    CompletionStage<Response> sync(Request request) {
        Asked asked = Refusals.checked(() -> asked(request));
        ReadOptions options = ReadCalls.options(request, config.readTimeout());
        VisibleRows visible = VisibleRows.to(request.claims(), rules);
        CompletionStage<Known> known = known(asked, visible, options);
        CompletionStage<EnteringShapes> entering = asked.subscriber() == null
                ? CompletableFuture.completedFuture(EnteringShapes.NONE)
                : shapes.shapes(asked.subscriber(), options);
        return known.thenCombine(entering, (one, other) -> apply(asked, one, other, visible, options))
                .thenCompose(stage -> stage);
    }

    private CompletionStage<Response> apply(
            Asked asked, Known known, EnteringShapes entering, VisibleRows visible, ReadOptions options) {
        Change change = known.change();
        boolean isNews =
                asked.force() || (known.own().accepts(change) && asked.view().accepts(change));
        if (!isNews) {
            return CompletableFuture.completedFuture(
                    answer(asked, asked.value(), false).at(known.position()));
        }
        SyncOptions how = new SyncOptions(asked.preloads(), null, entering, config.preloadMaxRows());
        return preloads.evaluate(
                        found -> sync.apply(asked.value(), change, how, found), visible, known.position(), options)
                .thenApply(loaded -> {
                    asked.view().applied(change);
                    return answer(asked, loaded.value(), true).at(loaded.position());
                });
    }

    private static Response answer(Asked asked, Value value, boolean applied) {
        JsonBuffer json = new JsonBuffer()
                .text("{\"value\":")
                .raw(ValueJson.write(value).rawBytes())
                .text(",\"applied\":" + applied);
        if (asked.tellsView()) {
            json.text(",\"view\":").text(ViewJson.write(asked.view()));
        }
        return Response.json(json.text("}").bytes());
    }

    CompletionStage<Response> applies(Request request) {
        String id = request.pathParameter("id");
        String subscriber = request.parameter("subscriber");
        if (subscriber == null || subscriber.isEmpty()) {
            throw Problem.invalid("subscriber", "is who made changes of its own")
                    .exception();
        }
        VisibleRows visible = VisibleRows.to(request.claims(), rules);
        return byId(
                        id,
                        names.own(request.claims(), subscriber),
                        visible,
                        ReadCalls.options(request, config.readTimeout()))
                .thenApply(known -> Response.json(
                                200, "{\"apply\":" + known.own().accepts(known.change()) + "}")
                        .at(known.position()));
    }

    private CompletionStage<Known> known(Asked asked, VisibleRows visible, ReadOptions options) {
        Change change = asked.change();
        String subscriber = asked.subscriber();
        if (change == null) {
            return byId(String.valueOf(asked.id()), subscriber, visible, options);
        }
        RecordId record = change.record();
        if (subscriber == null || record == null) {
            return CompletableFuture.completedFuture(new Known(change, -1, Position.empty()));
        }
        int partition = rows.source().partitionFor(record.path());
        return router.ask(rows, partition, new FindOwnRef(record.toString(), subscriber), options)
                .thenApply(answer -> new Known(change, answer.value(), ReadCalls.positionOf(answer)));
    }

    /** The partition of a change cannot be told from its id, so each is asked. */
    private CompletionStage<Known> byId(
            String id, @Nullable String subscriber, VisibleRows visible, ReadOptions options) {
        return router.askAll(rows, new FindChange(id, subscriber), options)
                .thenApply(gathered -> found(gathered, visible));
    }

    private Known found(Gathered<FindChange.Found> gathered, VisibleRows visible) {
        Position position = ReadCalls.positionOf(gathered);
        for (Answer<FindChange.Found> answer : gathered.answers()) {
            FindChange.Found found = answer.value();
            if (found.op() != null) {
                return new Known(change(found, visible), found.ownRef(), position);
            }
        }
        throw Problem.of(404, "not_found", "There is no change of this id, or it is too long ago", null)
                .exception();
    }

    /** A record that may not be seen is gone for who asks. */
    private Change change(FindChange.Found found, VisibleRows visible) {
        RecordId record = RecordId.of(Path.parse(Objects.requireNonNull(found.record(), "record")));
        RowFound now = found.row();
        byte[] columns = now == null ? null : now.row();
        if (columns == null || "deleted".equals(found.op()) || model.table(record.table()) == null) {
            return Change.deleted(record, null, found.ref());
        }
        Row row = visible.show(new Row(record, JsonObject.parse(columns, LIMITS)));
        if (row == null) {
            return Change.deleted(record, null, found.ref());
        }
        return "inserted".equals(found.op())
                ? Change.inserted(row, found.ref())
                : Change.updated(null, row, found.ref());
    }

    private Asked asked(Request request) throws RefusedException {
        Body body = new Body(request, config, "value", "event", "preloads", "force", "subscriber", "view");
        body.requireKnown();
        JsonValue given = body.object.member("value");
        Value value = Value.NOTHING;
        if (given == null) {
            body.violate("/value", "the value that the change is applied to");
        } else {
            try {
                value = new ValueJson(model).read(given);
            } catch (InvalidValueException e) {
                body.violate("/value" + e.pointer(), e.problem());
            }
        }
        boolean force = body.flag("force");
        String subscriber = body.text("subscriber");
        Map<String, Shape> shapesByTable = preloads(body);
        JsonValue viewJson = body.member("view");
        View view = ViewJson.read(viewJson, model, body);
        JsonValue event = body.member("event");
        String id = event != null && event.isString() ? event.asText() : null;
        Change change = event != null && event.isObject()
                ? new GivenEvent(event.asObject(), model, body, viewJson != null).read()
                : null;
        if (event == null || !(event.isString() || event.isObject())) {
            body.violate("/event", "the id of a change, or a change");
        }
        body.throwIfViolated();
        if (subscriber != null) {
            names.own(request.claims(), subscriber);
        }
        return new Asked(value, id, change, shapesByTable, force, subscriber, view, viewJson != null);
    }

    private Map<String, Shape> preloads(Body body) {
        Map<String, Shape> byTable = new HashMap<>();
        JsonValue given = body.member("preloads");
        if (given == null) {
            return byTable;
        }
        if (!given.isObject()) {
            body.violate("/preloads", "an object of associations by table");
            return byTable;
        }
        List<JsonObject.Member> members = given.asObject().members();
        for (JsonObject.Member member : members) {
            String pointer = "/preloads" + Body.pointer(member.name());
            Table table = model.table(member.name());
            if (table == null) {
                body.violate(pointer, "the name of a table of the model");
                continue;
            }
            try {
                byTable.put(member.name(), Shape.parse(member.value(), table, model));
            } catch (InvalidValueException e) {
                body.violate(pointer + e.pointer(), e.problem());
            }
        }
        return byTable;
    }
}
