package io.forebay.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The preferences of a request that Forebay knows (RFC 7240): {@code respond-async} and {@code wait=N}. Others, and those
 * that are malformed, are ignored, as the RFC asks; of one that is repeated the first counts.
 *
 * @param respondAsync answer 202 without waiting for the outcome
 * @param maxWait how long to wait for the outcome before answering 202, or null where the caller does not say
 */
public record Prefer(boolean respondAsync, @Nullable Duration maxWait) {
    /** No preference. */
    public static final Prefer NONE = new Prefer(false, null);

    private static final int MAX_WAIT_SECONDS = 60;

    /** Reads the values of all {@code Prefer} headers of a request. */
    static Prefer parse(List<String> values) {
        boolean async = false;
        Duration wait = null;
        for (String value : values) {
            for (String preference : HeaderSyntax.split(value, ',')) {
                String token = HeaderSyntax.split(preference, ';').get(0);
                int equals = token.indexOf('=');
                String name =
                        (equals < 0 ? token : token.substring(0, equals)).trim().toLowerCase(Locale.ROOT);
                String argument = equals < 0
                        ? ""
                        : HeaderSyntax.unquote(token.substring(equals + 1).trim());
                if (name.equals("respond-async") && argument.isEmpty()) {
                    async = true;
                } else if (name.equals("wait") && wait == null) {
                    wait = seconds(argument);
                }
            }
        }
        return async || wait != null ? new Prefer(async, wait) : NONE;
    }

    private static @Nullable Duration seconds(String argument) {
        if (argument.isEmpty() || argument.length() > 9 || !argument.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        return Duration.ofSeconds(Math.min(Integer.parseInt(argument), MAX_WAIT_SECONDS));
    }
}
