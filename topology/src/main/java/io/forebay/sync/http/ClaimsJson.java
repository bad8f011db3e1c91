package io.forebay.sync.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.http.Claims;
import io.forebay.schemas.json.JsonObject;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.rule.OwnRule;
import io.forebay.sync.rule.Sight;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The claims of who asks, for the rules. They are those of the request's token and never what a body says. What a token says of itself is
 * left out: it is another with each token, and what somebody may see does not follow from it, so a new token is nothing new to a subscription.
 */
final class ClaimsJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** When it was issued and holds, and its id (RFC 7519, 4.1). */
    private static final Set<String> OF_THE_TOKEN = Set.of("exp", "nbf", "iat", "jti");

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
        Map<String, Object> kept = new TreeMap<>(claims.values());
        kept.keySet().removeAll(OF_THE_TOKEN);
        try {
            return JSON.writeValueAsString(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("claims that are not JSON", e);
        }
    }
}
