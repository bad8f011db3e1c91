package io.forebay.cache.loader.sql;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cache asks a database.
 *
 * @param dataSource the name of the database
 * @param sql one statement, its parameters written as {@code ?}
 * @param key the keys that can be loaded, within the cache
 * @param parameters what each parameter is bound to
 * @param rows what the rows become
 */
public record SqlQuery(String dataSource, String sql, PathMatch key, List<Parameter> parameters, Rows rows) {

    /** What rows become. */
    public enum Rows {
        /** An array of objects, one for each row. */
        LIST,
        /** The first row as an object; null when there is none. */
        FIRST
    }

    /**
     * What a parameter is bound to, as text.
     *
     * @param part which part of the key, from 1; 0 for all of it, as a JSON array of strings
     */
    public record Parameter(int part) {

        /** The whole key. */
        public static final Parameter KEY = new Parameter(0);

        String of(List<String> parts) {
            return part == 0 ? Path.of(parts).toJson() : parts.get(part - 1);
        }
    }

    public SqlQuery {
        parameters = List.copyOf(parameters);
        int asked = SqlText.parameters(sql);
        if (asked != parameters.size()) {
            throw new IllegalArgumentException("as many parameters as the statement has, which are " + asked);
        }
        int parts = key.elements().size();
        if (parameters.stream().anyMatch(parameter -> parameter.part() > parts)) {
            throw new IllegalArgumentException("parts that every key of the loader has, 1 to " + parts);
        }
    }

    /** How many parameters a statement has. */
    public static int parametersOf(String sql) {
        return SqlText.parameters(sql);
    }

    /** The keys that a statement is for by default: those with as many parts as it has parameters. */
    public static PathMatch keysFor(int parameters) {
        return PathMatch.parse("*" + "/*".repeat(Math.max(0, parameters - 1)));
    }

    /** The parameters by default: one for each part of the key that is not given by the match. */
    public static List<Parameter> parametersFor(PathMatch key) {
        List<Parameter> parameters = new ArrayList<>();
        for (int part = 1; part <= key.elements().size(); part++) {
            if (key.elements().get(part - 1) == null) {
                parameters.add(new Parameter(part));
            }
        }
        return parameters;
    }
}
