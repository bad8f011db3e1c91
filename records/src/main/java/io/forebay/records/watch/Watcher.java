package io.forebay.records.watch;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes that can be subscribed to, and what of the row is told with them. The columns are sets; they keep the order in which
 * they were given.
 *
 * @param table whose rows
 * @param event what happens to them
 * @param label the name by which alone it is known; null: it is known by table and event
 * @param triggerColumns of an update, columns one of which must have another value for it to count; empty: every update counts
 * @param extraColumns columns whose values are told beside the primary key's
 * @param definition what is to be known of the table in place of what the model says; null: the model's
 */
public record Watcher(
        String table,
        RowEvent event,
        @Nullable String label,
        Set<String> triggerColumns,
        Set<String> extraColumns,
        @Nullable Definition definition) {

    public Watcher {
        triggerColumns = ordered(triggerColumns);
        extraColumns = ordered(extraColumns);
    }

    /**
     * A table as a watcher describes it that does not go by the model.
     *
     * @param primaryKey in order
     * @param columns all that may be told; the primary key's need not be among them
     * @param associationColumns those of them by whose value one may subscribe
     */
    public record Definition(List<String> primaryKey, Set<String> columns, Set<String> associationColumns) {
        public Definition {
            primaryKey = List.copyOf(primaryKey);
            columns = ordered(columns);
            associationColumns = ordered(associationColumns);
        }
    }

    /** By what it is known. */
    public WatcherName name() {
        return label == null ? new WatcherName.OfTable(table, event) : new WatcherName.OfLabel(label);
    }

    /** With further columns told. */
    public Watcher withExtraColumns(Collection<String> further) {
        Set<String> all = new LinkedHashSet<>(extraColumns);
        all.addAll(further);
        return new Watcher(table, event, label, triggerColumns, all, definition);
    }

    /** In the form that {@link WatcherList} reads, without the members that say nothing. */
    public JsonObject toJson() {
        StringBuilder text = new StringBuilder(
                "{\"table\":" + JsonValue.ofText(table).raw() + ",\"event\":\"" + event.text() + "\"");
        if (label != null) {
            text.append(",\"label\":").append(JsonValue.ofText(label).raw());
        }
        if (!triggerColumns.isEmpty()) {
            text.append(",\"trigger_columns\":").append(array(triggerColumns));
        }
        text.append(",\"extra_columns\":").append(array(extraColumns));
        if (definition != null) {
            text.append(",\"schemaless\":true,\"primary_key\":").append(array(definition.primaryKey()));
            text.append(",\"columns\":").append(array(definition.columns()));
            text.append(",\"association_columns\":").append(array(definition.associationColumns()));
        }
        return JsonObject.parse(text.append('}').toString());
    }

    private static String array(Collection<String> texts) {
        return texts.stream().map(text -> JsonValue.ofText(text).raw()).collect(Collectors.joining(",", "[", "]"));
    }

    private static Set<String> ordered(Set<String> set) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(set));
    }
}
