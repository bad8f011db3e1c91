package io.forebay.it.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Appends to a few streams of {@code users}, of one event or several. Some streams are contested: whoever appends to one of these says
 * which version it has, as far as any appender was told, so that appenders often say the same. To the others nothing is said.
 */
final class RandomAppends {
    private static final List<String> STREAMS = List.of("contested-0", "contested-1", "contested-2", "a", "b", "c");
    private static final int CONTESTED = 3;
    private static final int MOST_EVENTS = 4;

    private final Map<String, Integer> seen = new ConcurrentHashMap<>();

    /**
     * An append that can be repeated.
     *
     * @param expected versions by stream
     * @param byIds whether it is known by the ids of its events, else by its idempotency key
     */
    record Append(String name, Map<String, Integer> expected, boolean byIds, String body) {
        Call call(ForebayClient client) {
            Call call = client.call("POST", "/v1/events").json(body);
            return byIds ? call : call.idempotencyKey(name);
        }
    }

    /** An append and what it was answered. */
    record Answered(Append append, Reply reply) {
        boolean isRecorded() {
            return reply.isSuccess();
        }

        /** The events that it says were recorded. */
        List<JsonNode> events() {
            List<JsonNode> events = new ArrayList<>();
            if (isRecorded()) {
                reply.json().required("events").forEach(events::add);
            }
            return events;
        }

        /** Whether a later answer to the same is right. One that is known by its ids and was refused is decided again. */
        boolean isRepeatedBy(Reply later) {
            return (isRecorded() || !append.byIds())
                    ? later.status() == reply.status() && later.text().equals(reply.text())
                    : isConflict(later);
        }
    }

    /** The next one of an appender. */
    Append next(String name, Random random) {
        int count = random.nextBoolean() ? 1 : 1 + random.nextInt(MOST_EVENTS);
        boolean byIds = random.nextBoolean();
        Map<String, Integer> expected = new TreeMap<>();
        List<JsonNode> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int stream = random.nextInt(STREAMS.size());
            String instance = STREAMS.get(stream);
            if (stream < CONTESTED) {
                expected.computeIfAbsent(instance, one -> seen.getOrDefault(one, 0));
            }
            ObjectNode event = EventCalls.event("t" + random.nextInt(3), instance, i);
            event.set("data", Json.object().put("append", name).put("i", i));
            events.add(byIds ? event.put("id", name + "-" + i) : event);
        }
        List<ObjectNode> expectations = new ArrayList<>();
        expected.forEach((instance, version) -> expectations.add(EventCalls.expected(instance, version)));
        return new Append(name, expected, byIds, EventCalls.body(expectations, events.toArray(JsonNode[]::new)));
    }

    /** Whether an answer is a refusal that an append may meet. */
    static boolean isConflict(Reply reply) {
        return reply.code().equals("version_conflict");
    }

    /** Takes in what an answer says of versions. */
    void told(Answered answered) {
        answered.events().forEach(event -> told(event, "stream_version"));
        if (!answered.isRecorded()) {
            answered.reply().json().required("conflicts").forEach(conflict -> {
                assertThat(conflict.required("current_version").asInt())
                        .as("%s", answered)
                        .isGreaterThan(conflict.required("expected").asInt());
                told(conflict, "current_version");
            });
        }
    }

    private void told(JsonNode of, String member) {
        seen.merge(of.required("instance_id").asText(), of.required(member).asInt(), Math::max);
    }
}
