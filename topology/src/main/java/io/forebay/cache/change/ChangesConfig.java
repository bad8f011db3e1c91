package io.forebay.cache.change;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which caches depend on which tables.
 *
 * @param dependencies of all caches
 * @param mostOfTransaction different entries, matches or tags that the changes of one transaction invalidate by one
 *     dependency, one after the other; beyond that, all that it can concern are invalidated at once
 */
public record ChangesConfig(List<Dependency> dependencies, int mostOfTransaction) {

    public ChangesConfig {
        dependencies = List.copyOf(dependencies);
        if (mostOfTransaction < 1) {
            throw new IllegalArgumentException("mostOfTransaction: " + mostOfTransaction + " is less than 1");
        }
    }

    private static final int DEFAULT_MOST = 1_000;

    private static final String PREFIX = "forebay.cache.tables.";
    private static final Pattern CACHE = Pattern.compile("[A-Za-z0-9._~-]+");

    private static final Key<Integer> MOST = Key.integer(
            "forebay.cache.changes.max",
            DEFAULT_MOST,
            1,
            100_000,
            "Invalidations that one transaction's changes of a table bring about one by one; beyond that, all entries that"
                    + " the table can concern are invalidated together.");

    private static Key<List<Dependency>> tables(String cache) {
        return new Key<>(
                PREFIX + cache,
                "list",
                null,
                "a list of " + Dependency.RULE,
                false,
                "Tables that the cache depends on. A committed change of a row invalidates the cache, or the entries whose keys"
                        + " meet MATCH or that have TAG, by the row's values before and after.",
                text -> dependencies(cache, text));
    }

    /** What holds where nothing is configured: no cache depends on a table. */
    public static ChangesConfig defaults() {
        return new ChangesConfig(List.of(), DEFAULT_MOST);
    }

    /** These with the tables that another cache depends on. */
    public ChangesConfig with(String cache, String tables) {
        List<Dependency> more = new ArrayList<>(dependencies);
        more.addAll(dependencies(cache, tables));
        return new ChangesConfig(more, mostOfTransaction);
    }

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(tables("<cache>"), MOST);
    }

    /** Reads it. */
    public static ChangesConfig read(ConfigReader reader) {
        List<Dependency> dependencies = new ArrayList<>();
        for (String cache : reader.names(PREFIX, List.of(""))) {
            Key<List<Dependency>> tables = tables(cache);
            List<Dependency> found = reader.find(tables);
            if (found != null) {
                dependencies.addAll(found);
            }
            if (!CACHE.matcher(cache).matches()) {
                reader.problem(tables.name(), "a key with a cache's name of letters, digits and ._~-");
            }
        }
        return new ChangesConfig(dependencies, reader.get(MOST));
    }

    private static List<Dependency> dependencies(String cache, String text) {
        return Arrays.stream(text.split(",", -1))
                .map(one -> Dependency.parse(cache, one.strip()))
                .toList();
    }

    /** The dependencies on a table. */
    List<Dependency> on(String table) {
        return dependencies.stream()
                .filter(dependency -> dependency.table().matches(table))
                .toList();
    }
}
