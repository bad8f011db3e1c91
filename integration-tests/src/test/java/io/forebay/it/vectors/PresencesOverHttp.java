package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.presence.PresenceCalls;
import io.forebay.it.stack.ForebayStack;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Presences by the calls of a running Forebay that has topics and state of its own. Every read is at or after the write before it.
 *
 * <p>An update is a PATCH of the address that its body names. A body that names none has no address; the gateway's dispatch, which
 * takes both ids from the body, then carries the same update.
 */
final class PresencesOverHttp extends PresenceOperations {
    private static final int PAGE = 2;

    private final ForebayStack stack;
    private final ForebayClient client;
    private @Nullable String position;

    private PresencesOverHttp(ForebayStack stack) {
        this.stack = stack;
        this.client = stack.client();
    }

    static PresencesOverHttp open() {
        return new PresencesOverHttp(ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "presence")));
    }

    @Override
    JsonNode create(JsonNode presence) {
        return done(client.post("/v1/presences", Json.write(presence)));
    }

    @Override
    JsonNode bulkCreate(JsonNode guild, JsonNode presences) {
        return done(client.post(PresenceCalls.path(guild.asText()), Json.write(Json.object("presences", presences))));
    }

    @Override
    JsonNode update(JsonNode presence) {
        JsonNode guild = presence.path("guild_id");
        JsonNode user = presence.at("/user/id");
        if (guild.isValueNode() && user.isValueNode() && !guild.isNull() && !user.isNull()) {
            return answered(client.patch(PresenceCalls.path(guild.asText(), user.asText()), Json.write(presence)));
        }
        JsonNode answer = gateway("PRESENCE_UPDATE", presence);
        if (answer.has("error")) {
            return answer;
        }
        ObjectNode update = Json.object().put("changed", !answer.path("emitted").isEmpty());
        if (!answer.path("emitted").isEmpty()) {
            update.setAll((ObjectNode) answer.path("emitted").get(0));
        }
        return update;
    }

    @Override
    JsonNode get(JsonNode guild, JsonNode user) {
        Reply reply = client.get(PresenceCalls.path(guild.asText(), user.asText()), position);
        return reply.isSuccess() ? Json.object("found", reply.json()) : error(reply);
    }

    @Override
    ArrayNode list(@Nullable String guild, @Nullable String status) {
        String query = (guild == null ? "" : "guild=" + guild)
                + (guild == null || status == null ? "" : "&")
                + (status == null ? "" : "status=" + ForebayClient.encode(status));
        return new PresenceCalls(client).list(query, PAGE, position).presences();
    }

    @Override
    JsonNode gateway(String type, JsonNode data) {
        ObjectNode dispatch = Json.object().put("t", type);
        dispatch.set("d", data);
        Reply reply = client.post("/v1/gateway", Json.write(dispatch));
        return type.equals("PRESENCE_UPDATE") ? answered(reply) : done(reply);
    }

    @Override
    public void close() {
        stack.close();
    }

    private JsonNode done(Reply reply) {
        remember(reply);
        return reply.isSuccess() ? ok() : error(reply);
    }

    private JsonNode answered(Reply reply) {
        remember(reply);
        return reply.isSuccess() ? reply.json() : error(reply);
    }

    private void remember(Reply reply) {
        if (reply.position() != null) {
            position = reply.position();
        }
    }

    /** The vectors' error class of a problem. */
    private static JsonNode error(Reply reply) {
        return switch (reply.code()) {
            case "invalid" -> error("invalid");
            case "presence_not_found", "not_found" -> error("not_found");
            case "version_conflict" -> error("conflict");
            default -> error(reply.status() + " " + reply.text());
        };
    }
}
