package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.keys.KeyTopics;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Row changes of any other program, and what two instances that share the partitions answer after them. */
class RowChangesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration AFTER_DEATH = Duration.ofMinutes(2);
    private static final int USERS = 20;

    private static @Nullable ForebayStack first;
    private static @Nullable ForebayStack second;
    private static @Nullable KafkaProducer<String, Object> producer;

    @BeforeAll
    static void start() {
        first = ForebayStack.small(
                ClusterProvider.shared(),
                Map.of(
                        "forebay.only", "keys",
                        "forebay.cache.lease", "1m",
                        "forebay.cache.tables.users", "users key users/{id}",
                        "forebay.cache.tables.storm", "storm key {id}",
                        "forebay.cache.tables.posts", "posts, authors"));
        second = first.another();
        producer = new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                first.bootstrapServers(),
                "schema.registry.url",
                first.registryUrl(),
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                KafkaAvroSerializer.class,
                "acks",
                "all"));
    }

    @AfterAll
    static void stop() {
        if (producer != null) {
            producer.close();
        }
        if (second != null) {
            second.close();
        }
        if (first != null) {
            first.close();
        }
    }

    private static ForebayStack stack() {
        return Objects.requireNonNull(first);
    }

    private static CacheCalls on(int instance, String cache) {
        ForebayClient client = (instance % 2 == 0 ? stack() : Objects.requireNonNull(second)).client();
        return new CacheCalls(client, cache);
    }

    private static void load(CacheCalls cache, String key) {
        cache.fill(key, CacheCalls.lease(cache.ask(key, "\"infinity\"", 0)), "1")
                .orFail();
    }

    /** Appends the change of a row, as a program would that knows the table and the key; returns its position. */
    private static String change(String table, int id) {
        RowChange change = RowChange.newBuilder()
                .setOp(RowOperation.updated)
                .setTable("public." + table)
                .setAfter("{\"id\":" + id + "}")
                .setBefore("{\"id\":" + id + "}")
                .build();
        return CapabilityTopics.position(Objects.requireNonNull(producer)
                .send(new ProducerRecord<>(stack().topics().changes().name(), change.getTable() + "/" + id, change)));
    }

    @Test
    void entriesOfARowAreGoneOnBothAtThePositionOfItsChange() {
        for (int user = 0; user < USERS; user++) {
            load(on(user, "users"), "users/" + user);
        }

        List<String> positions = new ArrayList<>();
        for (int user = 0; user < USERS; user += 2) {
            positions.add(change("users", user));
        }

        for (int user = 0; user < USERS; user += 2) {
            String position = positions.get(user / 2);
            assertThat(on(user / 2, "users").askAt("users/" + user, position).code())
                    .isEqualTo("not_cached");
            assertThat(on(user / 2 + 1, "users")
                            .askAt("users/" + (user + 1), position)
                            .text())
                    .isEqualTo("1");
        }
    }

    @Test
    void aTableTakesAWholeCacheWithIt() {
        IntStream.range(0, USERS).forEach(post -> load(on(post, "posts"), "p" + post));

        change("authors", 7);

        await("all to be gone")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(IntStream.range(0, USERS))
                        .allSatisfy(post -> assertThat(on(post + 1, "posts")
                                        .ask("p" + post, "\"infinity\"", 0)
                                        .isSuccess())
                                .isFalse()));
    }

    @Test
    void whatWasLoadedBeforeTheChangeIsNotKept() {
        String lease = CacheCalls.lease(on(0, "users").ask("users/1000", "\"infinity\"", 0));
        String position = change("users", 1000);

        String next = CacheCalls.lease(on(1, "users").askAt("users/1000", position));

        assertThat(on(0, "users").fill("users/1000", lease, "\"old\"").text()).isEqualTo("{\"kept\":false}");
        assertThat(on(0, "users").fill("users/1000", next, "\"new\"").text()).isEqualTo("{\"kept\":true}");
    }

    @Test
    void anInstanceThatIsKilledLosesNoChangeAndRepeatsNone() {
        int rows = 300;
        for (int row = 0; row < rows; row += 10) {
            load(on(row, "storm"), "" + row);
        }
        List<String> positions = new ArrayList<>();
        try (ForebayInstance killed = stack().anotherProcess()) {
            await("the third to have partitions of changes")
                    .atMost(SOON)
                    .until(() -> hasChanges(killed.client().base().getAuthority()));
            for (int row = 0; row < rows; row++) {
                positions.add(change("storm", row));
                if (row == rows / 2) {
                    killed.kill();
                }
            }
        }

        await("every change to be there").atMost(AFTER_DEATH).untilAsserted(() -> {
            for (int row = 0; row < rows; row += 10) {
                assertThat(on(row, "storm").askAt("" + row, positions.get(row)).isSuccess())
                        .as("entry of row %s", row)
                        .isFalse();
            }
        });
        assertThat(invalidated("cache%3Astorm/"))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, rows)
                        .mapToObj(row -> "cache%3Astorm/" + row)
                        .toList());
    }

    private static boolean hasChanges(String address) {
        for (var application :
                stack().client().get("/v1/topology").orFail().json().path("applications")) {
            for (var partition : application.path("partitions")) {
                if (partition.path("owner").asText().equals(address)
                        && partition.path("topic").asText().endsWith(".changes")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Keys that committed commands have invalidated, one by one. */
    private static List<String> invalidated(String prefix) {
        try (KeyTopics topics = new KeyTopics(stack())) {
            Deserializer<KeyCommand> decoder = topics.decoder();
            List<String> keys = new ArrayList<>();
            topics.commands().stream().filter(record -> record.value() != null).forEach(record -> {
                KeyCommand command = decoder.deserialize(record.topic(), record.value());
                if (command.getCommand() instanceof CacheCommand cache
                        && cache.getCommand() instanceof InvalidateKeys invalidate) {
                    keys.addAll(invalidate.getKeys());
                }
            });
            keys.removeIf(key -> !key.startsWith(prefix));
            return keys;
        }
    }
}
