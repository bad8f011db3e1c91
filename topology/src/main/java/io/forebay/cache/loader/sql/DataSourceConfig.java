package io.forebay.cache.loader.sql;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database that caches load from.
 *
 * @param url of JDBC
 * @param user null for none
 * @param password null for none
 * @param poolSize connections, and so queries under way, at a time
 * @param connectionTimeout how long a load waits for one of them
 * @param queryTimeout after which a query is cancelled, its rows read
 */
public record DataSourceConfig(
        String url,
        @Nullable String user,
        @Nullable String password,
        int poolSize,
        Duration connectionTimeout,
        Duration queryTimeout) {

    private static final String PREFIX = "forebay.datasource.";

    /** Of the pool's. */
    private static final Duration SHORTEST_CONNECTION_TIMEOUT = Duration.ofMillis(250);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern PASSWORD = Pattern.compile("(?i).*(password=|//[^/?]*@).*");

    public DataSourceConfig {
        if (poolSize < 1) {
            throw new IllegalArgumentException("poolSize: " + poolSize + " is less than 1");
        }
        if (connectionTimeout.compareTo(SHORTEST_CONNECTION_TIMEOUT) < 0) {
            throw new IllegalArgumentException(
                    "connectionTimeout: " + connectionTimeout + " is less than " + SHORTEST_CONNECTION_TIMEOUT);
        }
        if (queryTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("queryTimeout: " + queryTimeout + " is not positive");
        }
    }

    /** One of these, by the source's name. */
    private static final class Keys {
        private final Key<String> url;
        private final Key<String> user;
        private final Key<String> password;
        private final Key<Integer> poolSize;
        private final Key<Duration> connectionTimeout;
        private final Key<Duration> queryTimeout;

        Keys(String name) {
            url = new Key<>(
                    PREFIX + name + ".url",
                    "URL",
                    null,
                    "a JDBC URL without password whose driver is on the class path, such as"
                            + " jdbc:postgresql://db.example.com:5432/shop",
                    false,
                    "A database for caches to load from.",
                    DataSourceConfig::checkedUrl);
            user = Key.text(
                    PREFIX + name + ".user",
                    null,
                    "a name",
                    Pattern.compile(".+"),
                    "As whom to connect. One who may only read.");
            password = Key.secret(PREFIX + name + ".password", 1, "The user's password.");
            poolSize = Key.integer(
                    PREFIX + name + ".pool.size",
                    8,
                    1,
                    1_000,
                    "Connections of an instance at the most, and so queries under way at a time; further loads wait.");
            connectionTimeout = Key.duration(
                    PREFIX + name + ".connection.timeout",
                    Duration.ofSeconds(2),
                    SHORTEST_CONNECTION_TIMEOUT,
                    Duration.ofMinutes(10),
                    "How long a load waits for a connection. Not longer than forebay.cache.load.timeout, to which it is shortened where"
                            + " it is not set.");
            queryTimeout = Key.duration(
                    PREFIX + name + ".query.timeout",
                    Duration.ofSeconds(3),
                    Duration.ofMillis(10),
                    Duration.ofMinutes(10),
                    "After which a query is cancelled. Not longer than forebay.cache.load.timeout, to which it is shortened where it is"
                            + " not set.");
        }

        List<Key<?>> all() {
            return List.of(url, user, password, poolSize, connectionTimeout, queryTimeout);
        }
    }

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return new Keys("<name>").all();
    }

    /** The key under which a source's URL is. */
    public static String urlKey(String name) {
        return PREFIX + name + ".url";
    }

    /**
     * Reads those that there are, by their names.
     *
     * @param longest a load may take
     */
    public static Map<String, DataSourceConfig> read(ConfigReader reader, Duration longest) {
        Map<String, DataSourceConfig> sources = new TreeMap<>();
        List<String> suffixes = keys().stream()
                .map(key -> key.name().substring((PREFIX + "<name>").length()))
                .toList();
        for (String name : reader.names(PREFIX, suffixes)) {
            Keys keys = new Keys(name);
            String url = reader.find(keys.url);
            if (!NAME.matcher(name).matches()) {
                reader.problem(keys.url.name(), "a key with a name of at most 64 letters, digits, _ and -");
            } else if (url == null && !reader.isSet(keys.url)) {
                reader.problem(keys.url.name(), keys.url.allowed());
            }
            // Known, though its URL is not: who names it is not at fault.
            sources.put(
                    name,
                    new DataSourceConfig(
                            url == null ? "" : url,
                            reader.find(keys.user),
                            reader.find(keys.password),
                            reader.get(keys.poolSize),
                            atMost(longest, keys.connectionTimeout, reader),
                            atMost(longest, keys.queryTimeout, reader)));
        }
        return sources;
    }

    private static Duration atMost(Duration longest, Key<Duration> key, ConfigReader reader) {
        Duration given = reader.get(key);
        if (given.compareTo(longest) <= 0) {
            return given;
        }
        if (reader.isSet(key)) {
            reader.problem(key.name(), "not longer than forebay.cache.load.timeout");
            return given;
        }
        return longest.compareTo(SHORTEST_CONNECTION_TIMEOUT) < 0 ? SHORTEST_CONNECTION_TIMEOUT : longest;
    }

    private static String checkedUrl(String text) {
        try {
            DriverManager.getDriver(text);
        } catch (SQLException e) {
            throw new IllegalArgumentException(e);
        }
        if (PASSWORD.matcher(text).matches()) {
            throw new IllegalArgumentException("a password");
        }
        return text;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DataSourceConfig[" + url + "]";
    }
}
