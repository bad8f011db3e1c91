package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.AtOnce;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.client.OwnWrites;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.keys.KeyModel.Answer;
import io.forebay.it.keys.KeyModel.Stored;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clients write and read at random, at once, by call and by topic, with lifetimes that end meanwhile; then what they saw is checked
 * against a model.
 *
 * <p>The input topic is run through the model alone: the answers of writes are compared with the model's at their offsets, reads with its state at
 * the position they answered, the changes of each key in the sync topic with what the model tells. A read has a time of its own, somewhere
 * between request and answer: what expires within that may be there or not.
 */
class ModelIT {
    private static final int CLIENTS = 6;
    private static final int OPERATIONS = 6_000;
    private static final String NAMESPACE = "model";

    /** How far the instance's idea of the brokers' time may be behind: what the quickest record took to get there. */
    private static final long CLOCK_BEHIND_MS = 250;

    private static final Duration SOON = Duration.ofSeconds(30);

    /** A write by call: its answer, and where its records are. */
    private record Written(Reply reply, Position position) {}

    /** What a read said about some keys of a partition, null for absent; where the model has something else it says so. */
    private record Read(
            int partition,
            long offset,
            long from,
            long to,
            boolean isWhole,
            Map<String, @Nullable String> found,
            List<String> differences)
            implements KeyLog.Seen<KeyModel> {
        @Override
        public void check(KeyModel model) {
            if (isWhole) {
                model.keys().keySet().stream()
                        .filter(key -> !found.containsKey(key))
                        .forEach(key -> check(model, key, null));
            }
            found.forEach((key, value) -> check(model, key, value));
        }

        private void check(KeyModel model, String key, @Nullable String value) {
            Stored stored = model.keys().get(key);
            boolean fits = value == null
                    ? stored == null || stored.expiresAt() <= to
                    : stored != null && stored.value().equals(value) && stored.expiresAt() > from - CLOCK_BEHIND_MS;
            if (!fits) {
                differences.add(key + " was read as " + value + ", model has " + stored + ", " + partition + "@"
                        + offset + " from " + from + " to " + to);
            }
        }
    }

    @Test
    void everyOutcomeAndReadIsThatOfTheLogOrder() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayStack stack = ForebayStack.start(ClusterProvider.shared());
                KeyTopics topics = new KeyTopics(stack)) {
            List<Client> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> new Client(stack.client(), topics, new Random(seed + i)))
                    .toList();
            AtOnce.run(clients);

            await("short lifetimes to be over and told").atMost(SOON).untilAsserted(() -> {
                Map<Integer, KeyModel> models = KeyLog.replay(topics, KeyModel::new, List.of());
                assertThat(told(topics)).as("seed=%d", seed).isEqualTo(told(models));
                assertThat(listed(stack.client())).as("seed=%d", seed).isEqualTo(live(models));
            });

            Map<Integer, KeyModel> models = KeyLog.replay(
                    topics,
                    KeyModel::new,
                    clients.stream().flatMap(client -> client.reads.stream()).toList());
            assertThat(clients)
                    .as("seed=%d", seed)
                    .allSatisfy(client -> assertThat(client.differences).isEmpty());
            assertThat(wrongAnswers(clients, models)).as("seed=%d", seed).isEmpty();
            assertThat(topics.deadLetters())
                    .as("seed=%d", seed)
                    .allSatisfy(letter -> assertThat(KeyTopics.header(letter, "forebay.reason"))
                            .isEqualTo("precondition_failed"));
        }
    }

    private static Map<String, List<String>> told(Map<Integer, KeyModel> models) {
        Map<String, List<String>> told = new TreeMap<>();
        models.values().forEach(model -> told.putAll(model.told()));
        return told;
    }

    private static Map<String, String> live(Map<Integer, KeyModel> models) {
        Map<String, String> live = new TreeMap<>();
        models.values().forEach(model -> model.keys().forEach((key, stored) -> live.put(key, stored.value())));
        return live;
    }

    private static Map<String, List<String>> told(KeyTopics topics) {
        Map<String, List<String>> told = new TreeMap<>();
        for (ConsumerRecord<byte[], KeyChanged> record : topics.changes()) {
            KeyChanged change = record.value();
            told.computeIfAbsent(change.getKey(), key -> new ArrayList<>())
                    .add(change.getType() + "=" + StandardCharsets.UTF_8.decode(change.getValue()));
        }
        return told;
    }

    private static Map<String, String> listed(ForebayClient client) {
        Map<String, String> listed = new TreeMap<>();
        new KeyCalls(client)
                .list(NAMESPACE, "**", 1000, null)
                .orFail()
                .records()
                .forEach(record -> listed.put(key(record), record.path("value").toString()));
        return listed;
    }

    private static List<String> wrongAnswers(List<Client> clients, Map<Integer, KeyModel> models) {
        List<String> wrong = new ArrayList<>();
        for (Client client : clients) {
            for (Written written : client.written) {
                int count = 0;
                int status = 0;
                for (Map.Entry<TopicPartition, Long> at :
                        written.position().offsets().entrySet()) {
                    Answer answer = Objects.requireNonNull(
                            Objects.requireNonNull(models.get(at.getKey().partition()), "model")
                                    .answers()
                                    .get(at.getValue()),
                            "answer");
                    count += answer.count();
                    status = Math.max(status, answer.status());
                }
                JsonNode body = written.reply().text().isEmpty() || status != 200
                        ? null
                        : written.reply().json();
                int told = body == null
                        ? 0
                        : body.path("deleted").asInt() + body.path("touched").asInt();
                if (written.reply().status() != status || told != count) {
                    wrong.add(written + ": model answers " + status + " " + count);
                }
            }
        }
        return wrong;
    }

    private static String key(JsonNode record) {
        List<String> parts = new ArrayList<>(List.of(NAMESPACE));
        record.path("key").forEach(part -> parts.add(part.asText()));
        return Path.of(parts).toString();
    }

    private static final class Client implements Callable<Client> {
        private static final int USERS = 6;
        private static final int SESSIONS = 4;

        private final ForebayClient http;
        private final KeyTopics topics;
        private final TopicSpec input;
        private final Random random;
        private final List<Written> written = new ArrayList<>();
        private final List<Read> reads = new ArrayList<>();
        private final List<String> differences = new ArrayList<>();
        private final OwnWrites own = new OwnWrites();
        private String lastTag = "\"0\"";

        Client(ForebayClient http, KeyTopics topics, Random random) {
            this.http = http;
            this.topics = topics;
            this.input = topics.input();
            this.random = random;
        }

        @Override
        public Client call() {
            for (int i = 0; i < OPERATIONS / CLIENTS; i++) {
                switch (random.nextInt(10)) {
                    case 0, 1 -> putByTopic();
                    case 2, 3 -> put();
                    case 4 -> delete();
                    case 5 -> batch();
                    case 6 -> many();
                    case 7 -> list();
                    default -> get();
                }
            }
            return this;
        }

        private String user() {
            return "users/" + random.nextInt(USERS);
        }

        private String key() {
            return user() + "/s" + random.nextInt(SESSIONS);
        }

        private @Nullable Long ttl() {
            return switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> random.nextInt(5) == 0 ? 0L : 3_600_000L;
                default -> 20L + random.nextInt(500);
            };
        }

        private void putByTopic() {
            String key = NAMESPACE + "/" + key();
            PutKey put = PutKey.newBuilder()
                    .setKey(key)
                    .setValue(ByteBuffer.wrap(value().getBytes(StandardCharsets.UTF_8)))
                    .setTtlMs(ttl())
                    .build();
            RecordMetadata appended = KeyTopics.get(topics.send(key, new KeyCommand(new PutKeys(List.of(put)))));
            own.add(appended);
        }

        private void put() {
            Long ttl = ttl();
            Call call = http.call("PUT", "/v1/keys/" + NAMESPACE + "/" + key() + (ttl == null ? "" : "?ttl_ms=" + ttl))
                    .json(value());
            if (random.nextInt(3) == 0) {
                call.header("If-None-Match", "*");
            } else if (random.nextInt(5) == 0) {
                call.header("If-Match", random.nextBoolean() ? "*" : lastTag);
            }
            Reply reply = written(call);
            lastTag = reply.header("ETag") == null ? lastTag : String.valueOf(reply.header("ETag"));
        }

        private void delete() {
            if (random.nextInt(4) == 0) {
                String match = random.nextBoolean() ? user() + "/*" : "users/*/s" + random.nextInt(SESSIONS);
                written(http.call("DELETE", "/v1/keys/" + NAMESPACE + "?match=" + match));
            } else {
                written(http.call("DELETE", "/v1/keys/" + NAMESPACE + "/" + key()));
            }
        }

        private void batch() {
            List<String> records = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                records.add("{\"key\":" + json(key()) + ",\"value\":" + value() + ",\"ttl_ms\":" + ttl() + "}");
            }
            written(http.call("POST", "/v1/keys/" + NAMESPACE)
                    .json("{\"records\":[" + String.join(",", records) + "]}"));
        }

        private void many() {
            String keys = "{\"keys\":[" + json(key()) + "," + json(key()) + "]}";
            written(http.call("POST", "/v1/keys/" + NAMESPACE + ":touch").json(keys));
        }

        private void get() {
            String key = key();
            long from = System.currentTimeMillis();
            Reply reply = http.get("/v1/keys/" + NAMESPACE + "/" + key, own.token());
            long to = System.currentTimeMillis();
            if (reply.status() != 404) {
                reply.orFail();
            }
            Map<String, @Nullable String> found = new HashMap<>();
            found.put(NAMESPACE + "/" + key, reply.isSuccess() ? reply.text() : null);
            int partition = input.partitionFor(Path.parse(NAMESPACE + "/" + key));
            reads.add(new Read(partition, offset(reply, partition), from, to, false, found, differences));
        }

        private void list() {
            long from = System.currentTimeMillis();
            Reply reply = http.get("/v1/keys/" + NAMESPACE + "?match=**&limit=1000", own.token())
                    .orFail();
            long to = System.currentTimeMillis();
            Map<Integer, Map<String, @Nullable String>> found = new TreeMap<>();
            for (int partition = 0; partition < input.partitions(); partition++) {
                found.put(partition, new HashMap<>());
            }
            reply.json().path("records").forEach(record -> {
                String key = ModelIT.key(record);
                Objects.requireNonNull(found.get(input.partitionFor(Path.parse(key))))
                        .put(key, record.path("value").toString());
            });
            found.forEach((partition, records) ->
                    reads.add(new Read(partition, offset(reply, partition), from, to, true, records, differences)));
        }

        private Reply written(Call call) {
            Reply reply = call.send();
            assertThat(reply.status()).as(reply.text()).isIn(200, 204, 412);
            written.add(new Written(reply, own.add(reply)));
            return reply;
        }

        private long offset(Reply reply, int partition) {
            return own.offset(reply, new TopicPartition(input.name(), partition));
        }

        private static String json(String key) {
            return Path.parse(key).toJson();
        }

        private String value() {
            return "\"" + Long.toHexString(random.nextLong()) + "\"";
        }
    }
}
