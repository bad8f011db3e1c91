package io.forebay.presence;

import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Snowflake;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway dispatch means for presences. A guild that is unavailable keeps them, one that is left is purged, and so
 * is a member that leaves; presences of a guild that arrives and of a members chunk are stored in bulk.
 */
public final class GatewayDispatches {

    private GatewayDispatches() {}

    /**
     * The commands of a dispatch.
     *
     * @param guild the guild they are for; null when the dispatch is about none
     * @param commands in order; none when the dispatch means nothing for presences
     */
    public record Translated(@Nullable Snowflake guild, List<PresenceCommand> commands) {

        private static Translated of(Snowflake guild, Object command) {
            return new Translated(guild, List.of(new PresenceCommand(command)));
        }

        private static Translated nothing(@Nullable Snowflake guild) {
            return new Translated(guild, List.of());
        }
    }

    /**
     * Translates a dispatch as it stands in a record.
     *
     * @param t its name
     * @param d its data
     * @throws RefusedException when the name is unknown or a member that matters is not what it has to be
     */
    public static Translated translate(String t, String d, PresenceConfig config) throws RefusedException {
        return translate(t, PresenceBody.parse(d, limits(config)));
    }

    /** Limits of a dispatch's data: as much as a bulk may have, a little deeper than a presence. */
    public static JsonLimits limits(PresenceConfig config) {
        int bytes = (int) Math.min(Integer.MAX_VALUE, config.bulkMaxBytes());
        int depth = Math.min(JsonLimits.GREATEST_MAX_DEPTH, config.json().maxDepth() + 4);
        return new JsonLimits(bytes, depth);
    }

    /** Translates parsed data, otherwise as {@link #translate(String, String, PresenceConfig)}. */
    public static Translated translate(String t, JsonObject d) throws RefusedException {
        return switch (t) {
            case "PRESENCE_UPDATE" -> presenceUpdate(d);
            case "GUILD_CREATE" ->
                isUnavailable(d) ? Translated.nothing(PresenceBody.id(d, "id")) : bulk(PresenceBody.id(d, "id"), d);
            case "GUILD_MEMBERS_CHUNK" -> bulk(PresenceBody.guild(d), d);
            case "GUILD_DELETE" ->
                isUnavailable(d)
                        ? Translated.nothing(PresenceBody.id(d, "id"))
                        : Translated.of(PresenceBody.id(d, "id"), new PurgePresences());
            case "GUILD_MEMBER_REMOVE" ->
                Translated.of(
                        PresenceBody.guild(d),
                        RemovePresence.newBuilder()
                                .setUserId(PresenceBody.user(d).toString())
                                .build());
            case "READY" -> Translated.nothing(null);
            default ->
                throw new RefusedException(
                        400,
                        "unknown_dispatch",
                        "/t",
                        "one of PRESENCE_UPDATE, GUILD_CREATE, GUILD_MEMBERS_CHUNK, GUILD_DELETE, GUILD_MEMBER_REMOVE,"
                                + " READY");
        };
    }

    private static Translated presenceUpdate(JsonObject d) throws RefusedException {
        Snowflake guild = PresenceBody.guild(d);
        PresenceBody.user(d);
        return Translated.of(
                guild, UpdatePresence.newBuilder().setPresence(d.text()).build());
    }

    private static Translated bulk(Snowflake guild, JsonObject d) throws RefusedException {
        JsonValue presences = d.member("presences");
        if (presences == null || presences.isNull()) {
            return Translated.nothing(guild);
        }
        if (!presences.isArray()) {
            throw RefusedException.invalid("/presences", "an array of presences, or null");
        }
        List<String> bodies = new ArrayList<>();
        for (JsonValue presence : presences.elements()) {
            bodies.add(presence.raw());
        }
        return bodies.isEmpty()
                ? Translated.nothing(guild)
                : Translated.of(
                        guild,
                        BulkCreatePresences.newBuilder().setPresences(bodies).build());
    }

    private static boolean isUnavailable(JsonObject d) {
        JsonValue unavailable = d.member("unavailable");
        return unavailable != null && unavailable.isBoolean() && unavailable.asBoolean();
    }
}
