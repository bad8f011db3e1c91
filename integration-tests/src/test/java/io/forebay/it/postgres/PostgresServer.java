package io.forebay.it.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that the tests of this JVM share. Its programs come from Maven like every other library, and it runs in a
 * process of its own on a free port, under a directory for temporary files. With the system property {@code postgres}, a JDBC
 * URL without user, it is one that is there already ({@code postgres.user}, {@code postgres.password}).
 *
 * <p>Started by root, it takes a user name space of its own, because PostgreSQL does not run as root.
 */
public final class PostgresServer {
    private static final String RUN = UUID.randomUUID().toString().substring(0, 6);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Object LOCK = new Object();
    private static @Nullable PostgresServer shared;

    private final String base;
    private final String user;
    private final String password;

    private PostgresServer(String base, String user, String password) {
        this.base = base;
        this.user = user;
        this.password = password;
    }

    /** Started by the first who asks, ended with the JVM. */
    public static PostgresServer shared() {
        synchronized (LOCK) {
            if (shared == null) {
                String outside = System.getProperty("postgres");
                shared = outside == null
                        ? embedded()
                        : new PostgresServer(
                                outside.replaceFirst("[^/]*$", ""),
                                System.getProperty("postgres.user", "postgres"),
                                System.getProperty("postgres.password", "postgres"));
            }
            return shared;
        }
    }

    private static PostgresServer embedded() {
        try {
            // It is closed by a shutdown hook of its own.
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setLocaleConfig("locale", "C")
                    .setServerConfig("max_connections", "50")
                    .start();
            return new PostgresServer("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/", "postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty database that nobody else uses. */
    public Database newDatabase() {
        String name = "t" + RUN + "_" + DATABASES.incrementAndGet();
        new Database(base + "postgres", user, password).execute("CREATE DATABASE " + name);
        return new Database(base + name, user, password);
    }

    /**
     * One database.
     *
     * @param url of JDBC
     */
    public record Database(String url, String user, String password) {

        /** The settings of a data source with this name, without those that have a default. */
        public Map<String, String> settings(String dataSource) {
            String prefix = "forebay.datasource." + dataSource;
            return Map.of(prefix + ".url", url, prefix + ".user", user, prefix + ".password", password);
        }

        /** Executes a script. */
        public void execute(String sql) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The one value that a query answers, as text. */
        public String ask(String sql) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return Objects.requireNonNullElse(rows.getString(1), "");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }
    }
}
