package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.it.json.Json;
import io.forebay.presence.GatewayDispatches;
import io.forebay.presence.PresenceBody;
import io.forebay.presence.PresenceConfig;
import io.forebay.presence.PresenceFlow;
import io.forebay.presence.query.GetPresence;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresenceEntry;
import io.forebay.presence.query.PresencePage;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Snowflake;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Presences by their topology; the clock stands at zero. */
final class PresencesInProcess extends PresenceOperations {
    /** More than a page of any vector, so that paging is shown elsewhere. */
    private static final int PAGE = 1000;

    private static final PresenceConfig CONFIG = PresenceConfig.defaults();

    private final FlowInProcess flow;

    private PresencesInProcess(FlowInProcess flow) {
        this.flow = flow;
    }

    static PresencesInProcess open() {
        return new PresencesInProcess(FlowInProcess.open(
                PresenceFlow::store,
                (topics, serdes, engine, retention, ticks, health) ->
                        PresenceFlow.topology(topics, serdes, engine, CONFIG, retention, ticks, health)));
    }

    @Override
    JsonNode create(JsonNode presence) {
        return done(() -> {
            JsonObject body = body(presence);
            return decide(
                    PresenceBody.guild(body),
                    CreatePresence.newBuilder().setPresence(body.text()).build());
        });
    }

    @Override
    JsonNode bulkCreate(JsonNode guild, JsonNode presences) {
        return done(() -> {
            if (!presences.isArray()) {
                throw RefusedException.invalid("/presences", "a list");
            }
            return decide(
                    id(guild),
                    BulkCreatePresences.newBuilder()
                            .setPresences(StreamSupport.stream(presences.spliterator(), false)
                                    .map(Json::write)
                                    .toList())
                            .build());
        });
    }

    @Override
    JsonNode update(JsonNode presence) {
        return answered(() -> {
            JsonObject body = body(presence);
            return decide(
                    PresenceBody.guild(body),
                    UpdatePresence.newBuilder().setPresence(body.text()).build());
        });
    }

    @Override
    JsonNode get(JsonNode guild, JsonNode user) {
        try {
            byte[] presence = flow.ask(new GetPresence(id(guild).value(), id(user).value()))
                    .presence();
            return presence == null ? error("not_found") : Json.object("found", Json.parse(presence));
        } catch (RefusedException e) {
            return error(e.code());
        }
    }

    @Override
    ArrayNode list(@Nullable String guild, @Nullable String status) {
        ArrayNode list = Json.array();
        byte[] after = null;
        do {
            PresencePage page = flow.ask(new ListPresences(
                    guild == null ? null : Snowflake.parse(guild).value(), status, null, List.of(), after, PAGE));
            for (PresenceEntry entry : page.entries()) {
                list.addObject()
                        .put("guild_id", Long.toUnsignedString(entry.guild()))
                        .put("user_id", Long.toUnsignedString(entry.user()))
                        .set("presence", Json.parse(entry.presence()));
            }
            after = page.scannedTo();
        } while (after != null);
        return list;
    }

    @Override
    JsonNode gateway(String type, JsonNode data) {
        Decision decision = () -> {
            String text = Json.write(data);
            Snowflake guild = GatewayDispatches.translate(type, text, CONFIG).guild();
            return guild == null ? Outcome.done() : decide(guild, new GatewayDispatch(type, text));
        };
        return type.equals("PRESENCE_UPDATE") ? answered(decision) : done(decision);
    }

    @Override
    public void close() {
        flow.close();
    }

    private interface Decision {
        Outcome decide() throws RefusedException;
    }

    private static JsonNode done(Decision decision) {
        try {
            Outcome outcome = decision.decide();
            return outcome.isRefused() ? error(String.valueOf(outcome.code())) : ok();
        } catch (RefusedException e) {
            return error(e.code());
        }
    }

    private static JsonNode answered(Decision decision) {
        try {
            Outcome outcome = decision.decide();
            return outcome.isRefused() ? error(String.valueOf(outcome.code())) : Json.parse(outcome.body());
        } catch (RefusedException e) {
            return error(e.code());
        }
    }

    private Outcome decide(Snowflake guild, Object command) {
        byte[] value = flow.serdes()
                .serializer(PresenceCommand.class)
                .serialize(flow.topic().name(), new PresenceCommand(command));
        return flow.decide(guild.toPath(), value);
    }

    private static JsonObject body(JsonNode presence) throws RefusedException {
        return PresenceBody.parse(Json.write(presence), JsonLimits.defaults());
    }

    private static Snowflake id(JsonNode id) throws RefusedException {
        try {
            return Snowflake.parse(id.asText());
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("id", "an unsigned 64-bit id");
        }
    }
}
