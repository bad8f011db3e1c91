package io.forebay.presence.http;

import io.forebay.command.RefusedException;
import io.forebay.http.Problem;
import io.forebay.http.calls.Refusals;
import io.forebay.presence.PresenceBody;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Snowflake;
import java.util.List;

/** The list of presences of a bulk, every element checked before the first is sent. */
final class BulkBody {
    /** The document and its array, around the levels of a presence. */
    private static final int ENVELOPE_DEPTH = 2;

    private BulkBody() {}

    static List<JsonValue> read(byte[] body, Snowflake guild, PresenceHttpConfig config) {
        JsonLimits limits = new JsonLimits(
                config.bulkBytes(),
                Math.min(config.presence().maxDepth() + ENVELOPE_DEPTH, JsonLimits.GREATEST_MAX_DEPTH));
        JsonObject document = Refusals.checked(() -> PresenceBody.parse(body, limits));
        for (JsonObject.Member member : document.members()) {
            if (!member.name().equals("presences")) {
                throw Problem.invalid("/" + member.name(), "is unknown; known is presences")
                        .exception();
            }
        }
        JsonValue presences = document.member("presences");
        if (presences == null || !presences.isArray()) {
            throw Problem.invalid("/presences", "must be an array of objects").exception();
        }
        List<JsonValue> elements = presences.elements();
        check(elements, guild, config);
        return elements;
    }

    /** Refuses a bulk by its first element that breaks a rule. */
    static void check(List<JsonValue> elements, Snowflake guild, PresenceHttpConfig config) {
        if (elements.size() > config.bulkCount()) {
            throw Problem.of(
                            413,
                            "too_large",
                            "There are too many presences",
                            "at most " + config.bulkCount() + " in a bulk")
                    .exception();
        }
        for (int i = 0; i < elements.size(); i++) {
            JsonValue element = elements.get(i);
            String place = "/presences/" + i;
            if (!element.isObject()) {
                throw Problem.invalid(place, "must be an object").exception();
            }
            if (element.length() > config.presence().maxBytes()) {
                throw Refusals.tooLarge(place, config.presence().maxBytes());
            }
            Refusals.checked(() -> {
                try {
                    PresenceBody.user(element.asObject());
                    return PresenceBody.inGuild(element.asObject(), guild);
                } catch (RefusedException e) {
                    throw e.below(place);
                }
            });
        }
    }
}
