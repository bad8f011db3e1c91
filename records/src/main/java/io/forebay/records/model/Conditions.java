package io.forebay.records.model;

import io.forebay.records.file.FileObject;
import io.forebay.records.file.FileProblem;
import io.forebay.records.file.InvalidFileException;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is asked of a row: all of these.
 *
 * @param byColumn conditions by the column they look at, in the order of the file
 */
public record Conditions(Map<String, Condition> byColumn) {

    /** Asks nothing. */
    public static final Conditions NONE = new Conditions(Map.of());

    public Conditions {
        byColumn = Collections.unmodifiableMap(new LinkedHashMap<>(byColumn));
    }

    /**
     * Reads conditions on a table, in the form that models have them in: values, null, {@code {"in": [values]}} and {@code {"not": ..}} by
     * column.
     *
     * @throws InvalidFileException with every problem, when there is any
     */
    public static Conditions parse(JsonObject written, Table table) {
        return parse(written, table.name(), table.columns()::contains);
    }

    /**
     * As {@link #parse(JsonObject, Table)}, of any columns.
     *
     * @throws InvalidFileException with every problem, when there is any
     */
    public static Conditions parse(JsonObject written) {
        return parse(written, "", column -> true);
    }

    private static Conditions parse(JsonObject written, String table, Predicate<String> isColumn) {
        List<FileProblem> problems = new ArrayList<>();
        Conditions conditions = ConditionsReader.read(new FileObject(written, "", problems), table, isColumn);
        if (!problems.isEmpty()) {
            throw new InvalidFileException(problems);
        }
        return conditions;
    }

    /** Whether all of them are true of a row; a column that is absent is null. */
    public boolean hold(JsonObject row) {
        for (Map.Entry<String, Condition> each : byColumn.entrySet()) {
            JsonValue value = row.member(each.getKey());
            if (!each.getValue().holds(value == null ? JsonValue.NULL : value)) {
                return false;
            }
        }
        return true;
    }

    /** The form that {@link #parse(JsonObject)} reads. */
    public JsonObject toJson() {
        return JsonObject.parse(ModelWriter.conditions(this));
    }

    /** Whether nothing is asked. */
    public boolean isEmpty() {
        return byColumn.isEmpty();
    }
}
