package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.keys.KeysFlow;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two instances share the partitions of one deployment: whichever is asked, the answer is the same. */
class TwoInstancesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int USERS = 20;

    @AutoClose
    private static final TwoInstances BOTH =
            TwoInstances.with(ForebayStack.start(ClusterProvider.shared()), KeysFlow.CAPABILITY);

    private static @Nullable String written;

    @BeforeAll
    static void start() {
        Position position = Position.empty();
        for (int user = 0; user < USERS; user++) {
            String path = "\"users\",\"" + user + "\"";
            String records = IntStream.range(0, 3)
                    .mapToObj(i -> "{\"key\":[" + path + ",\"" + i + "\"],\"value\":{\"n\":" + i + "}}")
                    .collect(Collectors.joining(","));
            Reply reply = (user % 2 == 0 ? first() : second())
                    .post("/v1/keys/shared", "{\"records\":[" + records + "]}")
                    .orFail();
            position = position.merge(Position.parse(Objects.requireNonNull(reply.position())));
        }
        written = position.token();
    }

    @Test
    void everyGetIsTheSame() {
        for (int user = 0; user < USERS; user++) {
            String path = KeyCalls.path("shared", "users", Integer.toString(user), "1");

            Reply one = first().get(path, written);
            Reply other = second().get(path, written);

            assertThat(one.text()).isEqualTo("{\"n\":1}");
            assertThat(other.text()).isEqualTo(one.text());
            assertThat(other.header("ETag")).isEqualTo(one.header("ETag"));
        }
    }

    @Test
    void everyListIsTheSameWholeAndInOrder() {
        for (String match : List.of("**", "users/*/2", "users/7/*", "*/x")) {
            JsonNode one = new KeyCalls(first())
                    .list("shared", match, 7, written)
                    .orFail()
                    .records();
            JsonNode other = new KeyCalls(second())
                    .list("shared", match, 11, written)
                    .orFail()
                    .records();

            assertThat(Json.differences(one, other)).as(match).isEmpty();
        }
        assertThat(new KeyCalls(second())
                        .list("shared", "**", 1000, written)
                        .orFail()
                        .records())
                .hasSize(3 * USERS);
    }

    @Test
    void severalKeysAreTheSame() {
        String keys = IntStream.range(0, USERS)
                .mapToObj("[\"users\",\"%d\",\"0\"]"::formatted)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));

        Reply one = first().call("POST", "/v1/keys/shared:get")
                .json(keys)
                .atLeast(written)
                .send();
        Reply other = second().call("POST", "/v1/keys/shared:get")
                .json(keys)
                .atLeast(written)
                .send();

        assertThat(one.orFail().json().path("records")).hasSize(USERS);
        assertThat(other.text()).isEqualTo(one.text());
    }

    @Test
    void aLifetimeIsOverForBothAtOnce() {
        String path = KeyCalls.path("shared-end", "k");
        Reply put = first().put(path + "?ttl_ms=1000", "1").orFail();
        second().get(path, put.position()).orFail();

        await("the end")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> first().get(path).status() == 404);

        assertThat(second().get(path).status()).isEqualTo(404);
    }

    @Test
    void aMatchIsDeletedWhoeverIsAsked() {
        String records = IntStream.range(0, 30)
                .mapToObj("{\"key\":[\"%d\"],\"value\":1}"::formatted)
                .collect(Collectors.joining(","));
        first().post("/v1/keys/shared-gone", "{\"records\":[" + records + "]}").orFail();

        Reply deleted = second().delete("/v1/keys/shared-gone?match=*").orFail();

        assertThat(deleted.text()).isEqualTo("{\"deleted\":30}");
        assertThat(new KeyCalls(first())
                        .list("shared-gone", "**", 10, deleted.position())
                        .orFail()
                        .records())
                .isEmpty();
    }

    @Test
    void everyStreamTellsTheSame() {
        try (EventStream one = first().stream("/v1/keys/shared-stream", null);
                EventStream other = second().stream("/v1/keys/shared-stream", null)) {
            one.until("caught-up", SOON);
            other.until("caught-up", SOON);
            for (int key = 0; key < 20; key++) {
                first().put(KeyCalls.path("shared-stream", Integer.toString(key)), "1")
                        .orFail();
            }

            assertThat(changes(other)).isEqualTo(changes(one)).hasSize(20);
        }
    }

    private static Set<String> changes(EventStream stream) {
        Set<String> changes = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            List<EventStream.Message> read = stream.until("change", SOON);
            changes.add(read.get(read.size() - 1).data());
        }
        return changes;
    }

    private static ForebayClient first() {
        return BOTH.first();
    }

    private static ForebayClient second() {
        return BOTH.second();
    }
}
