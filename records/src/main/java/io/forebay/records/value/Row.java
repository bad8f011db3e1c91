package io.forebay.records.value;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;

/**
 * A row with what it is known by. Columns stay as received, also those that the model does not have.
 *
 * @param id the record it is
 * @param columns values by column
 */
public record Row(RecordId id, JsonObject columns) {

    /** Name of its table. */
    public String table() {
        return id.table();
    }

    /** The value of a column; JSON null when it is absent. */
    public JsonValue column(String name) {
        JsonValue value = columns.member(name);
        return value == null ? JsonValue.NULL : value;
    }

    /** Whether both are the same record with the same values, however they are spelled. */
    public boolean sameValue(Row other) {
        return id.equals(other.id) && columns.sameValue(other.columns);
    }
}
