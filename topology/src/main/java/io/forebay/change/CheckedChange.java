package io.forebay.change;

import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A row change that contradicts neither its key nor itself.
 *
 * @param key the path that is its record key
 * @param change as received
 * @param before the row before the change, as far as it is told; null where it is not
 * @param after the row after the change; null where there is none
 */
public record CheckedChange(
        Path key,
        RowChange change,
        @Nullable JsonObject before,
        @Nullable JsonObject after) {

    /** Rows are bounded by what a record may hold. */
    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    /**
     * Checks a row change.
     *
     * @param key the path that is its record key
     * @throws RefusedException when it contradicts its key or itself
     */
    public static CheckedChange of(Path key, RowChange change) throws RefusedException {
        checkKey(key, change);
        CheckedChange checked =
                new CheckedChange(key, change, row(change.getBefore(), "/before"), row(change.getAfter(), "/after"));
        if (checked.after == null && leavesARow(change.getOp())) {
            throw RefusedException.invalid("/after", "the row, where there is one after the change");
        }
        return checked;
    }

    /**
     * A column's value as it is written in keys and tags: a text as it is; a number, a boolean or null as in JSON. Null where
     * it is no such value.
     */
    public static @Nullable String keyText(JsonValue value) {
        if (value.isObject() || value.isArray()) {
            return null;
        }
        return value.isString() ? value.asText() : value.raw();
    }

    private static boolean leavesARow(RowOperation op) {
        return op == RowOperation.inserted || op == RowOperation.updated;
    }

    private static void checkKey(Path key, RowChange change) throws RefusedException {
        if (!change.getTable().equals(key.part(0))) {
            throw new RefusedException(400, "wrong_key", "key", "begins with the name of the table");
        }
        boolean whole = change.getOp() == RowOperation.truncated;
        if (whole ? key.size() != 1 : key.size() == 1 && change.getOp() != RowOperation.other) {
            throw new RefusedException(
                    400,
                    "wrong_key",
                    "key",
                    whole
                            ? "the name of the table alone, where it was truncated"
                            : "the name of the table and the values of the primary key");
        }
        int columns = change.getKeyColumns().size();
        if (columns != 0 && columns != key.size() - 1) {
            throw RefusedException.invalid("/key_columns", "as many as there are values in the record key");
        }
    }

    private static @Nullable JsonObject row(@Nullable String text, String pointer) throws RefusedException {
        if (text == null) {
            return null;
        }
        try {
            return JsonObject.parse(text.getBytes(StandardCharsets.UTF_8), LIMITS);
        } catch (JsonSyntaxException e) {
            throw RefusedException.of(e).below(pointer);
        }
    }
}
