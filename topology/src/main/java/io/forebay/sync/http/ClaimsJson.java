package io.forebay.sync.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.http.Claims;
import org.jspecify.annotations.Nullable;

/** The claims of who asks, for the rules. They are those of the request's token and never what a body says. */
final class ClaimsJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ClaimsJson() {}

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
