package io.forebay.it.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.json.Json;
import io.forebay.schemas.path.Path;
import org.jspecify.annotations.Nullable;

/** The calls for keys. Every method answers what came back, success or problem, unless it says otherwise. */
public final class KeyCalls {
    private final ForebayClient client;

    public KeyCalls(ForebayClient client) {
        this.client = client;
    }

    /** Path of a key. */
    public static String path(String namespace, String... parts) {
        return "/v1/keys/" + Path.of(namespace) + "/" + Path.of(parts);
    }

    /** The call of a key by parameters, whatever is given as the key. */
    public static String target(String namespace, JsonNode key) {
        return "/v1/keys?ns=" + ForebayClient.encode(namespace) + "&key=" + ForebayClient.encode(Json.write(key));
    }

    public Reply get(String path, @Nullable String atLeast) {
        return client.get(path, atLeast);
    }

    /** Every page of what a match meets, or the first answer that is none. */
    public Listing list(String namespace, String match, int limit, @Nullable String atLeast) {
        String target = "/v1/keys?ns=" + ForebayClient.encode(namespace) + "&match=" + ForebayClient.encode(match)
                + "&limit=" + limit;
        ArrayNode all = Json.array();
        String cursor = "";
        while (true) {
            Reply reply = client.get(target + cursor, atLeast);
            if (!reply.isSuccess()) {
                return new Listing(all, reply);
            }
            reply.json().required("records").forEach(all::add);
            JsonNode next = reply.json().path("next");
            if (next.isNull()) {
                return new Listing(all, reply);
            }
            cursor = "&cursor=" + ForebayClient.encode(next.asText());
        }
    }

    /** All records of a list, and its last answer. */
    public record Listing(ArrayNode records, Reply reply) {
        public Listing orFail() {
            reply.orFail();
            return this;
        }
    }
}
