package io.forebay.sync.subscription.state;

import io.forebay.records.value.KeyText;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.Scope;
import io.forebay.records.watch.WatcherName;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text that stands for an identifier where identifiers are compared: equal for equal ones. */
public final class IdentifierKey {

    private IdentifierKey() {}

    /** The key of an identifier. */
    public static String of(Identifier identifier) {
        if (identifier.scope() instanceof Scope.OneRecord one) {
            return of(identifier.watcher(), "record", texts(one.key()));
        }
        if (identifier.scope() instanceof Scope.Associated associated) {
            List<String> parts = new ArrayList<>();
            parts.add(Path.of(associated.columns()).toString());
            parts.addAll(texts(associated.values()));
            return of(identifier.watcher(), "column", parts);
        }
        return ofEvery(identifier.watcher());
    }

    /** The key of the identifier of all rows' changes. */
    public static String ofEvery(WatcherName watcher) {
        return of(watcher, "every", List.of());
    }

    /** The key of the identifier of a record's changes. */
    public static String ofRecord(WatcherName watcher, List<String> key) {
        return of(watcher, "record", key);
    }

    /** The key of the identifier of the changes of rows with values of columns. */
    public static String ofColumns(WatcherName watcher, List<String> columnsAndValues) {
        return of(watcher, "column", columnsAndValues);
    }

    private static String of(WatcherName watcher, String scope, List<String> rest) {
        List<String> parts = new ArrayList<>(4 + rest.size());
        if (watcher instanceof WatcherName.OfTable ofTable) {
            parts.add("table");
            parts.add(ofTable.table());
            parts.add(ofTable.event().text());
        } else {
            parts.add("label");
            parts.add(((WatcherName.OfLabel) watcher).label());
        }
        parts.add(scope);
        parts.addAll(rest);
        return Path.of(parts).toString();
    }

    /** The watcher that a subscription names. */
    public static WatcherName watcher(String table, RowEvent event, @Nullable String label) {
        return label == null ? new WatcherName.OfTable(table, event) : new WatcherName.OfLabel(label);
    }

    private static List<String> texts(List<JsonValue> values) {
        return values.stream().map(value -> String.valueOf(KeyText.of(value))).toList();
    }
}
