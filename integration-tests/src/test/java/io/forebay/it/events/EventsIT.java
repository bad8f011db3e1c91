package io.forebay.it.events;

import static io.forebay.it.events.EventCalls.event;
import static io.forebay.it.events.EventCalls.expected;
import static io.forebay.it.events.EventCalls.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of events, each test on streams of its own. */
class EventsIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static @Nullable ForebayStack stack;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "events"));
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(stack).close();
    }

    @Test
    void anAppendAnswersWhatIsRead() {
        Reply reply = calls().append(event("created", "a", 1), event("renamed", "a", 2));
        Reply read = client().get("/v1/events/users/a", reply.position()).orFail();

        assertThat(reply.status()).isEqualTo(201);
        assertThat(read.json().required("events")).isEqualTo(reply.json().required("events"));
        assertThat(read.json().required("version").asInt()).isEqualTo(2);
        assertThat(reply.json().at("/events/1/stream_version").asInt()).isEqualTo(2);
        assertThat(reply.json().at("/events/0/metadata").toString())
                .isEqualTo("{\"domain\":\"users\",\"instance_id\":\"a\"}");
        assertThat(reply.json().at("/events/1/position").asText()).isEqualTo(reply.position());
    }

    @Test
    void aConflictTellsTheVersionThatTheStreamHas() {
        calls().append(event("x", "b", 1), event("x", "b", 2)).orFail();

        Reply conflict = calls().append(List.of(expected("b", 1), expected("b2", "none")), event("x", "b", 3));

        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.code()).isEqualTo("version_conflict");
        assertThat(conflict.json().required("conflicts").toString())
                .isEqualTo("[{\"domain\":\"users\",\"instance_id\":\"b\",\"expected\":1,\"current_version\":2}]");
        assertThat(conflict.json().at("/errors/0/field").asText()).isEqualTo("/expected/0/version");
        assertThat(numbers(calls().page("instance_id=b", conflict.position()).required("events")))
                .containsExactly(1, 2);
    }

    @Test
    void aRepeatedRequestIsAnsweredAsTheFirst() {
        String body = EventCalls.body(List.of(expected("c", "none")), event("x", "c", 1));
        Reply first = client().call("POST", "/v1/events")
                .idempotencyKey("c")
                .json(body)
                .send();
        calls().append(event("x", "c", 2)).orFail();

        Reply second = client().call("POST", "/v1/events")
                .idempotencyKey("c")
                .json(body)
                .send();

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void anAppendIsKnownByTheIdsOfItsEvents() {
        JsonNode event = event("x", "d", 1).put("id", "mine");
        Reply first = calls().append(List.of(expected("d", 0)), event);

        Reply second = calls().append(List.of(expected("d", 0)), event);
        Reply other = calls().append(event("y", "d", 1).put("id", "mine"));

        assertThat(second.text()).isEqualTo(first.text());
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("event_id_reused");
    }

    @Test
    void pagesByCursorAreNotDisturbedByAppends() {
        String position = null;
        for (int n = 1; n <= 10; n++) {
            position = calls().append(event("x", "e", n)).orFail().position();
        }
        List<Integer> read = new ArrayList<>();
        String cursor = "";
        int next = 11;
        while (next <= 15 || !cursor.isEmpty()) {
            JsonNode page = calls().page("instance_id=e&limit=3" + cursor, position);
            read.addAll(numbers(page.required("events")));
            if (next <= 15) {
                position = calls().append(event("x", "e", next), event("x", "e2", 0))
                        .orFail()
                        .position();
                next++;
            }
            cursor = page.required("next").isNull()
                    ? ""
                    : "&cursor=" + page.required("next").asText();
            assertThat(page.has("pagination")).isEqualTo(read.size() <= 3);
        }

        assertThat(read)
                .startsWith(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void pagesAsOfAPositionShowOneState() {
        calls().append(event("x", "f", 1), event("x", "f", 2)).orFail();
        String asOf = calls().append(event("x", "f", 3)).orFail().position();
        String later = calls().append(event("x", "f", 4)).orFail().position();

        JsonNode page = calls().page("instance_id=f&limit=2&as_of=" + asOf, null);
        List<JsonNode> all = calls().all("instance_id=f&limit=2&as_of=" + asOf, later);
        JsonNode stream = client().get("/v1/events/users/f?direction=backward&as_of=" + asOf)
                .orFail()
                .json();

        assertThat(page.at("/pagination/total_count").asInt()).isEqualTo(3);
        assertThat(numbers(all)).containsExactly(1, 2, 3);
        assertThat(numbers(stream.required("events"))).containsExactly(3, 2, 1);
        assertThat(stream.required("version").asInt()).isEqualTo(3);
    }

    @Test
    void aStreamIsReadByItsVersions() {
        calls().append(event("x", "g", 1), event("x", "g", 2), event("x", "g", 3))
                .orFail();

        JsonNode page = client().get("/v1/events/users/g?from_version=2&limit=1&explain=true")
                .orFail()
                .json();
        JsonNode none = client().get("/v1/events/users/nobody").orFail().json();

        assertThat(numbers(page.required("events"))).containsExactly(2);
        assertThat(page.required("next").asInt()).isEqualTo(3);
        assertThat(page.at("/explain/entries_read").asInt()).isLessThanOrEqualTo(2);
        assertThat(none.toString()).isEqualTo("{\"events\":[],\"version\":0,\"next\":null}");
    }

    @Test
    void aStreamTellsWhatIsThereAndThenWhatIsAppended() {
        calls().append(event("x", "h", 1), event("x", "h2", 2)).orFail();
        try (EventStream one = client().stream("/v1/events/users/h", null);
                EventStream type = client().stream("/v1/events?type=rare&start=now", null)) {
            List<Integer> snapshot = snapshot(one);
            type.until("caught-up", SOON);
            calls().append(event("x", "h2", 3), event("rare", "h2", 4), event("x", "h", 5), event("x", "h", 6))
                    .orFail();

            assertThat(snapshot).containsExactly(1);
            assertThat(List.of(next(one), next(one))).containsExactly(5, 6);
            assertThat(next(type)).isEqualTo(4);
        }
    }

    @Test
    void aStreamGoesOnWhereItWasCut() {
        String lastEventId;
        try (EventStream stream = client().stream("/v1/events/users/i", null)) {
            stream.until("caught-up", SOON);
            calls().append(event("x", "i", 1)).orFail();
            assertThat(next(stream)).isEqualTo(1);
            lastEventId = stream.lastEventId();
        }
        calls().append(event("x", "i", 2)).orFail();
        try (EventStream stream = client().stream("/v1/events/users/i", lastEventId)) {
            assertThat(next(stream)).isEqualTo(2);
        }
    }

    /** A page has 500 events, an append 70: the first page ends in the middle of one. */
    @Test
    void aStreamGoesOnInTheMiddleOfItsSnapshot() {
        List<Integer> expected = IntStream.range(0, 15 * 70).boxed().toList();
        for (int n = 0; n < expected.size(); n += 70) {
            JsonNode[] some = IntStream.range(n, n + 70)
                    .mapToObj(i -> event("cut", "l" + i % 2, i))
                    .toArray(JsonNode[]::new);
            calls().append(some).orFail();
        }
        String lastEventId;
        List<Integer> told = new ArrayList<>();
        try (EventStream stream = client().stream("/v1/events?type=cut", null)) {
            Message first = stream.next(SOON);
            told.addAll(numbers(first.json().path("events")));
            lastEventId = first.id();
        }
        int beforeCut = told.size();
        try (EventStream stream = client().stream("/v1/events?type=cut", lastEventId)) {
            while (told.size() < expected.size()) {
                told.add(next(stream));
            }
        }

        assertThat(beforeCut).isEqualTo(500);
        assertThat(told).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/events/NAME/NAME?",
                "/v1/events?domain=NAME&",
                "/v1/events?type=NAME&",
                "/v1/events?instance_id=NAME&",
                "/v1/events?type=NAME&domain=NAME&instance_id=NAME&",
                "/v1/events?"
            })
    void aStreamOfAnythingBeginsWhereItIsAskedTo(String form) {
        String name = UUID.randomUUID().toString();
        String url = form.replace("NAME", name);
        String position = calls().append(event(name, name, 1).put("domain", name))
                .orFail()
                .position();
        calls().append(event(name, name, 2).put("domain", name)).orFail();
        try (EventStream whole = client().stream(url + "start=snapshot", null);
                EventStream now = client().stream(url + "start=now", null);
                EventStream after = client().stream(url + "start=" + position, null)) {
            List<Integer> snapshot = snapshot(whole);
            now.until("caught-up", SOON);
            calls().append(event(name, name, 3).put("domain", name)).orFail();

            assertThat(snapshot).endsWith(1, 2);
            assertThat(next(whole)).isEqualTo(3);
            assertThat(List.of(next(after), next(after))).containsExactly(2, 3);
            // What was answered a moment ago may be told after it.
            List<Integer> told = new ArrayList<>();
            do {
                told.add(next(now));
            } while (told.get(told.size() - 1) < 3);
            assertThat(List.of(1, 2, 3)).endsWith(told.toArray(Integer[]::new));
        }
    }

    @Test
    void aStreamOfAnythingElseIsNotDisturbed() {
        try (EventStream stream = client().stream("/v1/events?type=quiet&domain=users&start=now", null)) {
            stream.until("caught-up", SOON);
            calls().append(event("loud", "n", 1), event("quiet", "n", 2).put("domain", "others"))
                    .orFail();
            calls().append(event("quiet", "n", 3)).orFail();

            assertThat(next(stream)).isEqualTo(3);
        }
    }

    @Test
    void aStreamStartsAfterAPosition() {
        String position = calls().append(event("x", "j", 1)).orFail().position();
        calls().append(event("x", "j", 2), event("x", "j", 3)).orFail();

        try (EventStream stream = client().stream("/v1/events/users/j?start=" + position, null)) {
            assertThat(List.of(next(stream), next(stream))).containsExactly(2, 3);
        }
    }

    @Test
    void snapshotAndChangesJoinWithoutGapOrOverlapUnderAppends() {
        int events = 150;
        CompletableFuture<Void> appends = CompletableFuture.runAsync(() -> {
            for (int n = 1; n <= events; n++) {
                calls().append(event("x", "k", n)).orFail();
            }
        });
        List<Integer> told;
        try (EventStream stream = client().stream("/v1/events?instance_id=k", null)) {
            told = new ArrayList<>(snapshot(stream));
            while (told.size() < events) {
                told.add(next(stream));
            }
        }
        appends.join();

        List<Integer> expected = new ArrayList<>();
        for (int n = 1; n <= events; n++) {
            expected.add(n);
        }
        assertThat(told).isEqualTo(expected);
    }

    private static List<Integer> snapshot(EventStream stream) {
        List<Integer> numbers = new ArrayList<>();
        for (Message message : stream.until("caught-up", SOON)) {
            numbers.addAll(numbers(message.json().path("events")));
        }
        return numbers;
    }

    private static int next(EventStream stream) {
        List<Message> read = stream.until("change", SOON);
        return read.get(read.size() - 1).json().at("/data/n").asInt();
    }

    private static EventCalls calls() {
        return new EventCalls(client());
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }
}
