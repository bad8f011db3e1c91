package io.forebay.http;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request: the claims of a verified token, or nobody in particular where identity is not configured.
 *
 * @param values the claims by name, with the types that JSON gives them
 */
public record Claims(Map<String, Object> values) {
    /** Nobody in particular. */
    public static final Claims ANONYMOUS = new Claims(Map.of());

    /** The last second of the year 9999: later ends are as good as none, and do not overflow. */
    private static final long LATEST_SECOND = 253_402_300_799L;

    public Claims {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The subject ({@code sub}), or null for a request without identity. */
    public @Nullable String subject() {
        return values.get("sub") instanceof String text ? text : null;
    }

    /** When the token ends ({@code exp}), or null for a request without identity. */
    public @Nullable Instant expiry() {
        return values.get("exp") instanceof Number seconds
                ? Instant.ofEpochSecond(Math.max(0, Math.min(seconds.longValue(), LATEST_SECOND)))
                : null;
    }
}
