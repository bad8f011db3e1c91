package io.forebay.cache.change;

import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a row change says of the row.
 *
 * @param sides the row as it was and as it is, as far as it was there and is; entries that depend on either are outdated
 * @param transaction what it shares with the other changes of its transaction; null where that is not known
 */
record ChangedRow(List<Columns> sides, @Nullable TransactionId transaction) {

    /** A transaction of a source. */
    record TransactionId(String source, String id) {}

    /** A change of which nothing is known but its table. */
    static final ChangedRow UNKNOWN = new ChangedRow(List.of(Columns.UNKNOWN), null);

    /** Rows are bounded by what a record may hold. */
    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    /**
     * Reads a row change.
     *
     * @param key the path that is its record key
     * @throws RefusedException when it contradicts its key or itself
     */
    static ChangedRow read(Path key, RowChange change) throws RefusedException {
        checkKey(key, change);
        JsonObject before = row(change.getBefore(), "/before");
        JsonObject after = row(change.getAfter(), "/after");
        return new ChangedRow(sides(new Sides(key, change, before, after)), transaction(change));
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

    private static @Nullable TransactionId transaction(RowChange change) {
        String id = change.getTransaction();
        RowSource source = change.getSource();
        return id == null ? null : new TransactionId(source == null ? "" : source.getName(), id);
    }

    private static List<Columns> sides(Sides sides) throws RefusedException {
        return switch (sides.change.getOp()) {
            case snapshot -> List.of();
            case inserted -> List.of(sides.after());
            case updated -> List.of(sides.before(), sides.after());
            case deleted -> List.of(sides.before());
            case truncated, other -> List.of(Columns.UNKNOWN);
        };
    }

    /** The row before and after. What one of them does not tell the key may, or the other where the column did not change. */
    private static final class Sides {

        private final Path key;
        private final RowChange change;
        private final @Nullable JsonObject before;
        private final @Nullable JsonObject after;

        Sides(Path key, RowChange change, @Nullable JsonObject before, @Nullable JsonObject after) {
            this.key = key;
            this.change = change;
            this.before = before;
            this.after = after;
        }

        Columns before() {
            return column -> value(before, change.getOp() == RowOperation.updated ? after : null, column);
        }

        Columns after() throws RefusedException {
            if (after == null) {
                throw RefusedException.invalid("/after", "the row, where there is one after the change");
            }
            return column -> value(after, before, column);
        }

        private @Nullable String value(@Nullable JsonObject row, @Nullable JsonObject other, String column) {
            JsonValue value = row == null ? null : row.member(column);
            if (value != null) {
                return text(value);
            }
            List<String> changed = change.getChangedColumns();
            if (changed != null && changed.contains(column)) {
                return null;
            }
            int place = change.getKeyColumns().indexOf(column);
            if (place >= 0) {
                return key.part(place + 1);
            }
            JsonValue unchanged = changed == null || other == null ? null : other.member(column);
            return unchanged == null ? null : text(unchanged);
        }

        private static @Nullable String text(JsonValue value) {
            if (value.isObject() || value.isArray()) {
                return null;
            }
            return value.isString() ? value.asText() : value.raw();
        }
    }
}
