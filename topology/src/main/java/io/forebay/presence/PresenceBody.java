package io.forebay.presence;

import io.forebay.command.RefusedException;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Snowflake;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the ids in a presence's body. Nothing else of a body is looked at: whatever the gateway sends is kept.
 * Refusals name the member at fault by JSON Pointer (RFC 6901).
 */
public final class PresenceBody {

    private static final String ID_RULE = "an unsigned 64-bit id, as a string in canonical decimal or as an integer";

    private PresenceBody() {}

    /**
     * Parses a presence.
     *
     * @throws RefusedException when it is not one JSON object or breaks a limit; the code is the JSON reason
     */
    public static JsonObject parse(String text, JsonLimits limits) throws RefusedException {
        return parse(text.getBytes(StandardCharsets.UTF_8), limits);
    }

    /** As {@link #parse(String, JsonLimits)}, from UTF-8 bytes. */
    public static JsonObject parse(byte[] utf8, JsonLimits limits) throws RefusedException {
        try {
            return JsonObject.parse(utf8, limits);
        } catch (JsonSyntaxException e) {
            throw RefusedException.of(e);
        }
    }

    /**
     * The guild that a body names.
     *
     * @throws RefusedException when {@code guild_id} is absent or no id
     */
    public static Snowflake guild(JsonObject body) throws RefusedException {
        return id(body.member("guild_id"), "/guild_id");
    }

    /**
     * The id under a member.
     *
     * @throws RefusedException when it is absent or no id
     */
    public static Snowflake id(JsonObject body, String name) throws RefusedException {
        return id(body.member(name), "/" + name);
    }

    /**
     * The user that a body names.
     *
     * @throws RefusedException when {@code user.id} is absent or no id
     */
    public static Snowflake user(JsonObject body) throws RefusedException {
        JsonValue user = body.member("user");
        if (user == null || !user.isObject()) {
            throw RefusedException.invalid("/user/id", ID_RULE);
        }
        return id(user.asObject().member("id"), "/user/id");
    }

    /**
     * The body as it is stored at an address: ids that contradict the address are corrected, keeping their type; ids
     * that are absent stay absent.
     *
     * @throws RefusedException when an id is there and is none
     */
    public static JsonObject at(JsonObject body, Snowflake guild, Snowflake user) throws RefusedException {
        JsonObject corrected = inGuild(body, guild);
        JsonValue userMember = body.member("user");
        if (userMember == null || !userMember.isObject()) {
            return corrected;
        }
        JsonObject userObject = userMember.asObject();
        JsonValue id = userObject.member("id");
        if (id == null || id(id, "/user/id").equals(user)) {
            return corrected;
        }
        return corrected.with("user", JsonValue.of(userObject.with("id", like(user, id))));
    }

    /**
     * The body with a {@code guild_id} that contradicts the guild corrected.
     *
     * @throws RefusedException when it is there and is no id
     */
    public static JsonObject inGuild(JsonObject body, Snowflake guild) throws RefusedException {
        JsonValue id = body.member("guild_id");
        if (id == null || id(id, "/guild_id").equals(guild)) {
            return body;
        }
        return body.with("guild_id", like(guild, id));
    }

    private static Snowflake id(@Nullable JsonValue value, String pointer) throws RefusedException {
        if (value == null) {
            throw RefusedException.invalid(pointer, ID_RULE);
        }
        try {
            return Snowflake.fromJson(value);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(pointer, ID_RULE);
        }
    }

    private static JsonValue like(Snowflake id, JsonValue received) {
        return received.isString() ? JsonValue.ofText(id.toString()) : JsonValue.ofUnsigned(id.value());
    }
}
