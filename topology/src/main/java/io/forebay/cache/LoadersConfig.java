package io.forebay.cache;

import io.forebay.cache.loader.TagTemplates;
import io.forebay.cache.loader.sql.DataSourceConfig;
import io.forebay.cache.loader.sql.SqlQuery;
import io.forebay.cache.loader.sql.SqlQuery.Parameter;
import io.forebay.cache.loader.sql.SqlQuery.Rows;
import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The caches that load by themselves, each by its name, and the bounds of their loads. A cache loads from an HTTP origin or
 * from a database.
 *
 * @param origins URL that a cache loads from; it ends with a slash
 * @param queries what a cache asks a database
 * @param dataSources the databases, by their names
 * @param tags what everything that a cache loads is tagged with
 * @param timeout how long a load may take
 * @param mostLoads under way at a time, of all caches
 */
public record LoadersConfig(
        Map<String, URI> origins,
        Map<String, SqlQuery> queries,
        Map<String, DataSourceConfig> dataSources,
        Map<String, TagTemplates> tags,
        Duration timeout,
        int mostLoads) {

    public LoadersConfig {
        origins = Map.copyOf(origins);
        queries = Map.copyOf(queries);
        dataSources = Map.copyOf(dataSources);
        tags = Map.copyOf(tags);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " is not positive");
        }
        if (mostLoads < 1) {
            throw new IllegalArgumentException("mostLoads: " + mostLoads + " is less than 1");
        }
    }

    /** No cache loads by itself. */
    public static LoadersConfig defaults() {
        return new LoadersConfig(Map.of(), Map.of(), Map.of(), Map.of(), Duration.ofSeconds(5), 64);
    }

    /** The caches that load by themselves. */
    public Set<String> caches() {
        Set<String> caches = new HashSet<>(origins.keySet());
        caches.addAll(queries.keySet());
        return caches;
    }

    private static final LoadersConfig DEFAULTS = defaults();

    private static final String PREFIX = "forebay.cache.loader.";
    private static final Pattern CACHE = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern URL = Pattern.compile("https?://[^/?#,\\s]+(/[^?#,\\s]*)?");
    private static final Pattern ANY = Pattern.compile(".+", Pattern.DOTALL);

    static final Key<Duration> TIMEOUT = Key.duration(
            "forebay.cache.load.timeout",
            DEFAULTS.timeout(),
            Duration.ofMillis(10),
            CacheRules.LONGEST_LEASE,
            "How long a load by the cache itself may take. Shorter than forebay.cache.lease.");

    private static final Key<Integer> MOST_LOADS = Key.integer(
            "forebay.cache.load.max",
            DEFAULTS.mostLoads(),
            1,
            10_000,
            "Loads by caches themselves under way at a time; more are refused.");

    /** What is said of one cache. */
    private static final class Keys {
        private final Key<URI> url;
        private final Key<String> dataSource;
        private final Key<String> sql;
        private final Key<PathMatch> key;
        private final Key<List<Parameter>> parameters;
        private final Key<String> rows;
        private final Key<TagTemplates> tags;

        Keys(String cache) {
            String prefix = PREFIX + cache;
            url = new Key<>(
                    prefix + ".url",
                    "URL",
                    null,
                    "an http or https URL without user, query and fragment",
                    false,
                    "Where the cache loads from by itself: a GET of the URL with the parts of the entry's key behind it. A 200 is"
                            + " the value, and the groups in its Cache-Groups are the entry's tags.",
                    LoadersConfig::origin);
            dataSource = Key.text(
                    prefix + ".datasource",
                    null,
                    "a <name> of forebay.datasource.<name>.url, in the place of a url",
                    ANY,
                    "The database that the cache loads from by itself.");
            sql = Key.text(
                    prefix + ".sql",
                    null,
                    "a statement, with a datasource",
                    ANY,
                    "What the database is asked: a query, with ? for parameters, which are bound to parts of the entry's key."
                            + " Its rows as JSON are the value.");
            key = new Key<>(
                    prefix + ".key",
                    "match",
                    null,
                    "a match, such as by-author/*, with a * for each ? of the statement unless parameters are given",
                    false,
                    "The keys that the statement is for; others are refused. Default: all with as many parts as it has parameters.",
                    LoadersConfig::match);
            parameters = new Key<>(
                    prefix + ".parameters",
                    "list",
                    null,
                    "for each ? of the statement a number of a part of the key, from 1, or key for all of it as a JSON array",
                    false,
                    "What the parameters are bound to. Default: the parts that are * in the match, in their order.",
                    LoadersConfig::parameters);
            rows = Key.oneOf(
                    prefix + ".rows",
                    "list",
                    List.of("list", "first"),
                    "The value: list is an array of all rows, first is the first row, or null where there is none.");
            tags = new Key<>(
                    prefix + ".tags",
                    "list",
                    null,
                    TagTemplates.RULE,
                    false,
                    "Tags of everything that the cache loads by itself, such as posts, author-{2}.",
                    TagTemplates::parse);
        }

        List<Key<?>> all() {
            return List.of(url, dataSource, sql, key, parameters, rows, tags);
        }

        List<Key<?>> ofQueries() {
            return List.of(dataSource, sql, key, parameters, rows);
        }
    }

    /** All keys, for the reference. */
    static List<Key<?>> keys() {
        return Stream.of(List.of(TIMEOUT, MOST_LOADS), new Keys("<cache>").all(), DataSourceConfig.keys())
                .flatMap(List::stream)
                .<Key<?>>map(key -> key)
                .toList();
    }

    static LoadersConfig read(ConfigReader reader) {
        Duration timeout = reader.get(TIMEOUT);
        Map<String, DataSourceConfig> dataSources = DataSourceConfig.read(reader, timeout);
        Map<String, URI> origins = new HashMap<>();
        Map<String, SqlQuery> queries = new HashMap<>();
        Map<String, TagTemplates> tags = new HashMap<>();
        List<String> suffixes = new Keys("")
                .all().stream()
                        .map(key -> key.name().substring(PREFIX.length()))
                        .toList();
        for (String cache : reader.names(PREFIX, suffixes)) {
            Keys keys = new Keys(cache);
            checkName(cache, keys.url, reader);
            URI origin = reader.find(keys.url);
            TagTemplates templates = reader.find(keys.tags);
            if (templates != null) {
                tags.put(cache, templates);
            }
            boolean asksDatabase = keys.ofQueries().stream().anyMatch(reader::isSet);
            if (asksDatabase) {
                SqlQuery query = query(keys, dataSources.keySet(), reader);
                if (query != null) {
                    queries.put(cache, query);
                }
            }
            if (reader.isSet(keys.url) == asksDatabase) {
                reader.problem(
                        keys.url.name(), keys.url.allowed() + ", or nothing and a datasource and sql in its place");
            } else if (origin != null) {
                origins.put(cache, origin);
            }
        }
        return new LoadersConfig(origins, queries, dataSources, tags, timeout, reader.get(MOST_LOADS));
    }

    private static @Nullable SqlQuery query(Keys keys, Set<String> dataSources, ConfigReader reader) {
        String dataSource = reader.find(keys.dataSource);
        String sql = reader.find(keys.sql);
        PathMatch key = reader.find(keys.key);
        List<Parameter> parameters = reader.find(keys.parameters);
        Rows rows = Rows.valueOf(reader.get(keys.rows).toUpperCase(Locale.ROOT));
        if (dataSource == null || !dataSources.contains(dataSource)) {
            reader.problem(keys.dataSource.name(), keys.dataSource.allowed());
        }
        if (sql == null) {
            reader.problem(keys.sql.name(), keys.sql.allowed());
            return null;
        }
        int asked = SqlQuery.parametersOf(sql);
        PathMatch keysThatFit = key == null ? SqlQuery.keysFor(asked) : key;
        List<Parameter> bound;
        if (parameters != null) {
            bound = parameters;
        } else {
            bound = asked == 0 ? List.of() : SqlQuery.parametersFor(keysThatFit);
        }
        try {
            return new SqlQuery(dataSource == null ? "" : dataSource, sql, keysThatFit, bound, rows);
        } catch (IllegalArgumentException e) {
            Key<?> atFault = parameters == null ? keys.key : keys.parameters;
            reader.problem(atFault.name(), atFault.allowed());
            return null;
        }
    }

    private static PathMatch match(String text) {
        try {
            return PathMatch.parse(text);
        } catch (PathSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<Parameter> parameters(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(one -> one.equals("key") ? Parameter.KEY : new Parameter(partNumber(one)))
                .toList();
    }

    private static int partNumber(String text) {
        int part = Integer.parseInt(text);
        if (part < 1) {
            throw new IllegalArgumentException(text);
        }
        return part;
    }

    /** What a cache is called in the name of a key. */
    static void checkName(String cache, Key<?> key, ConfigReader reader) {
        if (!CACHE.matcher(cache).matches()) {
            reader.problem(key.name(), "a key with a cache's name of letters, digits and ._~-");
        }
    }

    private static URI origin(String text) {
        if (!URL.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        URI origin = URI.create(text.endsWith("/") ? text : text + "/");
        if (origin.getHost() == null || origin.getUserInfo() != null) {
            throw new IllegalArgumentException(text);
        }
        return origin;
    }
}
