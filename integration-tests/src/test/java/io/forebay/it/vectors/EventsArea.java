package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Events: the topology over their input topic, and the calls under {@code /v1/events}. */
final class EventsArea implements Area {
    @Override
    public String name() {
        return "events";
    }

    @Override
    public SystemUnderTest inProcess() {
        return EventsInProcess.open();
    }

    @Override
    public SystemUnderTest overHttp(Vector vector) {
        return EventsOverHttp.open();
    }

    /**
     * Of an answer that is no error the members that are expected are compared. Where the expectation is partial, so is the
     * comparison of each event; {@code ok} says that there was none.
     */
    @Override
    public JsonNode comparable(JsonNode expected, JsonNode answer) {
        if (answer.has("error") || !answer.isObject()) {
            return answer;
        }
        if (expected.has("ok")) {
            return Json.object().put("ok", true);
        }
        ObjectNode compared = Json.object();
        names(expected).stream().filter(answer::has).forEach(name -> compared.set(name, answer.get(name)));
        if (expected.path("partial").asBoolean()) {
            ArrayNode events = Json.array();
            for (int i = 0; i < answer.path("events").size(); i++) {
                ObjectNode event = answer.path("events").get(i).deepCopy();
                JsonNode wanted = expected.path("events").get(i);
                events.add(wanted == null ? event : event.retain(names(wanted)));
            }
            compared.set("events", events);
            compared.put("partial", true);
        }
        return compared;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
