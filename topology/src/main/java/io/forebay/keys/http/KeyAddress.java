package io.forebay.keys.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.calls.Refusals;
import io.forebay.keys.KeyLimits;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request points to: a namespace, a key in it, or what a match meets in it. A key stands in the path or, since not
 * every part survives every client there, as a JSON array in a parameter beside {@code ns}. A {@code *} is written as it is
 * in matches only; as part of a key it is {@code %2A}, so that a match that ends up in the wrong call does no harm.
 */
final class KeyAddress {
    private static final String KEY_RULE = "must be an array of strings, at least one";

    private final KeyLimits limits;

    KeyAddress(KeyLimits limits) {
        this.limits = limits;
    }

    /** The namespace in the path. */
    static String namespaceOfPath(Request request) {
        refuseWildcards(request, "ns");
        return request.pathParameter("ns");
    }

    /** The namespace in the parameter. */
    static String namespaceOfParameter(Request request) {
        String namespace = request.parameter("ns");
        if (namespace == null) {
            throw Problem.invalid("ns", "must be given").exception();
        }
        return namespace;
    }

    /** The key in the path. */
    Path keyOfPath(Request request) {
        List<String> parts = new ArrayList<>();
        parts.add(namespaceOfPath(request));
        refuseWildcards(request, "key");
        parts.addAll(request.pathParts("key"));
        return checked(Path.of(parts), "key");
    }

    /** The key in the parameters. */
    Path keyOfParameter(Request request) {
        String namespace = namespaceOfParameter(request);
        String json = request.parameter("key");
        if (json == null) {
            throw Problem.invalid("key", "must be given").exception();
        }
        try {
            return below(namespace, Path.fromJson(json).parts(), "key");
        } catch (PathSyntaxException e) {
            throw Problem.invalid("key", KEY_RULE).exception();
        }
    }

    /** A key in a body. */
    Path keyOfBody(String namespace, @Nullable JsonValue json, String pointer) {
        if (json == null || !json.isArray()) {
            throw Problem.invalid(pointer, KEY_RULE).exception();
        }
        List<String> parts = new ArrayList<>();
        for (JsonValue part : json.elements()) {
            if (!part.isString()) {
                throw Problem.invalid(pointer, KEY_RULE).exception();
            }
            parts.add(part.asText());
        }
        if (parts.isEmpty()) {
            throw Problem.invalid(pointer, KEY_RULE).exception();
        }
        return below(namespace, parts, pointer);
    }

    /** The match in the parameter, or null where there is none. */
    @Nullable
    PathMatch match(Request request, String namespace) {
        String text = request.parameter("match");
        return text == null ? null : match(namespace, text, "match");
    }

    /** A match in its text form or in JSON, below a namespace. */
    PathMatch match(String namespace, String text, String field) {
        PathMatch match;
        try {
            if (text.isEmpty()) {
                throw Problem.invalid(field, "must be a match; the key of one empty part is [\"\"]")
                        .exception();
            }
            String canonical = text.startsWith("[") ? PathMatch.fromJson(text).toString() : text;
            match = PathMatch.parse(Path.of(namespace) + "/" + canonical);
        } catch (PathSyntaxException e) {
            throw Problem.invalid(
                            field,
                            "must be a match, such as users/*/session/* or [\"users\",{\"any\":true},{\"rest\":true}]: "
                                    + e.reason().rule())
                    .exception();
        }
        return Refusals.checked(() -> limits.match(match, field));
    }

    /** The match that every key of a namespace meets. */
    static PathMatch all(String namespace) {
        return PathMatch.parse(Path.of(namespace) + "/**");
    }

    private static void refuseWildcards(Request request, String name) {
        if (request.rawPathParameter(name).indexOf('*') >= 0) {
            throw Problem.invalid(name, "is no match: a literal * is written %2A")
                    .exception();
        }
    }

    private Path below(String namespace, List<String> parts, String field) {
        List<String> all = new ArrayList<>(parts.size() + 1);
        all.add(namespace);
        all.addAll(parts);
        try {
            return checked(Path.of(all), field);
        } catch (PathSyntaxException e) {
            throw Problem.invalid(field, e.reason().rule()).exception();
        }
    }

    private Path checked(Path key, String field) {
        return Refusals.checked(() -> limits.key(key, field));
    }
}
