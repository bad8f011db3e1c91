package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.forebay.it.json.Json;
import org.jspecify.annotations.Nullable;

/** The operations of key vectors, whatever carries them out. */
abstract class KeyOperations implements SystemUnderTest {
    @Override
    public final JsonNode perform(JsonNode operation) throws Exception {
        String name = operation.path("op").asText();
        String namespace = operation.path("ns").asText("cache");
        boolean async = operation.path("writes").asText().equals("async");
        return switch (name) {
            case "put" -> put(namespace, records(operation), ttl(operation), async);
            case "get" -> get(namespace, wrap(operation.required("key")));
            case "delete" -> delete(namespace, wrap(operation.required("key")), async);
            case "all" -> all(namespace, wrap(operation.required("match")));
            case "restart" -> restart();
            case "settle" -> settle();
            case "advance" -> advance(operation.required("ms").asLong());
            default -> throw new IllegalArgumentException("no such operation: " + name);
        };
    }

    /**
     * Answers {@code ok} or an error.
     *
     * @param records key, an array, and value of each
     * @param ttl in milliseconds; null for never
     * @param async whether nothing waits for the outcome
     */
    abstract JsonNode put(String namespace, ArrayNode records, @Nullable Long ttl, boolean async) throws Exception;

    /** Answers {@code value} or an error. */
    abstract JsonNode get(String namespace, JsonNode key) throws Exception;

    /** Answers {@code ok} or an error. */
    abstract JsonNode delete(String namespace, JsonNode key, boolean async) throws Exception;

    /** Answers {@code records}, every page of them, or an error. */
    abstract JsonNode all(String namespace, JsonNode match) throws Exception;

    /** Stops the application and starts it again on its data. */
    abstract JsonNode restart() throws Exception;

    /** Waits for what was written without waiting. */
    abstract JsonNode settle() throws Exception;

    /** Moves the clock. */
    abstract JsonNode advance(long millis) throws Exception;

    static JsonNode ok() {
        return Json.object().put("ok", true);
    }

    static JsonNode error(String error) {
        return Json.object().put("error", error);
    }

    private static ArrayNode records(JsonNode operation) {
        ArrayNode records = Json.array();
        if (operation.has("record")) {
            records.add(record(operation.get("record")));
        } else {
            operation.required("records").forEach(record -> records.add(record(record)));
        }
        return records;
    }

    private static JsonNode record(JsonNode record) {
        return Json.object("key", wrap(record.required("key"))).set("value", record.required("value"));
    }

    /** A key or match that is no list is a list of one; null stays null. */
    private static JsonNode wrap(JsonNode key) {
        return key.isTextual() || key.isObject() ? Json.array().add(key) : key;
    }

    private static @Nullable Long ttl(JsonNode operation) {
        return operation.path("ttl_ms").isNumber() ? operation.get("ttl_ms").asLong() : null;
    }
}
