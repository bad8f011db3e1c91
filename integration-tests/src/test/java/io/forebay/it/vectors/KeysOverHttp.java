package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.keys.KeyCalls;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.position.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys by the calls of a running Forebay that has topics and state of its own. Every read is at or after the writes before it. A key
 * stands in the path where it can; what is no list of strings, and what is in the namespace without a name, goes into a parameter.
 */
final class KeysOverHttp extends KeyOperations {
    private static final int PAGE = 2;

    private final ForebayStack stack;
    private Position written = Position.empty();

    private KeysOverHttp(ForebayStack stack) {
        this.stack = stack;
    }

    static KeysOverHttp open() {
        return new KeysOverHttp(ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "keys")));
    }

    @Override
    JsonNode put(String namespace, ArrayNode records, @Nullable Long ttl, boolean async) {
        if (records.size() != 1) {
            ObjectNode batch = Json.object("records", records);
            batch.put("ttl_ms", ttl);
            String path = "/v1/keys/" + ForebayClient.encode(namespace);
            return done(call("POST", path, async).json(Json.write(batch)));
        }
        String target = target(namespace, records.get(0).required("key"));
        String query = ttl == null ? "" : (target.contains("?") ? "&" : "?") + "ttl_ms=" + ttl;
        return done(call("PUT", target + query, async)
                .json(Json.write(records.get(0).required("value"))));
    }

    @Override
    JsonNode get(String namespace, JsonNode key) {
        Reply reply = stack.client().get(target(namespace, key), position());
        return reply.isSuccess() ? Json.object("value", reply.json()) : error(reply);
    }

    @Override
    JsonNode delete(String namespace, JsonNode key, boolean async) {
        return done(call("DELETE", target(namespace, key), async));
    }

    @Override
    JsonNode all(String namespace, JsonNode match) {
        String text = match.isNull() ? "" : Json.write(match);
        KeyCalls.Listing listing = new KeyCalls(stack.client()).list(namespace, text, PAGE, position());
        if (!listing.reply().isSuccess()) {
            return error(listing.reply());
        }
        listing.records().forEach(record -> ((ObjectNode) record).retain("key", "value"));
        return Json.object("records", listing.records());
    }

    @Override
    JsonNode restart() {
        stack.restart();
        return ok();
    }

    /** What was written without waiting is waited for by the next read, which is at or after it. */
    @Override
    JsonNode settle() {
        return ok();
    }

    @Override
    JsonNode advance(long millis) {
        throw new IllegalStateException("over HTTP no clock is moved");
    }

    @Override
    public void close() {
        stack.close();
    }

    private Call call(String method, String target, boolean async) {
        Call call = stack.client().call(method, target);
        return async ? call.prefer("respond-async") : call;
    }

    private JsonNode done(Call call) {
        Reply reply = call.send();
        if (reply.position() != null) {
            written = written.merge(Position.parse(reply.position()));
        }
        return reply.isSuccess() ? ok() : error(reply);
    }

    private @Nullable String position() {
        return written.isEmpty() ? null : written.token();
    }

    private static String target(String namespace, JsonNode key) {
        List<String> parts = new ArrayList<>();
        for (JsonNode part : key) {
            if (!part.isTextual()) {
                return KeyCalls.target(namespace, key);
            }
            parts.add(part.textValue());
        }
        return namespace.isEmpty() || parts.isEmpty()
                ? KeyCalls.target(namespace, key)
                : KeyCalls.path(namespace, parts.toArray(String[]::new));
    }

    /** The vectors' error class of a problem. */
    private static JsonNode error(Reply reply) {
        return switch (reply.code()) {
            case "invalid" -> error("invalid");
            case "not_found" -> error("not_found");
            default -> error(reply.status() + " " + reply.text());
        };
    }
}
