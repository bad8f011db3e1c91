package io.forebay.it.events;

import static io.forebay.it.events.EventCalls.event;
import static io.forebay.it.events.EventCalls.expected;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An instance that starts where another one has ended, with nothing on its disk, gives the same answers to the letter. */
class RestoreIT {
    private static final int APPENDS = 60;
    private static final int COMBINATIONS = 32;

    /** What is repeated: bodies by idempotency key; those with ids are known by them. */
    private static final Map<String, String> REPEATED = Map.of(
            "recorded",
            EventCalls.body(List.of(), event("x", "i1", 21)),
            "refused",
            EventCalls.body(List.of(expected("i0", 99)), event("x", "i0", 0)),
            "by-ids",
            EventCalls.body(
                    List.of(expected("new", "none")), event("x", "new", 22).put("id", "mine")));

    @ParameterizedTest
    @ValueSource(strings = {"global", "stream"})
    void anEmptyDiskIsRestoredToTheSameAnswers(String order) {
        ForebayStack first = ForebayStack.small(
                ClusterProvider.shared(), Map.of("forebay.only", "events", "forebay.events.order", order));
        String position;
        List<String> queries;
        Map<String, String> before;
        try (first) {
            position = append(first);
            queries = queries(first, position, order.equals("global"));
            before = answers(first, position, queries);
        }
        try (ForebayStack restored = first.another()) {
            Map<String, String> after = answers(restored, position, queries);
            Reply next = new EventCalls(restored.client())
                    .append(event("x", "new", 23), event("x", "new", 24))
                    .orFail();

            assertThat(after).isEqualTo(before);
            assertThat(next.json().at("/events/1/stream_version").asInt()).isEqualTo(3);
        }
    }

    /** Appends of one event and of several, some of it bytes; answers the position after them. */
    private static String append(ForebayStack stack) {
        EventCalls calls = new EventCalls(stack.client());
        String position = null;
        for (int n = 0; n < APPENDS; n++) {
            ObjectNode bytes = event("t" + n % 2, "i" + n % 3, n).put("data_base64", "AAEC");
            bytes.put("content_type", "image/png").remove("data");
            JsonNode[] events = n % 4 == 0
                    ? new JsonNode[] {in("teams", bytes), event("t2", "i" + n % 5, n)}
                    : new JsonNode[] {in(n % 2 == 0 ? "users" : "teams", event("t" + n % 3, "i" + n % 4, n))};
            position = calls.append(events).orFail().position();
        }
        repeat(stack);
        return Objects.requireNonNull(position);
    }

    private static ObjectNode in(String domain, ObjectNode event) {
        event.set("metadata", Json.object().put("by", "somebody"));
        return event.put("domain", domain);
    }

    /** Every combination of members in both directions, pages after the first, and streams by version. */
    private static List<String> queries(ForebayStack stack, String position, boolean byOffset) {
        List<JsonNode> all = new EventCalls(stack.client()).all("limit=50", position);
        JsonNode sample = all.get(all.size() / 3);
        List<String> members = List.of(
                member("type", sample, "type"),
                member("domain", sample, "domain"),
                member("instance_id", sample, "instance_id"),
                member("from", sample, "inserted_at"),
                member("to", all.get(all.size() / 2), "inserted_at"));
        String asOf = all.get(all.size() / 4).required("position").asText();
        List<String> queries = new ArrayList<>();
        for (int combination = 0; combination < COMBINATIONS; combination++) {
            StringBuilder asked = new StringBuilder("/v1/events?limit=7&explain=true");
            for (int i = 0; i < members.size(); i++) {
                asked.append((combination & 1 << i) == 0 ? "" : members.get(i));
            }
            queries.add(asked.toString());
            queries.add(asked + "&direction=backward");
            queries.add(asked + "&as_of=" + asOf);
            if (byOffset) {
                queries.add(asked + "&offset=3");
            }
            String next = next(stack, asked.toString(), position);
            queries.add(asked + (next == null ? "" : "&cursor=" + next));
        }
        for (String stream : List.of("users/i0", "teams/i1", "users/i3", "teams/nobody")) {
            String path = "/v1/events/" + stream + "?explain=true&limit=3";
            queries.add(path);
            queries.add(path + "&from_version=2");
            queries.add(path + "&direction=backward");
            queries.add(path + "&as_of=" + asOf);
        }
        return queries;
    }

    private static String member(String name, JsonNode event, String from) {
        return "&" + name + "=" + ForebayClient.encode(event.required(from).asText());
    }

    private static @Nullable String next(ForebayStack stack, String query, String position) {
        JsonNode next = stack.client().get(query, position).orFail().json().required("next");
        return next.isNull() ? null : next.asText();
    }

    private static Map<String, String> answers(ForebayStack stack, String position, List<String> queries) {
        Map<String, String> answers = new LinkedHashMap<>();
        queries.forEach(query ->
                answers.put(query, stack.client().get(query, position).orFail().text()));
        answers.putAll(repeat(stack));
        return answers;
    }

    private static Map<String, String> repeat(ForebayStack stack) {
        Map<String, String> answers = new LinkedHashMap<>();
        REPEATED.forEach((key, body) -> {
            ForebayClient.Call call = stack.client().call("POST", "/v1/events").json(body);
            answers.put(
                    key,
                    (key.equals("by-ids") ? call : call.idempotencyKey(key))
                            .send()
                            .toString());
        });
        return answers;
    }
}
