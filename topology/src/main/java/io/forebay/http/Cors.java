package io.forebay.http;

import io.vertx.core.MultiMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which pages of other origins may call (the Fetch standard's CORS protocol). Credentials are tokens, never cookies. */
final class Cors {
    private static final String EXPOSED =
            "Cache-Status, ETag, Forebay-Lease, Forebay-Position, Location, Preference-Applied, Retry-After, WWW-Authenticate";
    private static final String ALLOWED = "Accept, Authorization, Content-Type, Forebay-At-Least, Forebay-Lease,"
            + " Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer";

    private final Set<String> origins;

    Cors(Set<String> origins) {
        this.origins = origins;
    }

    void addTo(MultiMap response, @Nullable String origin) {
        if (origins.isEmpty()) {
            return;
        }
        if (origins.contains("*")) {
            response.set("Access-Control-Allow-Origin", "*");
        } else {
            response.add("Vary", "Origin");
            if (origin == null || !origins.contains(origin)) {
                return;
            }
            response.set("Access-Control-Allow-Origin", origin);
        }
        response.set("Access-Control-Expose-Headers", EXPOSED);
    }

    void addPreflightTo(MultiMap response, String methods) {
        if (response.contains("Access-Control-Allow-Origin")) {
            response.set("Access-Control-Allow-Methods", methods);
            response.set("Access-Control-Allow-Headers", ALLOWED);
            response.set("Access-Control-Max-Age", "600");
        }
    }
}
