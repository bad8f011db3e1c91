package io.forebay.cache.change;

import io.forebay.change.CheckedChange;
import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
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

    /**
     * Reads a row change.
     *
     * @param key the path that is its record key
     * @throws RefusedException when it contradicts its key or itself
     */
    static ChangedRow read(Path key, RowChange change) throws RefusedException {
        return new ChangedRow(sides(new Sides(CheckedChange.of(key, change))), transaction(change));
    }

    private static @Nullable TransactionId transaction(RowChange change) {
        String id = change.getTransaction();
        RowSource source = change.getSource();
        return id == null ? null : new TransactionId(source == null ? "" : source.getName(), id);
    }

    private static List<Columns> sides(Sides sides) {
        return switch (sides.change.getOp()) {
            case snapshot -> List.of();
            case inserted -> List.of(sides.after());
            case updated -> List.of(sides.before(), sides.after());
            case deleted -> List.of(sides.before());
            case truncated, declared, other -> List.of(Columns.UNKNOWN);
        };
    }

    /** The row before and after. What one of them does not tell the key may, or the other where the column did not change. */
    private static final class Sides {

        private final Path key;
        private final RowChange change;
        private final @Nullable JsonObject before;
        private final @Nullable JsonObject after;

        Sides(CheckedChange checked) {
            this.key = checked.key();
            this.change = checked.change();
            this.before = checked.before();
            this.after = checked.after();
        }

        Columns before() {
            return column -> value(before, change.getOp() == RowOperation.updated ? after : null, column);
        }

        Columns after() {
            return column -> value(after, before, column);
        }

        private @Nullable String value(@Nullable JsonObject row, @Nullable JsonObject other, String column) {
            JsonValue value = row == null ? null : row.member(column);
            if (value != null) {
                return CheckedChange.keyText(value);
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
            return unchanged == null ? null : CheckedChange.keyText(unchanged);
        }
    }
}
