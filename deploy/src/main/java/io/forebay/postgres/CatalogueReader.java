package io.forebay.postgres;

import io.forebay.postgres.Catalogue.ForeignKey;
import io.forebay.postgres.Catalogue.Table;
import io.forebay.postgres.Catalogue.TableName;
import io.forebay.postgres.Catalogue.UniqueKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the catalogue of a running PostgreSQL, version 12 or newer, in one read-only transaction.
 *
 * <p>{@code pg_catalog} is asked rather than {@code information_schema}: that one hides what the user owns no right on,
 * matches constraints by names that are not unique, and knows no unique index that is not a constraint.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalogs.html">System Catalogs</a>
 */
public final class CatalogueReader {

    private static final String PREFIX = "jdbc:postgresql:";
    private static final Pattern PASSWORD = Pattern.compile("(?i).*[?&]password=.*|.*//[^/?]*@.*");

    /** Partitions are left out: what is written to them is a change of the table that is partitioned. */
    private static final String COLUMNS = """
            SELECT n.nspname, c.relname, a.attname, a.attnotnull, a.attgenerated <> ''
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY (?)
            ORDER BY c.oid, a.attnum""";

    private static final String UNIQUE_KEYS = """
            SELECT n.nspname, c.relname, i.relname, x.indisprimary, x.indpred IS NOT NULL,
              (SELECT array_agg(a.attname::text ORDER BY k.place)
               FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
               WHERE k.place <= x.indnkeyatts)
            FROM pg_catalog.pg_index x
            JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
            WHERE x.indisunique AND x.indisvalid AND x.indexprs IS NULL AND n.nspname = ANY (?)""";

    /** Constraints with a parent repeat that of the partitioned table, on the one side or the other. */
    private static final String FOREIGN_KEYS = """
            SELECT n.nspname, c.relname, f.conname, rn.nspname, r.relname,
              (SELECT array_agg(a.attname::text ORDER BY k.place)
               FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
              (SELECT array_agg(a.attname::text ORDER BY k.place)
               FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum)
            FROM pg_catalog.pg_constraint f
            JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_class r ON r.oid = f.confrelid
            JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
            WHERE f.contype = 'f' AND f.conparentid = 0 AND n.nspname = ANY (?)""";

    private static final String SCHEMAS = """
            SELECT nspname FROM pg_catalog.pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'""";

    private final String url;
    private final @Nullable String user;
    private final @Nullable String password;

    /**
     * A reader of one database; it is not connected to before it is asked.
     *
     * @param url of JDBC, without a password
     * @param user null for the driver's own
     * @param password null for none, or for what the driver finds in the password file
     * @throws CatalogueException when the URL is not one of a PostgreSQL or has a password
     */
    public CatalogueReader(String url, @Nullable String user, @Nullable String password) {
        if (PASSWORD.matcher(url).matches()) {
            throw new CatalogueException("the URL has a password, which others on this machine can see", null);
        }
        if (!url.startsWith(PREFIX)) {
            throw new CatalogueException(
                    "'" + url + "' is not the URL of a PostgreSQL, such as jdbc:postgresql://db.example.com:5432/shop",
                    null);
        }
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /**
     * Reads the tables of these schemas.
     *
     * @throws CatalogueException when the database does not answer, does not permit it, or has no such tables
     */
    public Catalogue read(List<String> schemas) {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Set<String> known = schemas(connection);
            for (String schema : schemas) {
                if (!known.contains(schema)) {
                    throw new CatalogueException(
                            "there is no schema '" + schema + "'; the database has " + String.join(", ", known), null);
                }
            }
            Map<TableName, Columns> columns = columns(connection, schemas);
            if (columns.isEmpty()) {
                throw new CatalogueException("there is no table in " + String.join(", ", schemas), null);
            }
            uniqueKeys(connection, schemas, columns);
            foreignKeys(connection, schemas, columns);
            return new Catalogue(columns.entrySet().stream()
                    .map(entry -> entry.getValue().table(entry.getKey()))
                    .toList());
        } catch (SQLException e) {
            throw new CatalogueException(reason(e), e);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "forebay");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "20");
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("readOnly", "true");
        return DriverManager.getConnection(url, properties);
    }

    private static String reason(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        String said = String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^(FATAL|ERROR): ", "");
        if (state.startsWith("08")) {
            return "the database does not answer: " + said;
        }
        if (state.startsWith("28")) {
            return "the database lets this user not in: " + said;
        }
        if (state.equals("42501")) {
            return "the database does not permit it to this user: " + said;
        }
        return "the database refuses: " + said;
    }

    private static Set<String> schemas(Connection connection) throws SQLException {
        Set<String> schemas = new TreeSet<>();
        try (PreparedStatement statement = connection.prepareStatement(SCHEMAS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                schemas.add(rows.getString(1));
            }
        }
        return schemas;
    }

    private static Map<TableName, Columns> columns(Connection connection, List<String> schemas) throws SQLException {
        Map<TableName, Columns> tables = new LinkedHashMap<>();
        each(connection, COLUMNS, schemas, row -> {
            Columns table = tables.computeIfAbsent(tableName(row, 1), name -> new Columns());
            String column = row.getString(3);
            table.columns.add(column);
            if (row.getBoolean(4)) {
                table.notNull.add(column);
            }
            if (row.getBoolean(5)) {
                table.generated.add(column);
            }
        });
        return tables;
    }

    private static void uniqueKeys(Connection connection, List<String> schemas, Map<TableName, Columns> tables)
            throws SQLException {
        each(connection, UNIQUE_KEYS, schemas, row -> {
            Columns table = tables.get(tableName(row, 1));
            if (table != null) {
                table.uniqueKeys.add(
                        new UniqueKey(row.getString(3), row.getBoolean(4), row.getBoolean(5), names(row.getArray(6))));
            }
        });
    }

    private static void foreignKeys(Connection connection, List<String> schemas, Map<TableName, Columns> tables)
            throws SQLException {
        each(connection, FOREIGN_KEYS, schemas, row -> {
            Columns table = tables.get(tableName(row, 1));
            if (table != null) {
                table.foreignKeys.add(new ForeignKey(
                        row.getString(3), names(row.getArray(6)), tableName(row, 4), names(row.getArray(7))));
            }
        });
    }

    private static void each(Connection connection, String sql, List<String> schemas, RowReader reader)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    private static TableName tableName(ResultSet row, int index) throws SQLException {
        return new TableName(row.getString(index), row.getString(index + 1));
    }

    private static List<String> names(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /** Takes what it needs of the row that the result is at. */
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** What has been read of a table so far. */
    private static final class Columns {
        private final List<String> columns = new ArrayList<>();
        private final Set<String> notNull = new HashSet<>();
        private final Set<String> generated = new HashSet<>();
        private final List<UniqueKey> uniqueKeys = new ArrayList<>();
        private final List<ForeignKey> foreignKeys = new ArrayList<>();

        Table table(TableName name) {
            return new Table(name, columns, notNull, generated, uniqueKeys, foreignKeys);
        }
    }
}
