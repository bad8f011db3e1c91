package io.forebay.sync.identifier;

import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.Scope;
import io.forebay.records.watch.Watcher;
import io.forebay.records.watch.WatcherName;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Identifiers in the form in which commands carry them. */
public final class WatchedRowsForm {

    private WatchedRowsForm() {}

    /** An identifier of a watcher. */
    public static WatchedRows of(Identifier identifier, Watcher watcher) {
        WatchedRows.Builder rows = WatchedRows.newBuilder()
                .setTable(watcher.table())
                .setEvent(RowOperation.valueOf(watcher.event().text()))
                .setLabel(watcher.label());
        if (identifier.scope() instanceof Scope.OneRecord record) {
            return rows.setScope(WatchedScope.record)
                    .setValues(raw(record.key()))
                    .build();
        }
        if (identifier.scope() instanceof Scope.Associated associated) {
            return rows.setScope(WatchedScope.column)
                    .setColumns(associated.columns())
                    .setValues(raw(associated.values()))
                    .build();
        }
        return rows.setScope(WatchedScope.every).build();
    }

    private static List<String> raw(List<JsonValue> values) {
        return values.stream().map(JsonValue::raw).toList();
    }

    /** The identifier that a command carries; null where it is none. */
    public static @Nullable Identifier identifier(WatchedRows rows) {
        WatcherName name = name(rows);
        Scope scope = scope(rows);
        return name == null || scope == null ? null : new Identifier(name, scope);
    }

    private static @Nullable WatcherName name(WatchedRows rows) {
        String label = rows.getLabel();
        if (label != null) {
            return new WatcherName.OfLabel(label);
        }
        return RowEvent.of(rows.getEvent().name())
                .map(event -> new WatcherName.OfTable(rows.getTable(), event))
                .orElse(null);
    }

    private static @Nullable Scope scope(WatchedRows rows) {
        List<JsonValue> values = new ArrayList<>(rows.getValues().size());
        for (String raw : rows.getValues()) {
            JsonValue value = value(raw);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return switch (rows.getScope()) {
            case every -> Scope.EVERY_ROW;
            case record -> new Scope.OneRecord(values);
            case column -> new Scope.Associated(rows.getColumns(), values);
            default -> null;
        };
    }

    private static @Nullable JsonValue value(String raw) {
        try {
            return JsonObject.parse("{\"value\":" + raw + "}").member("value");
        } catch (JsonSyntaxException e) {
            return null;
        }
    }
}
