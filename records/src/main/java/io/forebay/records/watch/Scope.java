package io.forebay.records.watch;

import io.forebay.records.value.KeyText;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a subscription to a watcher is about. Values are kept as they were given and compared as {@link KeyText}, as all keys
 * are: 7 and "7" are one.
 */
public sealed interface Scope {

    /** All rows. */
    Scope EVERY_ROW = new EveryRow();

    /** All rows. */
    record EveryRow() implements Scope {}

    /**
     * The row with this primary key.
     *
     * @param key its values, in the order of the key's columns
     */
    record OneRecord(List<JsonValue> key) implements Scope {
        public OneRecord {
            key = List.copyOf(key);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OneRecord that && texts(key).equals(texts(that.key));
        }

        @Override
        public int hashCode() {
            return texts(key).hashCode();
        }
    }

    /**
     * The rows with these values in a key by which they meet rows of other tables.
     *
     * @param columns of the key, in its order
     * @param values of these columns
     */
    record Associated(List<String> columns, List<JsonValue> values) implements Scope {
        public Associated {
            columns = List.copyOf(columns);
            values = List.copyOf(values);
        }

        /** By a key of one column. */
        public Associated(String column, JsonValue value) {
            this(List.of(column), List.of(value));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Associated that
                    && columns.equals(that.columns)
                    && texts(values).equals(texts(that.values));
        }

        @Override
        public int hashCode() {
            return 31 * columns.hashCode() + texts(values).hashCode();
        }
    }

    private static List<@Nullable String> texts(List<JsonValue> key) {
        List<@Nullable String> texts = new ArrayList<>(key.size());
        key.forEach(value -> texts.add(KeyText.of(value)));
        return texts;
    }

    /** Whether two keys are the same; one that is null is no key. */
    static boolean sameKey(@Nullable List<JsonValue> one, @Nullable List<JsonValue> other) {
        return one != null && other != null && texts(one).equals(texts(other));
    }

    /** The values of a row's columns; null when one of them is absent or can be no key. */
    static @Nullable List<JsonValue> values(JsonObject row, List<String> columns) {
        List<JsonValue> values = new ArrayList<>(columns.size());
        for (String column : columns) {
            JsonValue value = row.member(column);
            if (value == null || KeyText.of(value) == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }
}
