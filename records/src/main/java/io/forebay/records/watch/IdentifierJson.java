package io.forebay.records.watch;

import io.forebay.records.value.KeyText;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.WatchException.Kind;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers as they are written: {@code {"watcher": ["posts", "updated"], "id": 7}}. The watcher is a table and an event, or a label.
 * The id is null for every row, a primary key, or {@code ["user_id", 42]} for the rows with a value in a column. Keys of several columns
 * are {@code {"pk": ["a", 7]}} and {@code [["school", "pupil"], ["a", 7]]}. {@code {"column": .., "value": ..}} is understood too.
 */
public final class IdentifierJson {

    private static final JsonLimits WRITTEN = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private static final String WATCHER = "must be a label, or a table and inserted, updated or deleted";
    private static final String ID = "must be null, a primary key, or a column and its value";

    private IdentifierJson() {}

    /**
     * Writes an identifier.
     *
     * @param assocs what is followed below it, told where there is something
     */
    public static JsonObject write(Identifier identifier, Shape assocs) {
        StringBuilder text = new StringBuilder("{\"watcher\":").append(watcher(identifier.watcher()));
        text.append(",\"id\":").append(id(identifier.scope()));
        if (!assocs.isBare()) {
            text.append(",\"assocs\":").append(assocs.toJson().text());
        }
        return JsonObject.parse(text.append('}').toString(), WRITTEN);
    }

    private static String watcher(WatcherName name) {
        if (name instanceof WatcherName.OfTable ofTable) {
            return "[" + JsonValue.ofText(ofTable.table()).raw() + ",\""
                    + ofTable.event().text() + "\"]";
        }
        return JsonValue.ofText(((WatcherName.OfLabel) name).label()).raw();
    }

    private static String id(Scope scope) {
        if (scope instanceof Scope.OneRecord record) {
            return record.key().size() == 1 ? record.key().get(0).raw() : "{\"pk\":" + values(record.key()) + "}";
        }
        if (scope instanceof Scope.Associated associated) {
            List<JsonValue> columns =
                    associated.columns().stream().map(JsonValue::ofText).toList();
            return columns.size() == 1
                    ? values(List.of(columns.get(0), associated.values().get(0)))
                    : "[" + values(columns) + "," + values(associated.values()) + "]";
        }
        return "null";
    }

    private static String values(List<JsonValue> values) {
        return values.stream().map(JsonValue::raw).collect(Collectors.joining(",", "[", "]"));
    }

    /**
     * Reads the name of a watcher; whether there is one is another question.
     *
     * @param pointer where it stands
     * @throws WatchException invalid, when it is none
     */
    public static WatcherName watcher(JsonValue json, String pointer) {
        if (json.isString() && !json.asText().isEmpty()) {
            return new WatcherName.OfLabel(json.asText());
        }
        List<JsonValue> parts = json.isArray() ? json.elements() : List.of();
        if (parts.size() == 2 && parts.get(0).isString() && parts.get(1).isString()) {
            RowEvent event = RowEvent.of(parts.get(1).asText()).orElse(null);
            if (event != null) {
                return new WatcherName.OfTable(parts.get(0).asText(), event);
            }
        }
        throw new WatchException(Kind.INVALID, pointer, WATCHER);
    }

    /**
     * Reads an id; whether it is one of a watcher's is another question.
     *
     * @param pointer where it stands
     * @throws WatchException invalid, when it is none
     */
    public static Scope id(JsonValue json, String pointer) {
        if (json.isNull()) {
            return Scope.EVERY_ROW;
        }
        Scope scope = KeyText.of(json) == null ? scope(json) : new Scope.OneRecord(List.of(json));
        if (scope != null) {
            return scope;
        }
        throw new WatchException(Kind.INVALID, pointer, ID);
    }

    private static @Nullable Scope scope(JsonValue json) {
        if (json.isArray() && json.elements().size() == 2) {
            return associated(json.elements().get(0), json.elements().get(1));
        }
        if (!json.isObject()) {
            return null;
        }
        JsonObject object = json.asObject();
        JsonValue key = object.member("pk");
        JsonValue column = object.member("column");
        JsonValue value = object.member("value");
        if (key != null && object.members().size() == 1) {
            return new Scope.OneRecord(listed(key));
        }
        return column != null && value != null && object.members().size() == 2 ? associated(column, value) : null;
    }

    private static @Nullable Scope associated(JsonValue column, JsonValue value) {
        List<JsonValue> columns = listed(column);
        return columns.stream().allMatch(JsonValue::isString)
                ? new Scope.Associated(columns.stream().map(JsonValue::asText).toList(), listed(value))
                : null;
    }

    private static List<JsonValue> listed(JsonValue value) {
        return value.isArray() ? value.elements() : List.of(value);
    }
}
