package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Records that are kept in sync, and who is told of them: sync, and watchers that are defined one by one. */
final class RecordArea implements Area {

    /** Arrays whose order means nothing. */
    private static final Set<String> SETS =
            Set.of("extra_columns", "watchers", "subscribed", "subscriptions", "sessions");

    private final String name;
    private final JsonNode models;
    private final boolean definesWatchers;
    private final RecordStacks stacks = new RecordStacks();

    private RecordArea(String name, JsonNode models, boolean definesWatchers) {
        this.name = name;
        this.models = models;
        this.definesWatchers = definesWatchers;
    }

    /** @param models by their names */
    static RecordArea sync(JsonNode models) {
        return new RecordArea("sync", models, false);
    }

    /** @param models by their names */
    static RecordArea watch(JsonNode models) {
        return new RecordArea("watch", models, true);
    }

    @Override
    public String name() {
        return name;
    }

    private static boolean subscribesBeforeStart(Vector vector) {
        for (int i = 0; i < vector.given().size(); i++) {
            String operation = vector.given().get(i).path("op").asText();
            if (operation.equals("watch.start") && vector.then().get(i).has("ok")) {
                return false;
            }
            if (operation.equals("watch.subscribe")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public SystemUnderTest inProcess() {
        return new RecordsInProcess(models, definesWatchers);
    }

    @Override
    public SystemUnderTest overHttp(Vector vector) {
        return new RecordsOverHttp(stacks, models, definesWatchers && subscribesBeforeStart(vector));
    }

    @Override
    public void release() {
        stacks.close();
    }

    /** Sets, and what one change made, in the order in which they are expected. */
    @Override
    public JsonNode comparable(JsonNode expected, JsonNode answer) {
        ArrayNode none = Json.array();
        JsonNode arranged = arranged("", expected, answer);
        JsonNode events = arranged.path("events");
        if (events.isArray() && !events.isEmpty() && events.get(0).has(RecordOperations.CHANGE)) {
            JsonNode wanted = expected.path("events").isArray() ? expected.path("events") : none;
            ((ObjectNode) arranged).set("events", byChange(wanted, events));
        }
        return arranged;
    }

    private static ArrayNode byChange(JsonNode expected, JsonNode events) {
        ArrayNode ordered = Json.array();
        for (int from = 0; from < events.size(); ) {
            JsonNode change = events.get(from).get(RecordOperations.CHANGE);
            ArrayNode of = Json.array();
            ArrayNode wanted = Json.array();
            for (; from < events.size() && change.equals(events.get(from).get(RecordOperations.CHANGE)); from++) {
                if (from < expected.size()) {
                    wanted.add(expected.get(from));
                }
                of.add(((ObjectNode) events.get(from)).without(RecordOperations.CHANGE));
            }
            ordered.addAll(arranged(wanted, of));
        }
        return ordered;
    }

    private static JsonNode arranged(String name, JsonNode expected, JsonNode answer) {
        if (answer.isObject()) {
            ObjectNode arranged = Json.object();
            answer.properties()
                    .forEach(member -> arranged.set(
                            member.getKey(),
                            arranged(member.getKey(), expected.path(member.getKey()), member.getValue())));
            return arranged;
        }
        if (!answer.isArray()) {
            return answer;
        }
        if (SETS.contains(name)) {
            return arranged(expected, (ArrayNode) answer);
        }
        ArrayNode arranged = Json.array();
        for (int i = 0; i < answer.size(); i++) {
            arranged.add(arranged("", expected.path(i), answer.get(i)));
        }
        return arranged;
    }

    private static ArrayNode arranged(JsonNode expected, ArrayNode answer) {
        List<JsonNode> left = new ArrayList<>();
        answer.forEach(left::add);
        ArrayNode arranged = Json.array();
        for (JsonNode wanted : expected) {
            String text = canonical("", wanted);
            for (Iterator<JsonNode> those = left.iterator(); those.hasNext(); ) {
                JsonNode one = those.next();
                if (canonical("", one).equals(text)) {
                    arranged.add(arranged("", wanted, one));
                    those.remove();
                    break;
                }
            }
        }
        left.forEach(arranged::add);
        return arranged;
    }

    /** The same text for what means the same. */
    private static String canonical(String name, JsonNode value) {
        if (value.isObject()) {
            Map<String, String> members = new TreeMap<>();
            value.properties()
                    .forEach(member -> members.put(member.getKey(), canonical(member.getKey(), member.getValue())));
            return members.toString();
        }
        if (value.isArray()) {
            List<String> elements = new ArrayList<>();
            value.forEach(element -> elements.add(canonical("", element)));
            return (SETS.contains(name) ? elements.stream().sorted().toList() : elements).toString();
        }
        BigDecimal number = value.isNumber() ? value.decimalValue().stripTrailingZeros() : null;
        return number == null ? value.toString() : number.toPlainString();
    }
}
