package io.forebay.it.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The calls of events. */
public final class EventCalls {
    private final ForebayClient client;

    public EventCalls(ForebayClient client) {
        this.client = client;
    }

    /** An event of {@code users} with a number as its data. */
    public static ObjectNode event(String type, String instance, int n) {
        ObjectNode event =
                Json.object().put("type", type).put("domain", "users").put("instance_id", instance);
        event.set("data", Json.object().put("n", n));
        return event;
    }

    /** What is expected of a stream of {@code users}: a version or a condition. */
    public static ObjectNode expected(String instance, Object version) {
        ObjectNode expected = Json.object().put("domain", "users").put("instance_id", instance);
        return version instanceof Integer number
                ? expected.put("version", number)
                : expected.put("version", version.toString());
    }

    public Reply append(JsonNode... events) {
        return append(List.of(), events);
    }

    public Reply append(List<ObjectNode> expected, JsonNode... events) {
        return client.post("/v1/events", body(expected, events));
    }

    static String body(List<ObjectNode> expected, JsonNode... events) {
        ArrayNode all = Json.array();
        for (JsonNode event : events) {
            all.add(event);
        }
        ObjectNode body = Json.object("events", all);
        if (!expected.isEmpty()) {
            body.set("expected", Json.array().addAll(expected));
        }
        return Json.write(body);
    }

    /** One page; the query begins after the question mark. */
    public JsonNode page(String query, @Nullable String atLeast) {
        return client.get("/v1/events?" + query, atLeast).orFail().json();
    }

    /** Every page of a list by cursor. */
    public List<JsonNode> all(String query, @Nullable String atLeast) {
        List<JsonNode> events = new ArrayList<>();
        String cursor = "";
        while (true) {
            JsonNode page = page(query + cursor, atLeast);
            page.required("events").forEach(events::add);
            if (page.required("next").isNull()) {
                return events;
            }
            cursor = "&cursor=" + page.required("next").asText();
        }
    }

    /** Every event of a stream of {@code users}, read by versions. */
    public List<JsonNode> stream(String instance) {
        List<JsonNode> events = new ArrayList<>();
        String from = "1";
        while (true) {
            JsonNode page = client.get("/v1/events/users/" + instance + "?limit=1000&from_version=" + from)
                    .orFail()
                    .json();
            page.required("events").forEach(events::add);
            if (page.required("next").isNull()) {
                return events;
            }
            from = page.required("next").asText();
        }
    }

    /** The numbers that events of {@link #event} have as data. */
    public static List<Integer> numbers(Iterable<JsonNode> events) {
        return StreamSupport.stream(events.spliterator(), false)
                .map(event -> event.required("data").required("n").asInt())
                .toList();
    }
}
