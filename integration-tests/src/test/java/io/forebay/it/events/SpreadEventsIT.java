package io.forebay.it.events;

import static io.forebay.it.events.EventCalls.event;
import static io.forebay.it.events.EventCalls.expected;
import static io.forebay.it.events.EventCalls.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.app.StartException;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Events whose streams are spread over partitions. */
class SpreadEventsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PARTITIONS = 2;

    private static @Nullable ForebayStack stack;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(
                ClusterProvider.shared(), Map.of("forebay.only", "events", "forebay.events.order", "stream"));
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(stack).close();
    }

    @Test
    void anAppendToSeveralPartitionsIsAnsweredInItsOrderAndReadWhole() {
        JsonNode[] events = IntStream.rangeClosed(1, 10)
                .mapToObj(n -> event("batch", instance("a", n % PARTITIONS), n))
                .toArray(JsonNode[]::new);

        Reply reply = calls().append(events).orFail();
        JsonNode page = calls().page("type=batch", reply.position());

        assertThat(numbers(reply.json().required("events"))).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(Position.parse(String.valueOf(reply.position())).offsets()).hasSize(PARTITIONS);
        assertThat(numbers(page.required("events")))
                .hasSize(10)
                .containsSubsequence(1, 3, 5, 7, 9)
                .containsSubsequence(2, 4, 6, 8, 10);
        assertThat(page.at("/pagination/total_count").asInt()).isEqualTo(10);
    }

    @Test
    void aConditionHoldsWithinAPartition() {
        Reply across = calls().append(List.of(expected(instance("b", 0), "none")), event("x", instance("b", 1), 1));
        Reply within = calls().append(List.of(expected(instance("b", 0), "none")), event("x", instance("b", 0), 2));

        assertThat(across.status()).isEqualTo(400);
        assertThat(across.code()).isEqualTo("cross_partition_condition");
        assertThat(within.status()).isEqualTo(201);
    }

    @Test
    void aRefusalOfAPartitionNamesTheEventsOfTheAppend() {
        JsonNode recorded = event("x", instance("r", 1), 1).put("id", "r");
        calls().append(recorded).orFail();

        Reply refused = calls().append(
                        event("x", instance("r", 0), 2).put("id", "r2"),
                        event("x", instance("r", 1), 3).put("id", "r3"),
                        recorded);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("/events/2/id");
    }

    @Test
    void everythingIsPagedThroughOnceWhileItGrows() {
        for (int n = 1; n <= 20; n++) {
            calls().append(event("paged", instance("c", n % PARTITIONS), n)).orFail();
        }
        List<Integer> read = new ArrayList<>();
        String cursor = "";
        int more = 21;
        do {
            JsonNode page = calls().page("type=paged&limit=4" + cursor, null);
            read.addAll(numbers(page.required("events")));
            cursor = page.required("next").isNull()
                    ? ""
                    : "&cursor=" + page.required("next").asText();
            if (more <= 24) {
                calls().append(event("paged", instance("c", more % PARTITIONS), more))
                        .orFail();
                more++;
            }
        } while (!cursor.isEmpty());

        assertThat(read)
                .doesNotHaveDuplicates()
                .containsAll(IntStream.rangeClosed(1, 20).boxed().toList());
    }

    @Test
    void pagesBackwardEndAtTheBeginning() {
        for (int n = 1; n <= 9; n++) {
            calls().append(event("back", instance("d", n % PARTITIONS), n)).orFail();
        }

        List<Integer> read = numbers(calls().all("type=back&limit=2&direction=backward", null));

        assertThat(read).hasSize(9).containsSubsequence(9, 7, 5, 3, 1).containsSubsequence(8, 6, 4, 2);
    }

    @Test
    void aStreamOverPartitionsTellsEachOfThem() {
        calls().append(event("told", instance("e", 0), 1), event("told", instance("e", 1), 2))
                .orFail();
        List<Integer> told = new ArrayList<>();
        try (EventStream stream = client().stream("/v1/events?type=told", null)) {
            for (EventStream.Message message : stream.until("caught-up", SOON)) {
                told.addAll(numbers(message.json().path("events")));
            }
            calls().append(event("told", instance("e", 1), 3), event("told", instance("e", 0), 4))
                    .orFail();
            while (told.size() < 4) {
                List<EventStream.Message> read = stream.until("change", SOON);
                told.add(read.get(read.size() - 1).json().at("/data/n").asInt());
            }
        }

        assertThat(told).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void theOrderCannotBeChanged() {
        ForebayStack running = Objects.requireNonNull(stack);
        Map<String, String> changed =
                Map.of("forebay.topics.prefix", running.topics().settings().prefix(), "forebay.events.order", "global");
        TestCluster cluster = ClusterProvider.shared();

        assertThatThrownBy(() -> ForebayStack.small(cluster, changed))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("partitions is 2, expected 1")
                .hasMessageContaining("forebay.events.order");
    }

    /** An instance of users whose stream is on a partition. */
    private static String instance(String name, int partition) {
        ForebayStack running = Objects.requireNonNull(stack);
        for (int i = 0; ; i++) {
            if (running.topics().events().partitionFor(Path.of("users", name + i)) == partition) {
                return name + i;
            }
        }
    }

    private static EventCalls calls() {
        return new EventCalls(client());
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }
}
