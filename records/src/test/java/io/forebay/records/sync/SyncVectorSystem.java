package io.forebay.records.sync;

import static io.forebay.records.sync.SyncVectorsTest.member;
import static io.forebay.records.sync.SyncVectorsTest.text;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.model.Table;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Loaded;
import io.forebay.records.value.ValueJson;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An upstream database in memory, its changes, and what sessions and views have seen: what a vector of the function is about. */
final class SyncVectorSystem {

    private static final JsonValue OK = json("{\"ok\":true}");

    private final JsonObject models;
    private @Nullable Model model;
    private @Nullable MemoryRows rows;
    private final Map<String, Change> changes = new HashMap<>();
    private final Map<String, OwnWrites> sessions = new HashMap<>();
    private final Map<String, View> views = new HashMap<>();
    private long ref;

    SyncVectorSystem(JsonObject models) {
        this.models = models;
    }

    JsonValue perform(JsonObject operation) {
        return switch (text(operation, "op")) {
            case "model" -> useModel(text(operation, "name"));
            case "db" -> putRows(operation);
            case "change" -> change(operation);
            case "sync" -> sync(operation);
            case "get" -> get(operation);
            case "should_apply" -> shouldApply(operation);
            default -> throw new IllegalArgumentException("no operation of the function: " + operation.text());
        };
    }

    private JsonValue useModel(String name) {
        Model read = ModelFile.parse(member(models, name).asObject());
        model = read;
        rows = new MemoryRows(read);
        return OK;
    }

    private Model model() {
        return Objects.requireNonNull(model);
    }

    private MemoryRows rows() {
        return Objects.requireNonNull(rows);
    }

    private Row row(JsonObject json) {
        Table table = model().require(text(json, "table"));
        JsonObject columns = member(json, "row").asObject();
        return new Row(Objects.requireNonNull(RecordId.of(table, columns)), columns);
    }

    private JsonValue putRows(JsonObject operation) {
        member(operation, "rows").elements().forEach(json -> rows().put(row(json.asObject())));
        return OK;
    }

    private JsonValue change(JsonObject operation) {
        if (operation.has("fails")) {
            return json("{\"refused\":true}");
        }
        Row told = row(operation);
        ref++;
        Row before = rows().find(told.id());
        Change change = switch (text(operation, "event")) {
            case "inserted" -> Change.inserted(told, ref);
            case "updated" -> Change.updated(before, told, ref);
            case "deleted" -> Change.deleted(told.id(), before, ref);
            default -> throw new IllegalArgumentException(operation.text());
        };
        rows().apply(change);
        changes.put(text(operation, "id"), change);
        if (operation.has("by")) {
            session(text(operation, "by")).wrote(told.id(), ref);
        }
        return OK;
    }

    private OwnWrites session(String name) {
        return sessions.computeIfAbsent(name, key -> new OwnWrites());
    }

    private Change changeOf(JsonObject operation) {
        return Objects.requireNonNull(changes.get(text(operation, "event")));
    }

    private SyncOptions options(JsonObject operation) {
        JsonValue preloads = operation.member("preloads");
        if (preloads == null) {
            return SyncOptions.DEFAULTS;
        }
        Map<String, Shape> shapes = new HashMap<>();
        for (JsonObject.Member each : preloads.asObject().members()) {
            shapes.put(each.name(), Shape.parse(each.value(), model().require(each.name()), model()));
        }
        return SyncOptions.DEFAULTS.withPreloads(shapes);
    }

    private JsonValue sync(JsonObject operation) {
        Value value = new ValueJson(model()).read(member(operation, "value"));
        View view =
                operation.has("view") ? views.computeIfAbsent(text(operation, "view"), key -> new View()) : new View();
        OwnWrites own = operation.has("session") ? session(text(operation, "session")) : new OwnWrites();
        Value after = new Sync(model())
                .applyNews(value, changeOf(operation), options(operation), rows(), view, own, operation.has("force"));
        return wrapped("value", ValueJson.write(after));
    }

    private JsonValue get(JsonObject operation) {
        Change change = changeOf(operation);
        Loaded loaded = new Sync(model()).get(change, options(operation), rows());
        if (loaded != null) {
            return wrapped("value", ValueJson.write(loaded));
        }
        Row before = Objects.requireNonNull(change.before());
        JsonValue id =
                before.column(model().require(change.table()).primaryKey().get(0));
        return json("{\"deleted\":{\"table\":\"" + change.table() + "\",\"id\":" + id.raw() + "}}");
    }

    private JsonValue shouldApply(JsonObject operation) {
        boolean apply = session(text(operation, "session")).accepts(changeOf(operation));
        return json("{\"apply\":" + apply + "}");
    }

    private static JsonValue wrapped(String name, JsonValue value) {
        return json("{\"" + name + "\":" + value.raw() + "}");
    }

    private static JsonValue json(String object) {
        return JsonValue.of(JsonObject.parse(object));
    }
}
