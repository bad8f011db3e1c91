package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.postgres.PostgresServer;
import io.forebay.it.postgres.PostgresServer.Database;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Caches that load from PostgreSQL: what its types become, one query however many ask, and what a database may not do. */
class DatabaseIT {
    private static final Path CHINOOK = Path.of("../../shared/data/chinook.sql");
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    private static @Nullable Database shop;
    private static @Nullable Database fragile;
    private static @Nullable ForebayStack stack;

    @BeforeAll
    static void start() throws IOException {
        PostgresServer server = PostgresServer.shared();
        shop = server.newDatabase();
        fragile = server.newDatabase();
        shop().execute("""
                CREATE TYPE mood AS ENUM ('glad');
                CREATE TABLE posts (id int PRIMARY KEY, author bigint, title text);
                INSERT INTO posts VALUES (1, 7, 'first'), (2, 7, 'second'), (3, 8, 'other');
                """);
        fragile().execute("CREATE TABLE posts (id int PRIMARY KEY, title text); INSERT INTO posts VALUES (1, 'first')");
        Map<String, String> settings = new TreeMap<>(Map.of("forebay.only", "keys"));
        settings.putAll(shop().settings("shop"));
        settings.putAll(shop().settings("tight"));
        settings.putAll(fragile().settings("fragile"));
        settings.putAll(Map.of(
                "forebay.datasource.shop.connection.timeout", "15s",
                "forebay.datasource.shop.query.timeout", "15s",
                "forebay.datasource.tight.pool.size", "2",
                "forebay.datasource.tight.connection.timeout", "1s",
                "forebay.datasource.tight.query.timeout", "1s",
                "forebay.datasource.fragile.connection.timeout", "500ms",
                "forebay.cache.load.timeout", "20s",
                "forebay.cache.lease", "30s",
                "forebay.cache.stale.on.error", "lenient"));
        loads(settings, "posts", "shop", "SELECT id, title FROM posts WHERE author = ? ORDER BY id");
        settings.put("forebay.cache.loader.posts.key", "by-author/*");
        settings.put("forebay.cache.loader.posts.tags", "posts, author-{2}");
        loads(settings, "shelf", "shop", "SELECT count(*) AS posts FROM posts WHERE author = ?");
        settings.put("forebay.cache.loader.shelf.tags", "author-{1}");
        settings.put("forebay.cache.tables.shelf", "posts tag author-{author}");
        loads(settings, "post", "shop", "SELECT * FROM posts WHERE id = ?");
        settings.put("forebay.cache.loader.post.rows", "first");
        loads(settings, "types", "shop", TYPES);
        settings.put("forebay.cache.loader.types.rows", "first");
        loads(settings, "moment", "shop", "SELECT clock_timestamp() AS at, pg_sleep(0.3)::text AS slept, ? AS key");
        loads(settings, "slow", "tight", "SELECT pg_sleep(30)::text, ?");
        loads(settings, "many", "shop", "SELECT generate_series(1, ?::int) AS n");
        loads(settings, "large", "shop", "SELECT repeat('x', ?::int) AS x");
        loads(settings, "writing", "shop", "DELETE FROM posts WHERE id = ? RETURNING id");
        loads(settings, "missing", "shop", "SELECT * FROM nowhere WHERE id = ?");
        loads(settings, "strict", "fragile", "SELECT title FROM posts WHERE id = ?");
        loads(settings, "lenient", "fragile", "SELECT title FROM posts WHERE id = ?");
        if (Files.exists(CHINOOK)) {
            sampleShop(settings);
        }
        stack = ForebayStack.small(ClusterProvider.shared(), settings);
    }

    private static final String TYPES = """
            SELECT 9223372036854775807 AS int8, 12345678901234567890.10::numeric AS decimal, 'NaN'::numeric AS nan,
              1e40::numeric AS large, 'Infinity'::float8 AS infinite, 0.1::float4 AS float4, true AS yes, NULL::int AS none,
              'text "x"' AS text, 'a  '::char(3) AS padded, 'glad'::mood AS mood, '1.50'::money::text AS money,
              timestamp '2026-02-03 04:05:00' AS local, timestamptz '2026-02-03 04:05:06.123456+02' AS instant,
              timestamptz 'infinity' AS never, date '2026-02-03' AS date, date '-infinity' AS before,
              time '04:05:06.5' AS time, interval '1 day 2 hours' AS span,
              '\\x00ff10'::bytea AS bytes, '{"b": 1.0,  "a":[null]}'::json AS json, '{"b":1.0,"a":[null]}'::jsonb AS jsonb,
              'd9d1a0b4-3c5e-4f9a-8b1e-0a1b2c3d4e5f'::uuid AS uuid, b'1' AS bit, '10.0.0.1'::inet AS inet,
              ARRAY[1, NULL, 3] AS ints, ARRAY[[1.10, 2], [3, 4]] AS matrix, ARRAY['a', 'b"'] AS texts,
              ARRAY[timestamptz '2026-02-03 04:05:06+02'] AS instants, ARRAY[date '2026-02-03'] AS dates,
              ARRAY['{"a":1}'::jsonb] AS documents, ARRAY['\\x00ff'::bytea] AS blobs, ARRAY[]::int[] AS empty,
              ROW(1, 'x')::text AS record
            WHERE ?::text IS NOT NULL""";

    private static void sampleShop(Map<String, String> settings) throws IOException {
        Database chinook = PostgresServer.shared().newDatabase();
        String script = Files.readString(CHINOOK);
        chinook.execute(script.substring(script.indexOf("CREATE TABLE")));
        settings.putAll(chinook.settings("chinook"));
        loads(settings, "albums", "chinook", """
                SELECT a.album_id, a.title, count(*) AS tracks, sum(t.unit_price) AS price,
                  array_agg(t.name ORDER BY t.track_id) AS names
                FROM artist r JOIN album a USING (artist_id) JOIN track t USING (album_id)
                WHERE r.name = ? GROUP BY a.album_id ORDER BY a.album_id""");
        loads(settings, "invoice", "chinook", """
                SELECT i.invoice_date, i.total, c.email, jsonb_agg(l.unit_price ORDER BY l.invoice_line_id) AS lines
                FROM invoice i JOIN customer c USING (customer_id) JOIN invoice_line l USING (invoice_id)
                WHERE i.invoice_id = ? GROUP BY i.invoice_id, c.email""");
        settings.put("forebay.cache.loader.invoice.rows", "first");
    }

    private static void loads(Map<String, String> settings, String cache, String dataSource, String sql) {
        settings.put("forebay.cache.loader." + cache + ".datasource", dataSource);
        settings.put("forebay.cache.loader." + cache + ".sql", sql);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
        THREADS.shutdownNow();
    }

    private static Database shop() {
        return Objects.requireNonNull(shop);
    }

    private static Database fragile() {
        return Objects.requireNonNull(fragile);
    }

    private static CacheCalls on(String cache) {
        return new CacheCalls(Objects.requireNonNull(stack).client(), cache);
    }

    private static Reply ask(String cache, String key) {
        return on(cache).ask(key, "60", 30);
    }

    private static String metrics() {
        return Objects.requireNonNull(stack).client().get("/metrics").text();
    }

    @Test
    void rowsAreTheValueUntilATagIsInvalidated() {
        Reply loaded = ask("posts", "by-author/8");
        shop().execute("INSERT INTO posts VALUES (4, 8, 'new')");
        Reply kept = ask("posts", "by-author/8");
        on("posts").invalidateTag("author-7").orFail();
        Reply stillKept = ask("posts", "by-author/8");
        on("posts").invalidateTag("author-8").orFail();
        Reply anew = ask("posts", "by-author/8");

        assertThat(loaded.toString()).isEqualTo("200 [{\"id\":3,\"title\":\"other\"}]");
        assertThat(loaded.header("Content-Type")).isEqualTo("application/json");
        assertThat(loaded.header("Cache-Status")).isEqualTo("forebay; fwd=miss; stored");
        assertThat(List.of(kept.text(), stillKept.text())).containsOnly(loaded.text());
        assertThat(anew.text()).isEqualTo("[{\"id\":3,\"title\":\"other\"},{\"id\":4,\"title\":\"new\"}]");
    }

    @Test
    void aCommittedRowChangeHasItLoadedAnew() {
        assertThat(ask("shelf", "100").text()).isEqualTo("[{\"posts\":0}]");
        assertThat(ask("shelf", "101").text()).isEqualTo("[{\"posts\":0}]");
        shop().execute("INSERT INTO posts VALUES (100, 100, 'new'), (101, 101, 'not told')");

        String position = changed("{\"id\":100,\"author\":100,\"title\":\"new\"}");

        // It does not wait for the load that it begins.
        assertThat(on("shelf").askAt("100", position).text()).doesNotContain("\"posts\":0");
        assertThat(on("shelf").askAt("101", position).text()).isEqualTo("[{\"posts\":0}]");
        assertThat(ask("shelf", "100").text()).isEqualTo("[{\"posts\":1}]");
    }

    /** Tells of a row of the posts that was inserted; returns the position of that. */
    private static String changed(String row) {
        ForebayStack running = Objects.requireNonNull(stack);
        RowChange change = RowChange.newBuilder()
                .setOp(RowOperation.inserted)
                .setTable("public.posts")
                .setAfter(row)
                .build();
        try (KafkaProducer<String, Object> producer = new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                running.bootstrapServers(),
                "schema.registry.url",
                running.registryUrl(),
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                KafkaAvroSerializer.class))) {
            return CapabilityTopics.position(producer.send(
                    new ProducerRecord<>(running.topics().changes().name(), "public.posts/1", change)));
        }
    }

    @Test
    void theFirstRowOrNull() {
        assertThat(ask("post", "1").text()).isEqualTo("{\"id\":1,\"author\":7,\"title\":\"first\"}");
        assertThat(ask("post", "99").toString()).isEqualTo("200 null");
        assertThat(on("post").ask("99", "60", 0).header("Cache-Status")).isEqualTo("forebay; hit");
    }

    @Test
    void everyTypeHasItsForm() {
        assertThat(ask("types", "1").text())
                .isEqualTo("{\"int8\":9223372036854775807,\"decimal\":12345678901234567890.10,\"nan\":\"NaN\","
                        + "\"large\":10000000000000000000000000000000000000000,\"infinite\":\"Infinity\",\"float4\":0.1,"
                        + "\"yes\":true,\"none\":null,\"text\":\"text \\\"x\\\"\",\"padded\":\"a  \",\"mood\":\"glad\","
                        + "\"money\":\"$1.50\",\"local\":\"2026-02-03T04:05:00\","
                        + "\"instant\":\"2026-02-03T02:05:06.123456Z\",\"never\":\"infinity\",\"date\":\"2026-02-03\","
                        + "\"before\":\"-infinity\",\"time\":\"04:05:06.5\",\"span\":\"1 day 02:00:00\","
                        + "\"bytes\":\"AP8Q\",\"json\":{\"b\": 1.0,  \"a\":[null]},\"jsonb\":{\"a\": [null], \"b\": 1.0},"
                        + "\"uuid\":\"d9d1a0b4-3c5e-4f9a-8b1e-0a1b2c3d4e5f\",\"bit\":\"1\",\"inet\":\"10.0.0.1\","
                        + "\"ints\":[1,null,3],\"matrix\":[[1.10,2],[3,4]],\"texts\":[\"a\",\"b\\\"\"],"
                        + "\"instants\":[\"2026-02-03T02:05:06Z\"],\"dates\":[\"2026-02-03\"],"
                        + "\"documents\":[{\"a\": 1}],\"blobs\":[\"AP8=\"],\"empty\":[],\"record\":\"(1,x)\"}");
    }

    @Test
    void oneQueryIsAskedForAll() {
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int reader = 0; reader < 20; reader++) {
            asked.add(CompletableFuture.supplyAsync(() -> ask("moment", "once"), THREADS));
        }

        List<String> texts = asked.stream()
                .map(reply ->
                        reply.orTimeout(60, TimeUnit.SECONDS).join().orFail().text())
                .distinct()
                .toList();
        assertThat(texts).singleElement().asString().contains("\"key\":\"once\"");
        assertThat(metrics())
                .contains("forebay_cache_loads_total{cache=\"moment\"} 1.0")
                .contains("hikaricp_connections_max{pool=\"tight\"} 2.0")
                .contains("forebay_datasource_waiting{datasource=\"tight\"}");
    }

    @Test
    void aKeyThatTheStatementIsNotForIsRefused() {
        assertThat(ask("posts", "by-title/7").code()).isEqualTo("invalid");
        assertThat(ask("posts", "by-author").code()).isEqualTo("invalid");
        assertThat(ask("posts", "by-author/7/8").code()).isEqualTo("invalid");
    }

    @Test
    void aStatementThatFailsIsAProblemWithItsStateAndNoValue() {
        Reply notANumber = ask("posts", "by-author/secret");
        Reply noTable = ask("missing", "1");

        assertThat(notANumber.status()).isEqualTo(502);
        assertThat(notANumber.code()).isEqualTo("origin_failed");
        assertThat(notANumber.text()).contains("SQLSTATE 22P02").doesNotContain("secret");
        assertThat(noTable.text()).contains("SQLSTATE 42P01");
    }

    @Test
    void aStatementCannotWrite() {
        assertThat(ask("writing", "2").text()).contains("SQLSTATE 25006");
        assertThat(shop().ask("SELECT count(*) FROM posts WHERE id = 2")).isEqualTo("1");
    }

    @Test
    void anAnswerThatIsTooLargeIsAProblem() {
        assertThat(ask("many", "100000000").text()).contains("more than 1048576 bytes");
        assertThat(ask("large", "100000000").text()).contains("more than 1048576 bytes");
        assertThat(ask("large", "1048560").status()).isEqualTo(200);
        assertThat(ask("many", "50000").json()).hasSize(50_000);
    }

    @Test
    void slowQueriesEndInTimeAndDoNotPileUp() {
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int reader = 0; reader < 30; reader++) {
            String key = "k" + reader;
            asked.add(CompletableFuture.supplyAsync(() -> ask("slow", key), THREADS));
        }

        List<String> codes = asked.stream()
                .map(reply -> reply.orTimeout(60, TimeUnit.SECONDS).join().code())
                .toList();
        assertThat(codes)
                .hasSize(30)
                .contains("origin_timeout", "overloaded")
                .isSubsetOf("origin_timeout", "overloaded");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(shop().ask("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                                        + " AND query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()"))
                                .isEqualTo("0"));
        assertThat(
                        Integer.parseInt(
                                shop().ask(
                                                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()")))
                .isLessThanOrEqualTo(2);
        assertThat(ask("post", "3").status()).isEqualTo(200);
    }

    @Test
    void aDatabaseThatIsGoneIsAProblemOrTheOlderValueUntilItIsBack() {
        for (String cache : List.of("strict", "lenient")) {
            on(cache).ask("1", "0", 20).orFail();
        }
        String name = fragile().ask("SELECT current_database()");
        shop().execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        shop().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
        try {
            Reply strict = on("strict").ask("1", "0", 20);
            assertThat(strict.status()).isEqualTo(502);
            assertThat(strict.code()).isEqualTo("origin_failed");
            Reply older = on("lenient").ask("1", "0", 20);
            assertThat(older.toString()).isEqualTo("200 [{\"title\":\"first\"}]");
            assertThat(older.header("Cache-Status")).isEqualTo("forebay; fwd=stale; detail=origin-failed");
            assertThat(on("lenient").ask("2", "0", 20).status()).isEqualTo(502);
        } finally {
            shop().execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(on("strict").ask("1", "0", 20).status()).isEqualTo(200));
    }

    /** A database of a music shop, with statements as its pages would ask them. */
    @Test
    void pagesOfAShopAreLoaded() {
        assumeTrue(Files.exists(CHINOOK), "no sample data at " + CHINOOK);
        JsonNode albums = ask("albums", "AC%2FDC").orFail().json();
        Reply invoice = ask("invoice", "1");

        assertThat(albums).hasSize(2);
        assertThat(albums.path(0).path("price").decimalValue().toPlainString()).isEqualTo("9.90");
        assertThat(albums.path(1).path("names")).hasSize(8);
        assertThat(invoice.text()).contains("\"total\":1.98,").contains("\"lines\":[0.99, 0.99]");
    }
}
