package io.forebay.cache.loader.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.LoadFailedException.Reason;
import io.forebay.cache.loader.Loaded;
import io.forebay.cache.loader.sql.SqlQuery.Parameter;
import io.forebay.cache.loader.sql.SqlQuery.Rows;
import io.forebay.schemas.path.PathMatch;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What statements answer, and what they may not do to the instance. */
class SqlLoaderTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String URL = "jdbc:h2:mem:loader";
    private static final int MOST_BYTES = 2_000;
    private static final String ENDLESS =
            "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) A, SYSTEM_RANGE(1, 1000000) B WHERE A.X + B.X < 0";

    private static Connection kept;

    private static final Database USUAL = database(LONG, LONG);

    private Database database = USUAL;

    @BeforeAll
    static void fill() throws SQLException {
        kept = DriverManager.getConnection(URL);
        try (Statement statement = kept.createStatement()) {
            statement.execute("CREATE TABLE posts (id INT, author INT, title VARCHAR)");
            statement.execute("INSERT INTO posts VALUES (1, 7, 'first'), (2, 7, 'it''s'), (3, 8, NULL)");
        }
    }

    @AfterAll
    static void empty() throws SQLException {
        USUAL.close();
        kept.close();
    }

    @AfterEach
    void close() {
        if (database != USUAL) {
            database.close();
        }
    }

    private static Database database(Duration connectionTimeout, Duration queryTimeout) {
        return new Database(
                "h2", new DataSourceConfig(URL, null, null, 1, connectionTimeout, queryTimeout), MOST_BYTES, null);
    }

    private SqlLoader loader(String sql, Rows rows) {
        PathMatch key = SqlQuery.keysFor(SqlQuery.parametersOf(sql));
        List<Parameter> parameters = SqlQuery.parametersOf(sql) == 0 ? List.of() : SqlQuery.parametersFor(key);
        return new SqlLoader(database, new SqlQuery("h2", sql, key, parameters, rows));
    }

    private CompletableFuture<Loaded> begin(String sql, String... parts) {
        return loader(sql, Rows.LIST).load(List.of(parts));
    }

    private static String text(Loaded loaded) {
        return new String(loaded.value(), StandardCharsets.UTF_8);
    }

    private String list(String sql, String... parts) {
        return text(begin(sql, parts).join());
    }

    private String first(String sql, String... parts) {
        return text(loader(sql, Rows.FIRST).load(List.of(parts)).join());
    }

    private static LoadFailedException failure(CompletableFuture<Loaded> loading) {
        CompletionException failed = catchThrowableOfType(CompletionException.class, loading::join);
        return (LoadFailedException) Objects.requireNonNull(failed.getCause());
    }

    @Test
    void rowsAreAListOfObjects() {
        Loaded loaded = begin("SELECT id AS \"id\", title AS \"title\" FROM posts WHERE author = ? ORDER BY id", "7")
                .join();

        assertThat(text(loaded)).isEqualTo("[{\"id\":1,\"title\":\"first\"},{\"id\":2,\"title\":\"it's\"}]");
        assertThat(loaded.contentType()).isEqualTo("application/json");
        assertThat(list("SELECT * FROM posts WHERE author = ?", "9")).isEqualTo("[]");
    }

    @Test
    void theFirstRowIsAnObjectOrNull() {
        assertThat(first("SELECT title AS \"t\" FROM posts WHERE author = ? ORDER BY id", "7"))
                .isEqualTo("{\"t\":\"first\"}");
        assertThat(first("SELECT title AS \"t\" FROM posts WHERE id = ?", "3")).isEqualTo("{\"t\":null}");
        assertThat(first("SELECT title FROM posts WHERE id = ?", "9")).isEqualTo("null");
    }

    @Test
    void partsOfTheKeyAreBoundAndNeverText() {
        String hostile = "x' OR '1'='1";
        assertThat(list("SELECT id FROM posts WHERE title = ?", hostile)).isEqualTo("[]");
        assertThat(first("SELECT ? AS \"a\"", hostile)).isEqualTo("{\"a\":\"" + hostile + "\"}");
    }

    @Test
    void aParameterMayBeAnyPartOrTheWholeKey() {
        SqlQuery query = new SqlQuery(
                "h2",
                "SELECT ? AS \"a\", ? AS \"b\", ? AS \"c\"",
                PathMatch.parse("by/*/**"),
                List.of(new Parameter(2), Parameter.KEY, new Parameter(2)),
                Rows.FIRST);
        SqlLoader loader = new SqlLoader(database, query);

        assertThat(text(loader.load(List.of("by", "\"", "c")).join()))
                .isEqualTo("{\"a\":\"\\\"\",\"b\":\"[\\\"by\\\",\\\"\\\\\\\"\\\",\\\"c\\\"]\",\"c\":\"\\\"\"}");
        assertThat(loader.unfit(List.of("to", "x"))).isEqualTo("meets by/*/**, which is what the cache loads");
        assertThat(loader.unfit(List.of("by", ""))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CAST(9223372036854775807 AS BIGINT) | 9223372036854775807",
                "CAST(0.10 AS NUMERIC(40, 2)) | 0.10",
                "CAST(-1234567890123456789012345678.90 AS NUMERIC(40, 2)) | -1234567890123456789012345678.90",
                "CAST(1E30 AS NUMERIC(40, 0)) | 1000000000000000000000000000000",
                "CAST(0.1 AS DOUBLE PRECISION) | 0.1",
                "CAST('NaN' AS DOUBLE PRECISION) | \"NaN\"",
                "CAST('-Infinity' AS REAL) | \"-Infinity\"",
                "TRUE | true",
                "CAST(NULL AS TIMESTAMP) | null",
                "CAST(NULL AS BOOLEAN) | null",
                "CAST(NULL AS VARBINARY) | null",
                "CAST(NULL AS INT ARRAY) | null",
                "TIMESTAMP '2026-02-03 04:05:00' | \"2026-02-03T04:05:00\"",
                "TIMESTAMP '2026-02-03 04:05:06.123456' | \"2026-02-03T04:05:06.123456\"",
                "TIMESTAMP WITH TIME ZONE '2026-02-03 04:05:06+02:00' | \"2026-02-03T02:05:06Z\"",
                "DATE '2026-02-03' | \"2026-02-03\"",
                "TIME '04:05:06' | \"04:05:06\"",
                "X'00ff10' | \"AP8Q\"",
                "JSON '{\"a\":[1.0,null]}' | {\"a\":[1.0,null]}",
                "CAST('d9d1a0b4-3c5e-4f9a-8b1e-0a1b2c3d4e5f' AS UUID) | \"d9d1a0b4-3c5e-4f9a-8b1e-0a1b2c3d4e5f\"",
                "ARRAY[1, NULL, 3] | [1,null,3]",
                "ARRAY[ARRAY[DATE '2026-02-03'], ARRAY[NULL]] | [[\"2026-02-03\"],[null]]"
            })
    void everyTypeHasItsForm(String expression, String json) {
        assertThat(first("SELECT " + expression + " AS \"a\"")).isEqualTo("{\"a\":" + json + "}");
    }

    @Test
    void anAnswerThatIsTooLargeIsAFailure() {
        assertThat(failure(begin("SELECT X FROM SYSTEM_RANGE(1, 1000000000)")).detail())
                .isEqualTo("the database's answer has more than 2000 bytes");
        assertThat(failure(begin("SELECT REPEAT('x', 2000) AS A")).reason()).isEqualTo(Reason.FAILED);
        assertThat(list("SELECT REPEAT('x', 1990) AS A")).hasSize(MOST_BYTES);
    }

    @Test
    void whatIsNoQueryIsAFailure() {
        assertThat(failure(begin("SELEC 1")).detail())
                .isEqualTo("the database did not answer the statement, SQLSTATE 42001");
        assertThat(failure(begin("SELECT id FROM posts WHERE id = ?", "x")).detail())
                .isEqualTo("the database did not answer the statement, SQLSTATE 22018");
        assertThat(failure(begin("SELECT 1 AS A, 2 AS A")).detail())
                .isEqualTo("two columns of the statement have one name");
        assertThat(failure(begin("SET @X = 1")).reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void aQueryThatTakesTooLongIsCancelled() {
        database = database(LONG, Duration.ofMillis(50));

        assertThat(failure(begin(ENDLESS)).reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(list("SELECT 1 AS A")).isEqualTo("[{\"A\":1}]");
    }

    @Test
    void aLoadThatIsGivenUpGivesItsConnectionBack() {
        database = database(LONG, LONG);
        CompletableFuture<Loaded> endless = begin(ENDLESS);
        await().until(() -> database.waiting() == 0);

        endless.cancel(true);

        assertThat(list("SELECT 1 AS A")).isEqualTo("[{\"A\":1}]");
    }

    @Test
    void loadsBeyondThePoolWaitAndNotForEver() {
        database = database(Duration.ofMillis(250), LONG);
        list("SELECT 1 AS A");
        CompletableFuture<Loaded> endless = begin(ENDLESS);

        CompletableFuture<Loaded> given = begin("SELECT 1 AS A");
        LoadFailedException waited = failure(begin("SELECT 2 AS A"));

        assertThat(waited.reason()).isEqualTo(Reason.OVERLOADED);
        assertThat(failure(given).detail()).isEqualTo("no connection to the database came free in time");
        assertThat(database.waiting()).isZero();
        endless.cancel(true);
    }
}
