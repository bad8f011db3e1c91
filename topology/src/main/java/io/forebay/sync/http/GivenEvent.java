package io.forebay.sync.http;

import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.sync.Change;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change that a client gives itself, as a stream told it: {@code {"op", "table", "row", "before", "ref"}}. The row of a deletion needs the
 * primary key only, or is null beside {@code key}. Further members are passed over.
 */
final class GivenEvent {

    private static final Set<String> OPERATIONS = Set.of("snapshot", "inserted", "updated", "deleted", "truncated");

    private final JsonObject event;
    private final Model model;
    private final Body body;
    private final boolean needsRef;

    /**
     * @param body where what is wrong is noted
     * @param needsRef whether it is to be compared with others
     */
    GivenEvent(JsonObject event, Model model, Body body, boolean needsRef) {
        this.event = event;
        this.model = model;
        this.body = body;
        this.needsRef = needsRef;
    }

    /** The change; null when something is wrong with it. */
    @Nullable
    Change read() {
        String op = text("op");
        String name = text("table");
        Table table = name == null ? null : model.table(name);
        JsonValue given = event.member("ref");
        Long ref = given == null ? null : ViewJson.ref(given);
        if (op == null || !OPERATIONS.contains(op)) {
            body.violate("/event/op", "snapshot, inserted, updated, deleted or truncated");
        }
        if (table == null) {
            body.violate("/event/table", "the name of a table of the model");
        }
        if (given == null ? needsRef : ref == null) {
            body.violate("/event/ref", "the ref of the change");
        }
        if (op == null || table == null) {
            return null;
        }
        long at = ref == null ? Long.MAX_VALUE : ref;
        return op.equals("truncated") ? Change.truncated(table.name(), at) : ofRow(op, table, at);
    }

    private @Nullable Change ofRow(String op, Table table, long ref) {
        Row row = row("row", table);
        RecordId record = row == null ? deleted(op, table) : row.id();
        if (record == null) {
            body.violate("/event/row", "the row, with " + String.join(", ", table.primaryKey()));
            return null;
        }
        Row before = row("before", table);
        boolean isOther = before != null && !before.id().equals(record);
        if (isOther || (before == null && event.has("before") && !isNull("before"))) {
            body.violate(
                    "/event/before",
                    "the row before, with the same primary key: a row that gets another one is deleted under the old and"
                            + " inserted under the new");
            return null;
        }
        if (row == null || op.equals("deleted")) {
            return Change.deleted(record, before, ref);
        }
        return op.equals("updated") ? Change.updated(before, row, ref) : Change.inserted(row, ref);
    }

    /** The record of a deletion that tells it by its key. */
    private @Nullable RecordId deleted(String op, Table table) {
        JsonValue key = event.member("key");
        boolean fits = op.equals("deleted")
                && key != null
                && key.isArray()
                && key.elements().size() == table.primaryKey().size()
                && key.elements().stream().allMatch(JsonValue::isString);
        return fits && key != null
                ? new RecordId(
                        table.name(),
                        key.elements().stream().map(JsonValue::asText).toList())
                : null;
    }

    private boolean isNull(String member) {
        return Objects.requireNonNull(event.member(member)).isNull();
    }

    private @Nullable Row row(String member, Table table) {
        JsonValue value = event.member(member);
        if (value == null || !value.isObject()) {
            return null;
        }
        RecordId id = RecordId.of(table, value.asObject());
        return id == null ? null : new Row(id, value.asObject());
    }

    private @Nullable String text(String member) {
        JsonValue value = event.member(member);
        return value != null && value.isString() ? value.asText() : null;
    }
}
