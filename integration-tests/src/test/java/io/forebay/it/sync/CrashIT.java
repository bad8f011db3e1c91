package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayProcess;
import io.forebay.it.stack.KilledRun;
import io.forebay.schemas.avro.RecordTold;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process, broker and all, is killed five times during a storm of changes.
 *
 * <p>Each writer has posts and comments of its own, which it inserts, edits, moves between parents and deletes, some in transactions. A
 * call that got no answer is repeated under its idempotency key until it has one. Subscribers follow a user with posts and comments, a
 * table, a column, and after each start one more follows a user. What must hold at the end: what is read is what the writers wrote, and
 * what each subscriber knows by what the topic told it is what is read; no change is told again, no unit, and each transaction comes whole.
 */
class CrashIT {
    private static final int KILLS = 5;
    private static final int WRITERS = 4;
    private static final int USERS = 4;
    private static final int WRITES_BETWEEN_KILLS = 80;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String MODEL = """
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
              posts:
                columns: [id, user_id, n]
                assocs:
                  comments: {kind: has_many, table: comments, fk: post_id}
              comments:
                columns: [id, post_id, n]
            """;

    /** Who listens, each to the rows of these users. */
    private final Map<String, Integer> followers = new LinkedHashMap<>();

    @Test
    void everySubscriberIsToldOnceOfWhatIsThere(@TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        List<String> options = new ArrayList<>(List.of("--set", "forebay.sync.transactions.wait=10m"));
        Models.setting(MODEL).forEach((name, value) -> options.addAll(List.of("--set", name + "=" + value)));
        try (ForebayProcess forebay = ForebayProcess.start(data, options.toArray(String[]::new))) {
            ForebayClient client = forebay.client();
            begin(client);
            List<KilledRun.Writer<RowStorm>> writers = new ArrayList<>();
            for (int writer = 1; writer <= WRITERS; writer++) {
                RowStorm storm = new RowStorm("w" + writer, writer * 1_000_000L, USERS, new Random(seed + writer));
                writers.add(run -> write(client, storm, run));
            }
            List<RowStorm> storms = KilledRun.of(
                    forebay,
                    KILLS,
                    WRITES_BETWEEN_KILLS,
                    new Random(seed),
                    writers,
                    () -> follow(client, "late-" + followers.size(), 1 + followers.size() % USERS));

            Map<Integer, Map<String, JsonNode>> there = new TreeMap<>();
            await("what was written to be read").atMost(SOON).untilAsserted(() -> {
                for (int user = 1; user <= USERS; user++) {
                    there.put(user, loaded(client, user));
                }
                assertThat(wronglyRead(there, storms)).as("seed=%d", seed).isEmpty();
            });
            try (ToldTopics topics = new ToldTopics(forebay)) {
                await("all of it to be told")
                        .atMost(SOON)
                        .untilAsserted(() -> assertThat(differences(listeners(topics.changes()), there))
                                .as("seed=%d", seed)
                                .isEmpty());
                List<ConsumerRecord<byte[], RecordTold>> told = topics.changes();
                Map<String, Listener> listeners = listeners(told);
                listeners.forEach((name, listener) -> {
                    assertThat(listener.wrong()).as("seed=%d %s", seed, name).isEmpty();
                    assertThat(listener.parted()).as("seed=%d %s", seed, name).isEmpty();
                    assertThat(listener.changes()).as("seed=%d %s", seed, name).isPositive();
                });
                assertThat(wrongUnits(told)).as("seed=%d", seed).isEmpty();
                assertThat(differences(listeners, there)).as("seed=%d", seed).isEmpty();
                assertThat(topics.deadLetters()).as("seed=%d", seed).isEmpty();
            }
        }
    }

    private void begin(ForebayClient client) {
        List<String> users = new ArrayList<>();
        for (int user = 1; user <= USERS; user++) {
            users.add("{\"op\":\"inserted\",\"table\":\"users\",\"row\":{\"id\":" + user + "}}");
        }
        post(client, "/v1/changes", "{\"changes\":[" + String.join(",", users) + "]}", "users");
        follow(client, "anna", 1);
        follow(client, "berta", 2);
        post(client, "/v1/subscriptions/table:add", "{\"table\":\"posts\"}", "table");
        for (String event : List.of("inserted", "updated", "deleted")) {
            post(
                    client,
                    "/v1/subscriptions/column:add",
                    "{\"watcher\":[\"posts\",\"" + event + "\"],\"id\":[\"user_id\",3]}",
                    "column-" + event);
        }
    }

    private void follow(ForebayClient client, String name, int user) {
        followers.put(name, user);
        post(
                client,
                "/v1/subscriptions/" + name + ":add",
                "{\"target\":{\"table\":\"users\",\"row\":{\"id\":" + user
                        + "}},\"assocs\":{\"posts\":{\"comments\":{}}}}",
                "follow-" + name);
    }

    private static List<RowStorm> write(ForebayClient client, RowStorm storm, KilledRun run) {
        while (!run.isOver()) {
            post(client, "/v1/changes", storm.next(), storm.idempotencyKey());
            run.acknowledged();
        }
        return List.of(storm);
    }

    private static void post(ForebayClient client, String path, String body, String key) {
        KilledRun.untilAnswered(() -> client.call("POST", path).json(body).idempotencyKey(key));
    }

    /** A fresh load of a user with posts and comments, as rows by their records. */
    private static Map<String, JsonNode> loaded(ForebayClient client, int user) {
        Map<String, JsonNode> rows = new TreeMap<>();
        collect(
                client.get("/v1/records/users/" + user + "?preload=posts.comments")
                        .orFail()
                        .json(),
                rows);
        return rows;
    }

    private static void collect(JsonNode record, Map<String, JsonNode> rows) {
        JsonNode row = record.required("row");
        rows.put(record.required("table").asText() + "/" + row.required("id").asText(), row);
        record.path("assocs").forEach(associated -> associated.forEach(below -> collect(below, rows)));
    }

    /** Rows that are not those which the writers have; a comment is read as long as its post is there. */
    private static List<String> wronglyRead(Map<Integer, Map<String, JsonNode>> there, List<RowStorm> storms) {
        Map<String, JsonNode> read = new TreeMap<>();
        there.values().forEach(read::putAll);
        read.keySet().removeIf(record -> record.startsWith("users/"));
        List<String> wrong = new ArrayList<>();
        for (RowStorm storm : storms) {
            storm.rows().forEach((record, row) -> {
                boolean isRead = !row.containsKey("post_id") || storm.rows().containsKey("posts/" + row.get("post_id"));
                JsonNode found = read.remove(record);
                if (isRead != (found != null)
                        || (found != null && !Json.sameValue(Json.parse(Json.write(row)), found))) {
                    wrong.add(record + " is " + row + ", read as " + found);
                }
            });
        }
        read.forEach((record, row) -> wrong.add(record + " is not there, read as " + row));
        return wrong;
    }

    private Map<String, Listener> listeners(List<ConsumerRecord<byte[], RecordTold>> told) {
        Map<String, Listener> listeners = new TreeMap<>();
        followers.keySet().forEach(name -> listeners.put(name, Listener.following()));
        listeners.put("table", Listener.of((message, row) -> true));
        listeners.put(
                "column", Listener.of((message, row) -> row.required("user_id").asInt() == 3));
        told.forEach(record -> {
            String name = new String(record.key(), StandardCharsets.UTF_8);
            Listener listener = listeners.get(name);
            assertThat(listener).as("who %s is", name).isNotNull();
            listener.take(record.value());
        });
        return listeners;
    }

    /** Where subscribers know other rows than a fresh load of what they listen to. */
    private List<String> differences(Map<String, Listener> listeners, Map<Integer, Map<String, JsonNode>> there) {
        Map<String, Map<String, JsonNode>> expected = new LinkedHashMap<>();
        followers.forEach((name, user) -> expected.put(name, there.getOrDefault(user, Map.of())));
        Map<String, JsonNode> posts = new TreeMap<>();
        there.values().forEach(rows -> posts.putAll(onlyPosts(rows)));
        expected.put("table", posts);
        expected.put("column", onlyPosts(there.getOrDefault(3, Map.of())));
        List<String> differences = new ArrayList<>();
        listeners.forEach((name, listener) -> {
            String difference = listener.difference(expected.getOrDefault(name, Map.of()));
            if (difference != null) {
                differences.add(name + " " + difference);
            }
        });
        return differences;
    }

    private static Map<String, JsonNode> onlyPosts(Map<String, JsonNode> rows) {
        Map<String, JsonNode> posts = new TreeMap<>(rows);
        posts.keySet().removeIf(record -> !record.startsWith("posts/"));
        return posts;
    }

    /** Messages that do not count on from the one before, units that do not ascend or are not ended. */
    private static List<String> wrongUnits(List<ConsumerRecord<byte[], RecordTold>> told) {
        Map<Integer, RecordTold> before = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (ConsumerRecord<byte[], RecordTold> record : told) {
            RecordTold message = record.value();
            RecordTold last = before.put(record.partition(), message);
            boolean begins = last == null || last.getUnitLast();
            boolean right = begins
                    ? message.getUnitIndex() == 0 && (last == null || message.getUnitOffset() > last.getUnitOffset())
                    : message.getUnitIndex() == last.getUnitIndex() + 1
                            && message.getUnitOffset() == last.getUnitOffset();
            if (!right) {
                wrong.add(record.partition() + ": " + message + " after " + last);
            }
        }
        before.values().stream().filter(last -> !last.getUnitLast()).forEach(last -> wrong.add("not ended: " + last));
        return wrong;
    }
}
