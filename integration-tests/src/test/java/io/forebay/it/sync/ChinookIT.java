package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.forebay.it.client.AtOnce;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.postgres.PostgresServer;
import io.forebay.it.postgres.PostgresServer.Database;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.position.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sample shop told row by row, in any order of its tables: every record with what associations lead to is what SQL answers on the
 * database that it came from, whichever of two instances is asked.
 */
class ChinookIT {
    private static final Path SCRIPT = Path.of("../../shared/data/chinook.sql");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final int CLIENTS = 8;
    private static final Duration TAKEN_IN = Duration.ofMinutes(2);

    private static @Nullable Database database;
    private static @Nullable TwoInstances instances;
    private static Position position = Position.empty();

    @BeforeAll
    static void tell() throws Exception {
        assumeTrue(Files.exists(SCRIPT), () -> "not there: " + SCRIPT);
        Database shop = PostgresServer.shared().newDatabase();
        String script = Files.readString(SCRIPT);
        shop.execute(script.substring(script.indexOf("CREATE TABLE")));
        database = shop;
        Map<String, String> settings = new HashMap<>(Models.setting(Chinook.model()));
        settings.put("forebay.only", "sync");
        settings.put("forebay.sync.preload.max.rows", "100000");
        ForebayStack first = ForebayStack.small(ClusterProvider.shared(), settings);
        instances = TwoInstances.with(first, "sync");
        try (ChangeTopics topics = new ChangeTopics(first)) {
            position = tell(topics, changes(shop));
        }
        await().atMost(TAKEN_IN).until(ChinookIT::isTakenIn);
    }

    /** A read waits for its position as long as a caller does, which may be less than so many rows at once take. */
    private static boolean isTakenIn() {
        ForebayClient client = Objects.requireNonNull(instances).first();
        return client.get("/v1/records/playlist/1?preload=tracks", position.token())
                .isSuccess();
    }

    private record Told(String key, RowChange change) {}

    private static List<Told> changes(Database shop) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("order of the rows: seed " + seed);
        List<Told> changes = new ArrayList<>();
        for (Map.Entry<String, List<String>> table : Chinook.TABLES.entrySet()) {
            for (JsonNode row : JSON.readTree(shop.ask("SELECT json_agg(t) FROM " + table.getKey() + " t"))) {
                changes.add(new Told(
                        recordOf(table.getKey(), row),
                        RowChange.newBuilder()
                                .setOp(RowOperation.inserted)
                                .setTable(table.getKey())
                                .setAfter(JSON.writeValueAsString(row))
                                .build()));
            }
        }
        Collections.shuffle(changes, new Random(seed));
        return changes;
    }

    private static String recordOf(String table, JsonNode row) {
        List<String> parts = new ArrayList<>(List.of(table));
        Objects.requireNonNull(Chinook.TABLES.get(table))
                .forEach(column -> parts.add(row.path(column).asText()));
        return io.forebay.schemas.path.Path.of(parts).toString();
    }

    private static Position tell(ChangeTopics topics, List<Told> changes) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        changes.forEach(told -> sent.add(topics.send(told.key(), told.change())));
        Position all = Position.empty();
        for (Future<RecordMetadata> one : sent) {
            RecordMetadata at = ChangeTopics.get(one);
            all = all.merge(Position.of(at.topic(), at.partition(), at.offset()));
        }
        return all;
    }

    @AfterAll
    static void stop() {
        if (instances != null) {
            instances.close();
        }
    }

    static List<String> tables() {
        return List.copyOf(Chinook.TABLES.keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void everyRecordIsWhatSqlAnswers(String table) throws Exception {
        String preload = Objects.requireNonNull(Chinook.PRELOADS.get(table));
        Map<String, JsonNode> expected = new LinkedHashMap<>();
        for (JsonNode record : JSON.readTree(Objects.requireNonNull(database).ask(Chinook.records(table, preload)))) {
            expected.put(recordOf(table, record.path("row")), record);
        }

        Map<String, JsonNode> answered = read(List.copyOf(expected.keySet()), preload);

        assertThat(expected).isNotEmpty();
        expected.forEach(
                (record, value) -> assertThat(answered.get(record)).as(record).isEqualTo(value));
    }

    private static Map<String, JsonNode> read(List<String> records, String preload) throws Exception {
        TwoInstances both = Objects.requireNonNull(instances);
        List<Callable<Map<String, JsonNode>>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int from = i;
            ForebayClient client = i % 2 == 0 ? both.first() : both.second();
            clients.add(() -> {
                Map<String, JsonNode> read = new HashMap<>();
                for (int at = from; at < records.size(); at += CLIENTS) {
                    String target = "/v1/records/" + records.get(at) + "?preload=" + preload;
                    read.put(
                            records.get(at),
                            JSON.readTree(client.get(target, position.token())
                                    .orFail()
                                    .text()));
                }
                return read;
            });
        }
        Map<String, JsonNode> all = new HashMap<>();
        AtOnce.run(clients).forEach(all::putAll);
        return all;
    }
}
