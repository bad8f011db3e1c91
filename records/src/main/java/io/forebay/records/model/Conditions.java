package io.forebay.records.model;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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

    /** Whether nothing is asked. */
    public boolean isEmpty() {
        return byColumn.isEmpty();
    }
}
