package io.forebay.it.presence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.json.Json;
import org.jspecify.annotations.Nullable;

/** The calls for presences. Every method answers what came back, success or problem. */
public final class PresenceCalls {
    private final ForebayClient client;

    public PresenceCalls(ForebayClient client) {
        this.client = client;
    }

    public ForebayClient client() {
        return client;
    }

    /** Path of one presence; the ids are put in as they are, encoded. */
    public static String path(String guild, String user) {
        return path(guild) + "/" + ForebayClient.encode(user);
    }

    /** Path of a guild's presences. */
    public static String path(String guild) {
        return "/v1/presences/" + ForebayClient.encode(guild);
    }

    /** The answer to a list: all pages put together, and the position of the last. */
    public record Listing(ArrayNode presences, @Nullable String position, int pages) {}

    /**
     * Every page of a list.
     *
     * @param query parameters beside {@code limit} and {@code cursor}, encoded, joined by {@code &}; may be empty
     */
    public Listing list(String query, int limit, @Nullable String atLeast) {
        ArrayNode all = Json.array();
        String cursor = null;
        int pages = 0;
        while (true) {
            String path = "/v1/presences?limit=" + limit
                    + (query.isEmpty() ? "" : "&" + query)
                    + (cursor == null ? "" : "&cursor=" + ForebayClient.encode(cursor));
            Reply reply = client.get(path, atLeast).orFail();
            JsonNode page = reply.json();
            page.required("presences").forEach(all::add);
            pages++;
            JsonNode next = page.path("next");
            if (next.isMissingNode() || next.isNull()) {
                return new Listing(all, reply.position(), pages);
            }
            cursor = next.asText();
        }
    }

    /** How many presences a guild has, by status. */
    public Reply counts(String guild, @Nullable String atLeast) {
        return client.get(path(guild) + "/counts", atLeast);
    }
}
