package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations of event vectors, whatever carries them out. Events are told with the members that the vectors know. */
abstract class EventOperations implements SystemUnderTest {

    @Override
    public final JsonNode perform(JsonNode operation) throws Exception {
        return switch (operation.path("op").asText()) {
            case "append" -> append(operation);
            case "get_events" -> get(operation.path("query"), operation.path("opts"));
            case "subscribe" -> subscribe(operation.path("session").asText());
            case "inbox" ->
                Json.object("n", numbers(inbox(operation.path("session").asText())));
            case "clock" -> clock(Instant.parse(operation.required("at").asText()));
            default -> throw new IllegalArgumentException("no such operation: " + operation.path("op"));
        };
    }

    /**
     * Appends.
     *
     * @param body as the call takes it
     * @return the events as they are told by the call, or an error
     */
    abstract JsonNode append(ObjectNode body, @Nullable String idempotencyKey) throws Exception;

    /**
     * Reads a page.
     *
     * @param parameters as the call takes them
     * @return events and pagination as they are told by the call, or an error
     */
    abstract JsonNode get(Map<String, String> parameters) throws Exception;

    abstract JsonNode subscribe(String session) throws Exception;

    /** The events since the session subscribed, or looked last. */
    abstract ArrayNode inbox(String session) throws Exception;

    abstract JsonNode clock(Instant now);

    private JsonNode append(JsonNode operation) throws Exception {
        ObjectNode body = Json.object();
        if (operation.has("event")) {
            body.set("event", event(operation.get("event")));
        }
        if (operation.has("events")) {
            body.set("events", events(operation.get("events")));
        }
        JsonNode expected = operation.path("expected_sequence");
        if (expected.isObject()) {
            ObjectNode stream = Json.object();
            stream.set("domain", expected.path("domain"));
            stream.set("instance_id", expected.path("instance_id"));
            stream.set("version", expected.path("sequence"));
            body.set("expected", Json.array().add(stream));
        }
        JsonNode answer = append(body, operation.path("idempotency_key").textValue());
        return answer.has("error") ? answer : Json.object("events", told(answer.required("events")));
    }

    private static JsonNode events(JsonNode events) {
        if (!events.isArray()) {
            return events;
        }
        ArrayNode all = Json.array();
        events.forEach(event -> all.add(event(event)));
        return all;
    }

    /** What an event is constructed with as additional metadata is metadata here. */
    private static JsonNode event(JsonNode event) {
        if (!event.has("additional_metadata")) {
            return event;
        }
        ObjectNode renamed = event.deepCopy();
        renamed.set("metadata", renamed.remove("additional_metadata"));
        return renamed;
    }

    private JsonNode get(JsonNode query, JsonNode options) throws Exception {
        Map<String, String> parameters = new TreeMap<>();
        if (!take(query, JsonNodeType.STRING, parameters) || !take(options, JsonNodeType.NUMBER, parameters)) {
            return error("invalid");
        }
        JsonNode answer = get(parameters);
        if (answer.has("error")) {
            return answer;
        }
        ObjectNode page = Json.object("n", numbers(answer.required("events")));
        page.set("full", told(answer.required("events")));
        page.set("pagination", answer.path("pagination"));
        return page;
    }

    /** Members that are null are not given; a parameter cannot tell one of another type. */
    private static boolean take(JsonNode members, JsonNodeType type, Map<String, String> parameters) {
        if (!members.isObject()) {
            return members.isMissingNode() || members.isNull();
        }
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            if (member.getValue().getNodeType() == type) {
                parameters.put(member.getKey(), member.getValue().asText());
            } else if (!member.getValue().isNull()) {
                return false;
            }
        }
        return true;
    }

    private static ArrayNode numbers(JsonNode events) {
        ArrayNode numbers = Json.array();
        events.forEach(event -> numbers.add(event.required("data").required("n")));
        return numbers;
    }

    private static ArrayNode told(JsonNode events) {
        ArrayNode told = Json.array();
        for (JsonNode event : events) {
            ObjectNode known = event.deepCopy();
            told.add(known.retain("type", "data", "metadata", "sequence_number", "version", "inserted_at"));
        }
        return told;
    }

    static JsonNode ok() {
        return Json.object().put("ok", true);
    }

    /** The vectors' error class of a problem's code. */
    static JsonNode error(String code) {
        return Json.object()
                .put(
                        "error",
                        switch (code) {
                            case "version_conflict",
                                    "event_already_recorded",
                                    "event_id_reused",
                                    "idempotency_key_reused" -> "conflict";
                            case "unknown_parameter" -> "invalid";
                            default -> code;
                        });
    }
}
