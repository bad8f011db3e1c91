package io.forebay.records.value;

import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of values: null, an array, and {@code {"table": .., "row": {..}, "assocs": {..}}} for a record; an association
 * in {@code assocs} is loaded, null and {@code []} included, one that is absent is not. A record's table is one of the model and its
 * row has the primary key; any other object, and what is no object, is something else and comes back as it is.
 */
public final class ValueJson {

    private static final Set<String> MEMBERS = Set.of("table", "row", "assocs");

    /** Nesting is bounded by {@link Value#MAX_DEPTH}, a record's row and associations adding two levels each, and by its columns' own. */
    private static final JsonLimits WRITTEN = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);

    private final Model model;

    public ValueJson(Model model) {
        this.model = model;
    }

    /**
     * Reads a value.
     *
     * @throws InvalidValueException when a record has associations that its table has not, an association does not hold what it leads
     *     to, or values are nested too deeply
     */
    public Value read(JsonValue json) {
        return read(json, "", 1);
    }

    private Value read(JsonValue json, String pointer, int depth) {
        if (depth > Value.MAX_DEPTH) {
            throw Depth.tooDeep(pointer);
        }
        if (json.isNull()) {
            return Value.NOTHING;
        }
        if (json.isArray()) {
            List<JsonValue> elements = json.elements();
            List<Value> values = new ArrayList<>(elements.size());
            for (int i = 0; i < elements.size(); i++) {
                values.add(read(elements.get(i), pointer + "/" + i, depth + 1));
            }
            return values.isEmpty() ? Value.Items.NONE : new Value.Items(values);
        }
        Value.Loaded loaded = json.isObject() ? record(json.asObject(), pointer, depth) : null;
        return loaded == null ? new Value.Other(json) : loaded;
    }

    private Value.@Nullable Loaded record(JsonObject object, String pointer, int depth) {
        Row row = row(object);
        if (row == null) {
            return null;
        }
        JsonValue loaded = object.member("assocs");
        if (loaded == null) {
            return Value.Loaded.bare(row);
        }
        String at = pointer + "/assocs";
        if (!loaded.isObject()) {
            throw new InvalidValueException(at, "is an object of what is loaded, by association");
        }
        Table table = model.require(row.table());
        Map<String, Value> associations = new LinkedHashMap<>();
        for (JsonObject.Member member : loaded.asObject().members()) {
            Association association = InvalidValueException.require(table, member.name(), at);
            String place = InvalidValueException.child(at, member.name());
            Value value = read(member.value(), place, depth + 1);
            requireFit(association, value, place);
            associations.put(member.name(), value);
        }
        return new Value.Loaded(row, associations);
    }

    private @Nullable Row row(JsonObject object) {
        JsonValue name = object.member("table");
        JsonValue columns = object.member("row");
        if (name == null || columns == null || !name.isString() || !columns.isObject()) {
            return null;
        }
        Table table = model.table(name.asText());
        boolean only = object.members().stream().allMatch(member -> MEMBERS.contains(member.name()));
        if (table == null || !only) {
            return null;
        }
        JsonObject values = columns.asObject();
        RecordId id = RecordId.of(table, values);
        return id == null ? null : new Row(id, values);
    }

    private static void requireFit(Association association, Value value, String pointer) {
        if (association.isMany()) {
            boolean fits = value instanceof Value.Items items
                    && items.values().stream().allMatch(item -> isOf(association, item));
            if (!fits) {
                throw new InvalidValueException(pointer, "is a list of records of " + association.table());
            }
        } else if (!(value instanceof Value.Nothing) && !isOf(association, value)) {
            throw new InvalidValueException(pointer, "is null or a record of " + association.table());
        }
    }

    private static boolean isOf(Association association, Value value) {
        return value instanceof Value.Loaded loaded && loaded.row().table().equals(association.table());
    }

    /** Writes a value. Rows are written as received. */
    public static JsonValue write(Value value) {
        StringBuilder text = new StringBuilder("{\"value\":");
        write(value, text);
        JsonObject wrapped = JsonObject.parse(text.append('}').toString(), WRITTEN);
        JsonValue written = wrapped.member("value");
        if (written == null) {
            throw new IllegalStateException("a member that was just written");
        }
        return written;
    }

    private static void write(Value value, StringBuilder text) {
        if (value instanceof Value.Loaded loaded) {
            text.append("{\"table\":")
                    .append(JsonValue.ofText(loaded.row().table()).raw())
                    .append(",\"row\":")
                    .append(loaded.row().columns().text());
            if (!loaded.associations().isEmpty()) {
                char before = '{';
                text.append(",\"assocs\":");
                for (Map.Entry<String, Value> association :
                        loaded.associations().entrySet()) {
                    text.append(before)
                            .append(JsonValue.ofText(association.getKey()).raw())
                            .append(':');
                    write(association.getValue(), text);
                    before = ',';
                }
                text.append('}');
            }
            text.append('}');
        } else if (value instanceof Value.Items items) {
            text.append('[');
            for (int i = 0; i < items.values().size(); i++) {
                text.append(i == 0 ? "" : ",");
                write(items.values().get(i), text);
            }
            text.append(']');
        } else {
            text.append(value instanceof Value.Other other ? other.json().raw() : "null");
        }
    }
}
