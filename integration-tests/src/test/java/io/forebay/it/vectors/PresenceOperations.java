package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.forebay.it.json.Json;
import org.jspecify.annotations.Nullable;

/** The operations of presence vectors, whatever carries them out. */
abstract class PresenceOperations implements SystemUnderTest {
    @Override
    public final JsonNode perform(JsonNode operation) throws Exception {
        String name = operation.path("op").asText();
        return switch (name) {
            case "presence.create" -> create(operation.required("presence"));
            case "presence.bulk_create" -> bulkCreate(operation.required("guild_id"), operation.required("presences"));
            case "presence.update" -> update(operation.required("presence"));
            case "presence.get" -> get(operation.required("guild_id"), operation.required("user_id"));
            case "presence.list" -> Json.object("list", list(text(operation, "guild_id"), text(operation, "status")));
            case "gateway" -> gateway(operation.required("t").asText(), operation.required("d"));
            default -> throw new IllegalArgumentException("no such operation: " + name);
        };
    }

    /** Answers {@code ok} or an error. */
    abstract JsonNode create(JsonNode presence) throws Exception;

    /** Answers {@code ok} or an error. */
    abstract JsonNode bulkCreate(JsonNode guild, JsonNode presences) throws Exception;

    /** Answers {@code changed} with old and new, or an error. */
    abstract JsonNode update(JsonNode presence) throws Exception;

    /** Answers {@code found} or an error. */
    abstract JsonNode get(JsonNode guild, JsonNode user) throws Exception;

    /** All presences, every page of them. */
    abstract ArrayNode list(@Nullable String guild, @Nullable String status) throws Exception;

    /** Answers {@code emitted} where the dispatch emits, else {@code ok}, or an error. */
    abstract JsonNode gateway(String type, JsonNode data) throws Exception;

    static JsonNode ok() {
        return Json.object().put("ok", true);
    }

    static JsonNode error(String error) {
        return Json.object().put("error", error);
    }

    private static @Nullable String text(JsonNode operation, String member) {
        return operation.has(member) ? operation.get(member).asText() : null;
    }
}
