package io.forebay.records.model;

import io.forebay.records.file.FileObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A table whose associations are still being read: they may name tables that come later in the file. */
final class TableDraft {

    final String name;
    final List<String> primaryKey;
    final Set<String> columns;
    final boolean schemaless;

    /** Associations as the file has them, in its order. */
    final Map<String, FileObject> written = new LinkedHashMap<>();

    /** Those that have been read and are right. */
    final Map<String, Association> associations = new LinkedHashMap<>();

    TableDraft(String name, List<String> primaryKey, List<String> columns, boolean schemaless) {
        this.name = name;
        this.primaryKey = new ArrayList<>(primaryKey);
        this.columns = new LinkedHashSet<>(columns);
        this.schemaless = schemaless;
    }

    /** A join table that the file does not declare, so far without columns. */
    static TableDraft join(String name) {
        return new TableDraft(name, List.of(), List.of(), true);
    }

    /** Has these columns and no others for a key and more of them: of a join table. */
    void addKey(List<String> key) {
        for (String column : key) {
            if (columns.add(column)) {
                primaryKey.add(column);
            }
        }
    }

    Table table() {
        Map<String, Association> inOrder = new LinkedHashMap<>();
        for (String association : written.keySet()) {
            Association read = associations.get(association);
            if (read != null) {
                inOrder.put(association, read);
            }
        }
        return new Table(name, primaryKey, new ArrayList<>(columns), inOrder, schemaless);
    }
}
