package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations of cache vectors, whatever carries them out. What the calls leave to a client is done here as a client does
 * it: it loads where it is given the lease, and deletes after a write only when that succeeded.
 */
abstract class CacheOperations implements SystemUnderTest {
    /** The cache that the vectors' keys are in. */
    static final String CACHE = "vectors";

    /** Who asks where the vector names nobody. */
    private static final String SOMEBODY = "somebody";

    private final Map<String, String> leases = new HashMap<>();

    /**
     * What a reader is told: one of these.
     *
     * @param hit the value
     * @param lease under which the reader fills
     * @param waitFor who has the lease
     * @param error class of the refusal
     */
    record Begun(
            @Nullable JsonNode hit,
            @Nullable String lease,
            @Nullable String waitFor,
            @Nullable String error) {}

    /**
     * What became of a fill.
     *
     * @param kept whether the value is in the cache now; null when it was refused
     */
    record Filled(@Nullable Boolean kept, @Nullable String error) {}

    @Override
    public final JsonNode perform(JsonNode operation) throws Exception {
        JsonNode key = operation.path("key");
        JsonNode lifetime = operation.path("lifetime");
        String caller = operation.path("caller").asText(SOMEBODY);
        return switch (operation.path("op").asText()) {
            case "cache" -> isKey(key) ? cache(key.textValue(), lifetime, operation.required("load")) : invalid();
            case "cache.begin" -> begun(key.textValue(), lifetime, caller);
            case "cache.finish" -> finish(key.textValue(), caller, operation);
            case "cache.delete" -> isKey(key) ? delete(key.textValue()) : invalid();
            case "cache.delete_after" -> deleteAfter(operation.path("result"), key.textValue());
            case "advance" -> advance(operation.required("ms").asLong());
            case "clock" -> clock(Instant.parse(operation.required("at").asText()));
            default -> throw new IllegalArgumentException("no such operation: " + operation.path("op"));
        };
    }

    /**
     * Asks for an entry.
     *
     * @param lifetime as the vector has it; missing for the default
     */
    abstract Begun begin(String key, JsonNode lifetime, String caller) throws Exception;

    /** Fills it; {@code lease} is null for who has none. */
    abstract Filled fill(String key, @Nullable String lease, JsonNode value) throws Exception;

    abstract void giveUp(String key, String lease) throws Exception;

    /** Answers {@code ok} or an error. */
    abstract JsonNode delete(String key) throws Exception;

    /** Those that were told to wait for the key and have its value now, in the order in which they came. */
    abstract List<String> woken(String key) throws Exception;

    /** Who of those that were told to wait is to load now; null for nobody. */
    abstract @Nullable String nextLoader(String key) throws Exception;

    abstract JsonNode advance(long millis);

    abstract JsonNode clock(Instant at);

    private JsonNode cache(String key, JsonNode lifetime, JsonNode load) throws Exception {
        Begun begun = begin(key, lifetime, SOMEBODY);
        if (begun.error() != null) {
            return Json.object().put("error", begun.error());
        }
        if (begun.hit() != null) {
            return Json.object("value", begun.hit()).put("loaded", false);
        }
        String lease = begun.lease();
        if (lease == null) {
            return Json.object().put("wait_for", begun.waitFor());
        }
        if (load.has("raise")) {
            giveUp(key, lease);
            return Json.object("raised", load.get("raise"));
        }
        fill(key, lease, load.required("value"));
        return Json.object("value", load.required("value")).put("loaded", true);
    }

    private JsonNode begun(String key, JsonNode lifetime, String caller) throws Exception {
        Begun begun = begin(key, lifetime, caller);
        if (begun.hit() != null) {
            return Json.object("hit", begun.hit());
        }
        if (begun.lease() != null) {
            leases.put(key + " " + caller, begun.lease());
            return Json.object().put("load", true);
        }
        return Json.object().put("wait_for", begun.waitFor());
    }

    private JsonNode finish(String key, String caller, JsonNode operation) throws Exception {
        String lease = leases.remove(key + " " + caller);
        if (operation.has("raise") && lease != null) {
            giveUp(key, lease);
            return Json.object("raised", operation.get("raise"))
                    .put("cached", false)
                    .put("next_loader", nextLoader(key));
        }
        Filled filled = fill(key, lease, operation.required("value"));
        if (filled.error() != null) {
            return Json.object().put("error", filled.error());
        }
        ObjectNode finished = Json.object("value", operation.required("value")).put("cached", filled.kept());
        woken(key).forEach(finished.putArray("woken")::add);
        return finished;
    }

    private JsonNode deleteAfter(JsonNode result, String key) throws Exception {
        if (result.has("ok")) {
            delete(key);
        } else if (!result.has("error")) {
            return invalid();
        }
        return Json.object("result", result);
    }

    private static boolean isKey(JsonNode key) {
        return key.isTextual() && !key.textValue().isEmpty();
    }

    private static JsonNode invalid() {
        return Json.object().put("error", "invalid");
    }

    static JsonNode ok() {
        return Json.object().put("ok", true);
    }
}
