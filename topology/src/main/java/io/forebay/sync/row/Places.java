package io.forebay.sync.row;

import io.forebay.records.model.Model;
import io.forebay.records.value.KeyText;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The places that changes are found by. The place of a record is its path; that of a table its name. The place of a value of
 * columns is the table's name, the path of the columns' names as one part, and the value of each: {@code
 * comments/post_id/7}. A record's place has as many parts as its table's primary key has columns and one, and its partition is that
 * of its key among places, which need not be that of its changes.
 */
public final class Places {

    private Places() {}

    /** The place of a table. */
    public static Path ofTable(String table) {
        return Path.of(table);
    }

    /** What the places of all values of columns begin with, which stands for them. */
    public static Path ofColumns(String table, List<String> columns) {
        return ofColumns(table, columns, List.of());
    }

    /** What the place of values of columns begins with. */
    public static Path columnsOf(Path place) {
        return Path.of(place.part(0), place.part(1));
    }

    /** All columns by whose values a model looks up rows. */
    public static SortedSet<String> columnsOf(Model model) {
        SortedSet<String> columns = new TreeSet<>();
        for (String table : model.tables().keySet()) {
            model.associationKeys(table)
                    .forEach(key -> columns.add(ofColumns(table, key).toString()));
        }
        return columns;
    }

    /** The place of values of columns. */
    public static Path ofColumns(String table, List<String> columns, List<String> values) {
        List<String> parts = new ArrayList<>(2 + values.size());
        parts.add(table);
        parts.add(Path.of(columns).toString());
        parts.addAll(values);
        return Path.of(parts);
    }

    /** The place of a row's values of columns; null where one of them is null, not known, or no single value. */
    public static @Nullable Path ofRow(String table, List<String> columns, @Nullable JsonObject row) {
        List<String> values = row == null ? null : KeyText.of(row, columns);
        return values == null ? null : ofColumns(table, columns, values);
    }
}
