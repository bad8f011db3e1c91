package io.forebay.it.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An association as SQL follows it and as a model declares it. Keys are of one column.
 *
 * @param owner the table that has it
 * @param name its name
 * @param table the table it leads to
 * @param kind its kind, in the words of a model
 * @param key the foreign key of the owner or the other table; of many-to-many the join table's to the owner
 * @param through the join table of many-to-many
 * @param related the join table's key to the other table
 * @param path of has-through
 */
record Association(
        String owner,
        String name,
        String table,
        String kind,
        String key,
        @Nullable String through,
        @Nullable String related,
        List<String> path) {

    static Association belongsTo(String owner, String name, String table, String key) {
        return new Association(owner, name, table, "belongs_to", key, null, null, List.of());
    }

    static Association hasMany(String owner, String name, String table, String key) {
        return new Association(owner, name, table, "has_many", key, null, null, List.of());
    }

    static Association manyToMany(String owner, String name, String table, String through, String key, String related) {
        return new Association(owner, name, table, "many_to_many", key, through, related, List.of());
    }

    static Association hasThrough(String owner, String name, String table, String... path) {
        return new Association(owner, name, table, "has_through", "", null, null, List.of(path));
    }

    /** Its line in a model. */
    String declaration() {
        return switch (kind) {
            case "has_through" -> name + ": {kind: has_through, path: " + path + "}";
            case "many_to_many" ->
                name + ": {kind: many_to_many, table: " + table + ", through: " + through + ", owner_key: " + key
                        + ", related_key: " + related + "}";
            default -> name + ": {kind: " + kind + ", table: " + table + ", fk: " + key + "}";
        };
    }

    boolean isMany() {
        return !kind.equals("belongs_to");
    }

    /** The condition under which a row is one that it leads to, by the aliases of the owner's and the other row. */
    String joins(String ownerAlias, String alias) {
        return switch (kind) {
            case "belongs_to" -> alias + "." + table + "_id = " + ownerAlias + "." + key;
            case "has_many" -> alias + "." + key + " = " + ownerAlias + "." + owner + "_id";
            case "many_to_many" ->
                alias + "." + table + "_id IN (SELECT j." + related + " FROM " + through + " j WHERE j." + key + " = "
                        + ownerAlias + "." + owner + "_id)";
            default -> throw new IllegalStateException("a path is followed step by step");
        };
    }
}
