package io.forebay.records.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tables and how they are associated. Models come from {@link ModelFile}, so every name in one leads somewhere and keys that meet
 * have the same number of columns. Immutable.
 */
public final class Model {

    private final Map<String, Table> tables;
    private final Map<String, Set<List<String>>> associationKeys = new LinkedHashMap<>();

    Model(Map<String, Table> tables) {
        this.tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
        for (Table table : tables.values()) {
            associationKeys.put(table.name(), new LinkedHashSet<>());
        }
        for (Table table : tables.values()) {
            for (Association association : table.associations().values()) {
                collectKeys(association);
            }
        }
    }

    private void collectKeys(Association association) {
        if (association instanceof Association.BelongsTo belongsTo) {
            addKey(belongsTo.owner(), belongsTo.foreignKey());
        } else if (association instanceof Association.Has has) {
            addKey(has.table(), has.foreignKey());
        } else if (association instanceof Association.ManyToMany manyToMany) {
            addKey(manyToMany.through(), manyToMany.ownerKey());
            addKey(manyToMany.through(), manyToMany.relatedKey());
        }
    }

    private void addKey(String table, List<String> columns) {
        Set<List<String>> keys = associationKeys.get(table);
        if (keys != null) {
            keys.add(columns);
        }
    }

    /** All tables by name, in the order of the file, join tables that it only mentions at the end. */
    public Map<String, Table> tables() {
        return tables;
    }

    /** The table of this name; null when there is none. */
    public @Nullable Table table(String name) {
        return tables.get(name);
    }

    /**
     * A table that an association or a record of this model names.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    public Table require(String name) {
        Table table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException("the model has no table " + name);
        }
        return table;
    }

    /**
     * The keys by which rows of a table meet rows of others: its own foreign keys, and columns that other tables look it up by.
     * Each is a list of columns in the order of the primary key they hold. Empty for a table that there is not.
     */
    public Set<List<String>> associationKeys(String table) {
        return Collections.unmodifiableSet(associationKeys.getOrDefault(table, Set.of()));
    }

    /** All columns in {@link #associationKeys}. */
    public Set<String> associationColumns(String table) {
        Set<String> columns = new LinkedHashSet<>();
        associationKeys(table).forEach(columns::addAll);
        return columns;
    }
}
