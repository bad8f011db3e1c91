package io.forebay.keys.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * How long a record lives.
 *
 * @param ttlMs milliseconds, null for ever
 * @param sliding whether reading it starts its lifetime anew
 */
record Lifetime(@Nullable Long ttlMs, boolean sliding) {
    static final Lifetime ENDLESS = new Lifetime(null, false);

    private static final String TTL_RULE = "must be an integer from 0 to " + Long.MAX_VALUE;

    /** Whether there is none: nothing is stored, and what was there goes. */
    boolean isNone() {
        return ttlMs != null && ttlMs == 0;
    }

    static Lifetime of(Request request) {
        String ttl = request.parameter("ttl_ms");
        boolean sliding = request.booleanParameter("sliding");
        if (ttl == null && sliding) {
            throw Problem.invalid("sliding", "takes a ttl_ms").exception();
        }
        return new Lifetime(ttl == null ? null : milliseconds(ttl, "ttl_ms"), sliding);
    }

    /** What an object says, and the usual where it says nothing; a null {@code ttl_ms} is for ever. */
    static Lifetime of(JsonObject object, String pointer, Lifetime usual) {
        Long ttlMs = usual.ttlMs();
        boolean sliding = usual.sliding();
        JsonValue ttl = object.member("ttl_ms");
        if (ttl != null) {
            ttlMs = ttl.isNull() ? null : milliseconds(ttl.raw(), pointer + "/ttl_ms");
            sliding = sliding && ttlMs != null;
        }
        JsonValue slides = object.member("sliding");
        if (slides != null) {
            if (!slides.isBoolean()) {
                throw Problem.invalid(pointer + "/sliding", "must be true or false")
                        .exception();
            }
            sliding = slides.asBoolean();
        }
        if (sliding && ttlMs == null) {
            throw Problem.invalid(pointer + "/sliding", "takes a ttl_ms").exception();
        }
        return new Lifetime(ttlMs, sliding);
    }

    private static long milliseconds(String text, String field) {
        if (!text.matches("[0-9]{1,19}")) {
            throw Problem.invalid(field, TTL_RULE).exception();
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.invalid(field, TTL_RULE).exception();
        }
    }
}
