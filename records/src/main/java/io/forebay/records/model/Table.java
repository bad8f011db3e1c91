package io.forebay.records.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of a model.
 *
 * @param name its name, as changes give it
 * @param primaryKey columns that a row is known by, in the order of their values in a record's key; at least one
 * @param columns all columns, in the order of the file; the primary key's among them
 * @param associations by name, in the order of the file
 * @param schemaless whether it only joins others: it has no associations, and is watched by its name alone
 */
public record Table(
        String name,
        List<String> primaryKey,
        List<String> columns,
        Map<String, Association> associations,
        boolean schemaless) {

    public Table {
        primaryKey = List.copyOf(primaryKey);
        columns = List.copyOf(columns);
        associations = Collections.unmodifiableMap(new LinkedHashMap<>(associations));
    }

    /** The association of this name; null when there is none. */
    public @Nullable Association association(String association) {
        return associations.get(association);
    }
}
