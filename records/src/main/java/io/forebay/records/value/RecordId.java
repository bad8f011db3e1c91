package io.forebay.records.value;

import io.forebay.records.model.Table;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a row is known by: its table and the values of its primary key as {@link KeyText}, in the order of the model.
 *
 * @param table name of the table
 * @param key at least one
 */
public record RecordId(String table, List<String> key) {

    public RecordId {
        key = List.copyOf(key);
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a record has a key");
        }
    }

    /** The record that a row of a table is; null when the row has no value for a column of the primary key. */
    public static @Nullable RecordId of(Table table, JsonObject row) {
        List<String> key = KeyText.of(row, table.primaryKey());
        return key == null ? null : new RecordId(table.name(), key);
    }

    /**
     * The record that a record key on the topic of changes names.
     *
     * @throws IllegalArgumentException when there is nothing behind the table
     */
    public static RecordId of(Path path) {
        return new RecordId(path.part(0), path.parts().subList(1, path.size()));
    }

    /** Its record key on the topic of changes: the table, then the key. */
    public Path path() {
        List<String> parts = new ArrayList<>(key.size() + 1);
        parts.add(table);
        parts.addAll(key);
        return Path.of(parts);
    }

    /** The canonical form of its path. */
    @Override
    public String toString() {
        return path().toString();
    }
}
