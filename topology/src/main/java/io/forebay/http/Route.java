package io.forebay.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API: a method on a path, what it takes, and who answers it.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}; {@code HEAD} comes with
 *     {@code GET}, {@code OPTIONS} with every path
 * @param template a path of literal segments and {@code {name}} segments; each of the latter takes one raw segment that
 *     is not empty, percent-decoded once. A literal end may follow ({@code {name}:verb}). A last {@code {name...}} takes
 *     one raw segment or more, empty ones too, see {@link Request#pathParts}
 * @param parameters the query parameters it takes; any other is refused
 * @param body the body it takes, or null for none
 * @param isPublic whether it is answered without a token where identity is configured
 * @param offLoop whether its handler may block or compute for long, so that it runs on a worker thread
 * @param stream whether it answers {@code Accept: text/event-stream}, and so takes a stream ticket too
 * @param handler answers the call
 */
public record Route(
        String method,
        String template,
        Set<String> parameters,
        @Nullable Body body,
        boolean isPublic,
        boolean offLoop,
        boolean stream,
        Handler handler) {

    /** The query parameter that carries a stream ticket. */
    public static final String TICKET = "ticket";

    /** How a template ends that takes the rest of the path. */
    static final String REST = "...}";

    public Route {
        parameters = Set.copyOf(parameters);
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("template must start with '/': " + template);
        }
    }

    /**
     * A body.
     *
     * @param mediaTypes the media types it may have, without parameters, in lower case
     * @param maxBytes more than this is refused with 413 while it arrives
     */
    public record Body(Set<String> mediaTypes, long maxBytes) {
        private static final String ANY = "*/*";

        public Body {
            mediaTypes = Set.copyOf(mediaTypes);
        }

        /** Bytes of any media type, or of none. */
        public static Body any(long maxBytes) {
            return new Body(Set.of(ANY), maxBytes);
        }

        /** Whether the media type is the caller's to say. */
        boolean isAny() {
            return mediaTypes.contains(ANY);
        }

        /** A JSON document. */
        public static Body json(long maxBytes) {
            return new Body(Set.of("application/json"), maxBytes);
        }

        @Override
        public Set<String> mediaTypes() {
            return new TreeSet<>(mediaTypes);
        }
    }

    /** A GET. */
    public static Route get(String template, Handler handler) {
        return of("GET", template, handler);
    }

    /** A DELETE. */
    public static Route delete(String template, Handler handler) {
        return of("DELETE", template, handler);
    }

    /** A route of any method, with no parameters and no body. */
    public static Route of(String method, String template, Handler handler) {
        return new Route(method, template, Set.of(), null, false, false, false, handler);
    }

    /** The same route, taking these query parameters. */
    public Route parameters(String... names) {
        return new Route(
                method, template, new LinkedHashSet<>(List.of(names)), body, isPublic, offLoop, stream, handler);
    }

    /** The same route, taking a body. */
    public Route body(Body taken) {
        return new Route(method, template, parameters, taken, isPublic, offLoop, stream, handler);
    }

    /** The same route, answered without identity. */
    public Route open() {
        return new Route(method, template, parameters, body, true, offLoop, stream, handler);
    }

    /** The same route, its handler run on a worker thread. */
    public Route onWorker() {
        return new Route(method, template, parameters, body, isPublic, true, stream, handler);
    }

    /** The same route, which also answers as an event stream and takes the parameter {@code ticket}. */
    public Route streaming() {
        Set<String> more = new LinkedHashSet<>(parameters);
        more.add(TICKET);
        return new Route(method, template, more, body, isPublic, offLoop, true, handler);
    }
}
