package io.forebay.records.sync;

import java.util.List;

/**
 * Rows of a table that have a key in some columns. The columns are among the table's {@link
 * io.forebay.records.model.Model#associationKeys}.
 *
 * @param table name of the table
 * @param columns the columns, in the order of the key
 * @param key their values, as {@link io.forebay.records.value.KeyText}
 */
public record Lookup(String table, List<String> columns, List<String> key) {
    public Lookup {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }
}
