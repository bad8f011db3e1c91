package io.forebay.presence.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.schemas.path.Snowflake;
import org.jspecify.annotations.Nullable;

/** Ids in paths and queries. */
final class Ids {
    private static final String RULE = "must be an unsigned 64-bit id in canonical decimal";

    private Ids() {}

    static Snowflake path(Request request, String name) {
        return parse(request.pathParameter(name), name);
    }

    static @Nullable Snowflake parameter(Request request, String name) {
        String text = request.parameter(name);
        return text == null ? null : parse(text, name);
    }

    private static Snowflake parse(String text, String name) {
        try {
            return Snowflake.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(name, RULE).exception();
        }
    }
}
