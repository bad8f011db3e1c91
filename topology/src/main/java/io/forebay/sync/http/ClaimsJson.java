package io.forebay.sync.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.http.Claims;
import io.forebay.schemas.json.JsonObject;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.rule.OwnRule;
import io.forebay.sync.rule.Sight;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The claims of who asks, for the rules. They are those of the request's token and never what a body says. */
final class ClaimsJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ClaimsJson() {}

    /** What may be read by who asks. */
    static Sight sight(Claims claims, AccessRules rules) {
        String text = text(claims);
        JsonObject object = text == null ? null : JsonObject.parse(text);
        return rules.sight(object, OwnRule.NONE, Map.of());
    }

    /** The text of a JSON object; null for a request without identity. */
    static @Nullable String text(Claims claims) {
        if (claims.values().isEmpty()) {
            return null;
        }
        try {
            return JSON.writeValueAsString(claims.values());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("claims that are not JSON", e);
        }
    }
}
