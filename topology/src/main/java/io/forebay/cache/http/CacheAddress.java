package io.forebay.cache.http;

import io.forebay.cache.CacheRules;
import io.forebay.cache.state.CacheKey;
import io.forebay.command.RefusedException;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.calls.Refusals;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import org.jspecify.annotations.Nullable;

/** What a call is about: a cache, an entry, a match, a lifetime, a lease. */
final class CacheAddress {
    /** The header of a lease. */
    static final String LEASE = "Forebay-Lease";

    private static final String LIFETIME_RULE = "must be a whole number of seconds, 0 or greater, or \"infinity\"";

    private final CacheRules rules;

    CacheAddress(CacheRules rules) {
        this.rules = rules;
    }

    static String cache(Request request) {
        refuseWildcards(request, "cache");
        return request.pathParameter("cache");
    }

    /** The entry in the path. */
    Path key(Request request) {
        String cache = cache(request);
        refuseWildcards(request, "key");
        Path key = CacheKey.of(cache, request.pathParts("key"));
        return Refusals.checked(() -> rules.key(key, "key"));
    }

    /** The match in the parameter, within the cache in the path. */
    PathMatch match(Request request, String text) {
        PathMatch match;
        try {
            String canonical = text.startsWith("[") ? PathMatch.fromJson(text).toString() : text;
            match = PathMatch.parse(Path.of(CacheKey.namespace(cache(request))) + "/" + canonical);
        } catch (PathSyntaxException e) {
            throw Problem.invalid(
                            "match",
                            "must be a match, such as users/*/posts or [\"users\",{\"any\":true},{\"rest\":true}]: "
                                    + e.reason().rule())
                    .exception();
        }
        return Refusals.checked(() -> rules.match(match, "match"));
    }

    /** The lifetime in the body, in seconds; null for infinity. */
    static @Nullable Long lifetime(byte[] body) {
        if (body.length == 0) {
            return null;
        }
        JsonObject document;
        try {
            document = JsonObject.parse(body, JsonLimits.defaults());
        } catch (JsonSyntaxException e) {
            throw Refusals.problem(RefusedException.of(e)).exception();
        }
        for (JsonObject.Member member : document.members()) {
            if (!member.name().equals("lifetime")) {
                throw Problem.invalid("/" + member.name(), "is unknown; known is lifetime")
                        .exception();
            }
        }
        JsonValue lifetime = document.member("lifetime");
        if (lifetime == null || (lifetime.isString() && lifetime.asText().equals("infinity"))) {
            return null;
        }
        if (!lifetime.isNumber() || !lifetime.raw().matches("[0-9]{1,18}")) {
            throw Problem.invalid("/lifetime", LIFETIME_RULE).exception();
        }
        return Long.parseLong(lifetime.raw());
    }

    /** The lease in the header; null where there is none. */
    static @Nullable Long lease(Request request) {
        String lease = request.header(LEASE);
        if (lease == null) {
            return null;
        }
        if (!lease.matches("[0-9]{1,18}")) {
            throw Problem.invalid(LEASE, "must be the one that a call was answered with")
                    .exception();
        }
        return Long.parseLong(lease);
    }

    private static void refuseWildcards(Request request, String name) {
        if (request.rawPathParameter(name).indexOf('*') >= 0) {
            throw Problem.invalid(name, "is no match: a literal * is written %2A")
                    .exception();
        }
    }
}
