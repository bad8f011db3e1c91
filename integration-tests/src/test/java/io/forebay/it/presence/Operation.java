package io.forebay.it.presence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.json.Json;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.UpdatePresence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A write to presences, in the three forms it has: a call, a record, and what the model does. */
sealed interface Operation {
    String guild();

    /** Carries it out on the model; answers the body that the call answers, null when it answers none. */
    @Nullable
    JsonNode apply(PresenceModel model);

    ForebayClient.Call call(ForebayClient client);

    PresenceCommand command();

    record Create(String guild, String user, ObjectNode body) implements Operation {
        @Override
        public @Nullable JsonNode apply(PresenceModel model) {
            model.create(guild, user, body);
            return null;
        }

        @Override
        public ForebayClient.Call call(ForebayClient client) {
            return client.call("PUT", PresenceCalls.path(guild, user)).json(Json.write(body));
        }

        @Override
        public PresenceCommand command() {
            return new PresenceCommand(CreatePresence.newBuilder()
                    .setUserId(user)
                    .setPresence(Json.write(body))
                    .build());
        }
    }

    record Update(String guild, String user, ObjectNode body) implements Operation {
        @Override
        public JsonNode apply(PresenceModel model) {
            return model.update(guild, user, body);
        }

        @Override
        public ForebayClient.Call call(ForebayClient client) {
            return client.call("PATCH", PresenceCalls.path(guild, user)).json(Json.write(body));
        }

        @Override
        public PresenceCommand command() {
            return new PresenceCommand(UpdatePresence.newBuilder()
                    .setUserId(user)
                    .setPresence(Json.write(body))
                    .build());
        }
    }

    /** A PRESENCE_UPDATE as the gateway sends it: both ids are in the body. */
    record Dispatch(String guild, String user, ObjectNode body) implements Operation {
        @Override
        public JsonNode apply(PresenceModel model) {
            ObjectNode update = model.update(guild, user, body);
            ArrayNode emitted = Json.array();
            if (update.get("changed").asBoolean()) {
                update.remove("changed");
                emitted.add(update);
            }
            return Json.object("emitted", emitted);
        }

        @Override
        public ForebayClient.Call call(ForebayClient client) {
            ObjectNode dispatch = Json.object().put("t", "PRESENCE_UPDATE");
            dispatch.set("d", body);
            return client.call("POST", "/v1/gateway").json(Json.write(dispatch));
        }

        @Override
        public PresenceCommand command() {
            return new PresenceCommand(new GatewayDispatch("PRESENCE_UPDATE", Json.write(body)));
        }
    }

    record BulkCreate(String guild, List<ObjectNode> bodies, boolean replace) implements Operation {
        @Override
        public @Nullable JsonNode apply(PresenceModel model) {
            model.bulkCreate(guild, bodies, replace);
            return null;
        }

        @Override
        public ForebayClient.Call call(ForebayClient client) {
            ArrayNode presences = Json.array().addAll(bodies);
            return client.call(replace ? "PUT" : "POST", PresenceCalls.path(guild))
                    .json(Json.write(Json.object("presences", presences)));
        }

        @Override
        public PresenceCommand command() {
            return new PresenceCommand(BulkCreatePresences.newBuilder()
                    .setPresences(bodies.stream().map(Json::write).toList())
                    .setReplace(replace)
                    .build());
        }
    }

    record Remove(String guild, String user) implements Operation {
        @Override
        public @Nullable JsonNode apply(PresenceModel model) {
            model.remove(guild, user);
            return null;
        }

        @Override
        public ForebayClient.Call call(ForebayClient client) {
            return client.call("DELETE", PresenceCalls.path(guild, user));
        }

        @Override
        public PresenceCommand command() {
            return new PresenceCommand(
                    RemovePresence.newBuilder().setUserId(user).build());
        }
    }

    record Purge(String guild) implements Operation {
        @Override
        public @Nullable JsonNode apply(PresenceModel model) {
            model.bulkCreate(guild, List.of(), true);
            return null;
        }

        @Override
        public ForebayClient.Call call(ForebayClient client) {
            return client.call("DELETE", PresenceCalls.path(guild));
        }

        @Override
        public PresenceCommand command() {
            return new PresenceCommand(new PurgePresences());
        }
    }
}
