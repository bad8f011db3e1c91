package io.forebay.postgres;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tables of a database with their keys.
 *
 * @param tables in the order of their names
 */
public record Catalogue(List<Table> tables) {

    public Catalogue {
        tables = tables.stream().sorted(Comparator.comparing(Table::name)).toList();
    }

    Optional<Table> table(TableName name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    /** A table's schema and name, as they are without quotes. */
    public record TableName(String schema, String name) implements Comparable<TableName> {

        @Override
        public int compareTo(TableName other) {
            int bySchema = schema.compareTo(other.schema);
            return bySchema != 0 ? bySchema : name.compareTo(other.name);
        }

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /**
     * A table.
     *
     * @param columns in the table's order
     * @param notNull those of them that are never null
     * @param generated those of them that the database computes and stores
     * @param uniqueKeys in the order of their names
     * @param foreignKeys in the order of their columns in the table
     */
    public record Table(
            TableName name,
            List<String> columns,
            Set<String> notNull,
            Set<String> generated,
            List<UniqueKey> uniqueKeys,
            List<ForeignKey> foreignKeys) {

        public Table {
            List<String> order = List.copyOf(columns);
            columns = order;
            notNull = Set.copyOf(notNull);
            generated = Set.copyOf(generated);
            uniqueKeys = uniqueKeys.stream()
                    .sorted(Comparator.comparing(UniqueKey::name))
                    .toList();
            foreignKeys = foreignKeys.stream()
                    .sorted(Comparator.comparing(
                                    (ForeignKey key) -> key.columns().stream()
                                            .mapToInt(order::indexOf)
                                            .toArray(),
                                    Arrays::compare)
                            .thenComparing(ForeignKey::name))
                    .toList();
        }
    }

    /**
     * Columns whose values no two rows share.
     *
     * @param name of the index that sees to it
     * @param primary whether it is the primary key
     * @param partial whether it holds for some rows only
     * @param columns in the key's order
     */
    public record UniqueKey(String name, boolean primary, boolean partial, List<String> columns) {

        public UniqueKey {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A reference to rows of a table.
     *
     * @param name of the constraint
     * @param columns that refer
     * @param referencedColumns what they refer to, in the order of the columns
     */
    public record ForeignKey(String name, List<String> columns, TableName referenced, List<String> referencedColumns) {

        public ForeignKey {
            columns = List.copyOf(columns);
            referencedColumns = List.copyOf(referencedColumns);
        }
    }
}
