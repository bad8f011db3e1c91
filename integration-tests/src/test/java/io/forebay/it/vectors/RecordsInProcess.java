package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.sync.Change;
import io.forebay.records.sync.Loader;
import io.forebay.records.sync.MemoryRows;
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
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.IdentifierJson;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.Scope;
import io.forebay.records.watch.Touch;
import io.forebay.records.watch.WatchException;
import io.forebay.records.watch.Watcher;
import io.forebay.records.watch.WatcherDerivation;
import io.forebay.records.watch.WatcherList;
import io.forebay.records.watch.WatcherName;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.rule.OwnRule;
import io.forebay.sync.rule.Sight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Record sync by the library that applies changes and knows who watches what, and by the rules of subscriptions, on rows in memory. A session
 * that applies an insertion follows the record from then on, with what it had subscribed to below it, and forgets one whose deletion it
 * applies.
 */
final class RecordsInProcess extends RecordOperations {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);
    private static final int MAX_ROWS = 1_000;

    /** What a session subscribed to with an identifier. */
    private record Subscribed(Shape shape, Sight sight) {}

    private final JsonNode models;
    private final boolean definesWatchers;
    private @Nullable Known known;
    private final Map<String, Change> changes = new HashMap<>();
    private final Map<String, OwnWrites> own = new HashMap<>();
    private final Map<Identifier, Map<String, Subscribed>> subscribers = new LinkedHashMap<>();
    private final Map<String, List<JsonNode>> inboxes = new TreeMap<>();
    private Watchers watchers = Watchers.everyTable(ModelFile.parse(JsonObject.parse("{\"tables\":{}}")));
    private long ref;

    /** What a model brings with it. */
    private record Known(Model model, MemoryRows rows, AccessRules rules) {}

    /**
     * @param models by their names
     * @param definesWatchers whether nothing is watched until it is defined
     */
    RecordsInProcess(JsonNode models, boolean definesWatchers) {
        this.models = models;
        this.definesWatchers = definesWatchers;
    }

    private Known known() {
        return Objects.requireNonNull(known, "a vector begins with its model");
    }

    private Model model() {
        return known().model();
    }

    @Override
    void use(String name) {
        Model model = ModelFile.parse(object(models.required(name)).without("note"));
        known = new Known(model, new MemoryRows(model), AccessRules.open(model));
        watchers = definesWatchers ? Watchers.undefined(model) : Watchers.everyTable(model);
    }

    @Override
    List<String> primaryKey(String table) {
        return model().require(table).primaryKey();
    }

    @Override
    void write(List<ObjectNode> given) {
        for (ObjectNode change : given) {
            JsonObject columns = object(change.required("row"));
            String table = change.required("table").asText();
            Row told = new Row(Objects.requireNonNull(RecordId.of(model().require(table), columns)), columns);
            RowEvent event = RowEvent.of(change.required("op").asText()).orElse(null);
            if (event == null) {
                known().rows().put(told);
            } else {
                write(change, event, told);
            }
        }
    }

    private void write(ObjectNode given, RowEvent event, Row told) {
        Row before = event == RowEvent.INSERTED ? null : known().rows().find(told.id());
        Row after = before == null ? told : new Row(told.id(), before.columns().merge(told.columns()));
        ref++;
        Change change = switch (event) {
            case INSERTED -> Change.inserted(after, ref);
            case UPDATED -> Change.updated(before, after, ref);
            case DELETED -> Change.deleted(told.id(), before == null ? told : before, ref);
        };
        known().rows().apply(change);
        String id = given.has("id") ? given.get("id").asText() : "change " + ref;
        changes.put(id, change);
        if (given.has("by")) {
            own(given.get("by").asText()).wrote(told.id(), ref);
        }
        tell(id, event, change);
    }

    private OwnWrites own(String session) {
        return own.computeIfAbsent(session, first -> new OwnWrites());
    }

    private void tell(String id, RowEvent event, Change change) {
        String table = change.table();
        JsonObject before = columns(change.before());
        JsonObject after = columns(change.after());
        JsonObject row = Objects.requireNonNull(after == null ? before : after);
        Map<String, ArrayNode> identifiers = new TreeMap<>();
        Map<String, Boolean> entered = new HashMap<>();
        for (Touch touch : watchers.touched(table, event, before, after)) {
            for (Identifier identifier : touch.identifiers()) {
                subscribers.getOrDefault(identifier, Map.of()).forEach((session, subscribed) -> {
                    if (subscribed.sight().sees(known().rules().row(table, row))) {
                        identifiers
                                .computeIfAbsent(session, first -> Json.array())
                                .add(json(IdentifierJson.write(identifier, Shape.BARE)));
                        entered.merge(session, touch.entered(), Boolean::logicalAnd);
                    }
                });
            }
        }
        identifiers.forEach((session, those) -> {
            boolean isNew = Boolean.TRUE.equals(entered.get(session));
            ObjectNode message = Json.object()
                    .put("op", (isNew ? RowEvent.INSERTED : event).text())
                    .put("id", id)
                    .put("table", table);
            message.set("row", after == null ? Json.object().nullNode() : json(after));
            message.set("before", before == null ? Json.object().nullNode() : json(before));
            message.set("identifiers", those);
            inboxes.computeIfAbsent(session, first -> new ArrayList<>()).add(message);
        });
    }

    @Override
    JsonNode sync(ObjectNode body) {
        return answered(() -> {
            Value value = new ValueJson(model()).read(value(body.required("value")));
            Change change = change(body.required("event").asText());
            String session = body.path("subscriber").asText();
            View view = view(body.path("view"));
            SyncOptions options = SyncOptions.DEFAULTS
                    .withPreloads(preloads(body.path("preloads")))
                    .withEntering((row, association, owner) -> entering(session, row));
            Value after = new Sync(model())
                    .applyNews(
                            value,
                            change,
                            options,
                            known().rows(),
                            view,
                            own(session),
                            body.path("force").asBoolean());
            follow(session, change);
            ObjectNode refs = Json.object();
            view.records().forEach((record, last) -> refs.put(record.toString(), last));
            return Json.object("value", Json.parse(ValueJson.write(after).raw()))
                    .set("view", refs);
        });
    }

    private static View view(JsonNode refs) {
        Map<RecordId, Long> records = new HashMap<>();
        refs.properties()
                .forEach(last -> records.put(
                        RecordId.of(Path.parse(last.getKey())), last.getValue().asLong()));
        return new View(records, Map.of());
    }

    private Map<String, Shape> preloads(JsonNode byTable) {
        Map<String, Shape> shapes = new HashMap<>();
        byTable.properties().forEach(table -> shapes.put(table.getKey(), shape(table.getKey(), table.getValue())));
        return shapes;
    }

    private Shape shape(String table, JsonNode shape) {
        return shape.isMissingNode() ? Shape.BARE : Shape.parse(value(shape), model().require(table), model());
    }

    private void follow(String session, Change change) {
        Row inserted = change.after();
        Row deleted = change.before();
        if (change.kind() == Change.Kind.INSERTED && inserted != null) {
            Shape below = entering(session, inserted);
            Shape shape = below == null ? Shape.BARE : below;
            Value.Loaded loaded = new Loader(model(), known().rows(), MAX_ROWS).load(inserted, shape);
            subscribe(session, watchers.identifiers(loaded, shape, false), OwnRule.NONE);
        }
        if (change.kind() == Change.Kind.DELETED && deleted != null) {
            watchers.identifiers(Value.Loaded.bare(deleted), Shape.BARE, false)
                    .keySet()
                    .forEach(identifier -> unsubscribe(session, identifier));
        }
    }

    /** What a session subscribed to below a row that is inserted; null: nothing. */
    private @Nullable Shape entering(String session, Row row) {
        Shape shape = null;
        for (Touch touch : watchers.touched(row.table(), RowEvent.INSERTED, null, row.columns())) {
            for (Identifier identifier : touch.identifiers()) {
                Subscribed subscribed =
                        subscribers.getOrDefault(identifier, Map.of()).get(session);
                if (subscribed != null) {
                    shape = shape == null ? subscribed.shape() : shape.merge(subscribed.shape());
                }
            }
        }
        return shape;
    }

    @Override
    JsonNode changed(String id, JsonNode shape) {
        return answered(() -> {
            Change change = change(id);
            SyncOptions options =
                    SyncOptions.DEFAULTS.withPreloads(Map.of(change.table(), shape(change.table(), shape)));
            Value.Loaded loaded = new Sync(model()).get(change, options, known().rows());
            if (loaded != null) {
                return Json.parse(ValueJson.write(loaded).raw());
            }
            ArrayNode key = Json.array();
            Objects.requireNonNull(change.record()).key().forEach(key::add);
            ObjectNode deleted = Json.object().put("table", change.table()).putNull("row");
            return deleted.set("key", key);
        });
    }

    private Change change(String id) {
        return Objects.requireNonNull(changes.get(id), id);
    }

    @Override
    JsonNode applies(String id, String session) {
        return Json.object().put("apply", own(session).accepts(change(id)));
    }

    @Override
    JsonNode add(String session, ObjectNode body) {
        return answered(() -> {
            Map<Identifier, Shape> identifiers = identifiers(body);
            OwnRule rule = body.has("authorize") ? OwnRule.parse(value(body.get("authorize"))) : OwnRule.NONE;
            subscribe(session, identifiers, rule);
            return identifiers(identifiers);
        });
    }

    private void subscribe(String session, Map<Identifier, Shape> identifiers, OwnRule rule) {
        Sight sight = known().rules().sight(null, rule, Map.of());
        identifiers.forEach((identifier, shape) -> subscribers
                .computeIfAbsent(identifier, first -> new TreeMap<>())
                .merge(
                        session,
                        new Subscribed(shape, sight),
                        (was, is) -> new Subscribed(was.shape().merge(is.shape()), is.sight())));
    }

    @Override
    JsonNode remove(String session, ObjectNode body) {
        return answered(() -> {
            identifiers(body).keySet().forEach(identifier -> unsubscribe(session, identifier));
            return Json.object();
        });
    }

    private void unsubscribe(String session, Identifier identifier) {
        subscribers.getOrDefault(identifier, new TreeMap<>()).remove(session);
    }

    private Map<Identifier, Shape> identifiers(ObjectNode body) {
        if (body.has("target")) {
            return watchers.identifiers(
                    new ValueJson(model()).read(value(body.get("target"))),
                    body.has("assocs") ? WatcherDerivation.assocs(value(body.get("assocs"))) : Shape.BARE,
                    body.path("inserted").asBoolean());
        }
        Map<Identifier, Shape> identifiers = new LinkedHashMap<>();
        if (body.has("table")) {
            watchers.identifiers(body.get("table").asText())
                    .forEach(identifier -> identifiers.put(identifier, Shape.BARE));
            return identifiers;
        }
        boolean isLabel = body.has("label");
        WatcherName name = IdentifierJson.watcher(value(body.required(isLabel ? "label" : "watcher")), "/watcher");
        identifiers.put(watchers.identifier(name, scope(body.get(isLabel ? "by" : "id"))), Shape.BARE);
        return identifiers;
    }

    private static Scope scope(@Nullable JsonNode id) {
        return id == null ? Scope.EVERY_ROW : IdentifierJson.id(value(id), "/id");
    }

    private static JsonNode identifiers(Map<Identifier, Shape> identifiers) {
        ArrayNode all = Json.array();
        identifiers.forEach((identifier, shape) -> all.add(json(IdentifierJson.write(identifier, shape))));
        return Json.object("identifiers", all);
    }

    @Override
    JsonNode subscribed(String session) {
        Map<Identifier, Shape> identifiers = new LinkedHashMap<>();
        subscribers.forEach((identifier, sessions) -> {
            Subscribed subscribed = sessions.get(session);
            if (subscribed != null) {
                identifiers.put(identifier, subscribed.shape());
            }
        });
        return identifiers(identifiers);
    }

    @Override
    JsonNode listening(String table, String event, @Nullable JsonNode id) {
        return answered(() -> {
            RowEvent of = RowEvent.of(event).orElseThrow();
            Identifier identifier = watchers.identifier(new WatcherName.OfTable(table, of), scope(id));
            ArrayNode all = Json.array();
            subscribers.getOrDefault(identifier, Map.of()).forEach((session, subscribed) -> {
                ObjectNode one = Json.object().put("subscriber", session);
                if (!subscribed.shape().isBare()) {
                    one.set("assocs", json(subscribed.shape().toJson()));
                }
                all.add(one);
            });
            return Json.object("subscribers", all);
        });
    }

    @Override
    JsonNode define(JsonNode list) {
        return answered(() -> {
            watchers = Watchers.define(model(), value(list));
            return Json.object();
        });
    }

    @Override
    JsonNode derive(ObjectNode body) {
        return answered(() -> {
            List<Watcher> derived = WatcherDerivation.derive(
                            model(),
                            body.required("table").asText(),
                            body.has("assocs") ? WatcherDerivation.assocs(value(body.get("assocs"))) : Shape.BARE,
                            StreamSupport.stream(body.path("extra_columns").spliterator(), false)
                                    .map(JsonNode::asText)
                                    .toList(),
                            body.path("label").textValue(),
                            body.has("existing") ? WatcherList.parse(value(body.get("existing"))) : List.of())
                    .watchers();
            ArrayNode all = Json.array();
            derived.forEach(watcher -> all.add(json(watcher.toJson())));
            return Json.object("watchers", all);
        });
    }

    @Override
    List<JsonNode> told(String session) {
        List<JsonNode> told = inboxes.remove(session);
        return told == null ? List.of() : told;
    }

    private static JsonNode answered(Supplier<JsonNode> call) {
        try {
            return call.get();
        } catch (WatchException e) {
            return Json.object().put("error", e.kind().name().toLowerCase(Locale.ROOT));
        } catch (InvalidValueException e) {
            return Json.object().put("error", "invalid");
        }
    }

    private static @Nullable JsonObject columns(@Nullable Row row) {
        return row == null ? null : row.columns();
    }

    private static JsonObject object(JsonNode json) {
        return JsonObject.parse(Json.write(json), LIMITS);
    }

    private static JsonValue value(JsonNode json) {
        return Objects.requireNonNull(object(Json.object("value", json)).member("value"));
    }

    private static JsonNode json(JsonObject object) {
        return Json.parse(object.text());
    }

    @Override
    public void close() {}
}
