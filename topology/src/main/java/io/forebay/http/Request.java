package io.forebay.http;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request whose route, parameters, media type and size have been checked. Headers are read strictly: one that may come
 * once and comes twice is refused rather than picked from.
 */
public final class Request {
    private static final int MAX_IDEMPOTENCY_KEY = 255;

    private final String method;
    private final String path;
    private final Map<String, String> pathParameters;
    private final Map<String, List<String>> parameters;
    private final Headers headers;
    private final byte[] body;
    private final Claims claims;
    private final boolean fromLoopback;
    private @Nullable String id;

    Request(
            String method,
            String path,
            Map<String, String> pathParameters,
            Map<String, List<String>> parameters,
            Headers headers,
            byte[] body,
            Claims claims,
            boolean fromLoopback) {
        this.fromLoopback = fromLoopback;
        this.method = method;
        this.path = path;
        this.pathParameters = pathParameters;
        this.parameters = parameters;
        this.headers = headers;
        this.body = body;
        this.claims = claims;
    }

    /** All values of a header, by any spelling of its name. */
    @FunctionalInterface
    interface Headers {
        /** The values, in their order; empty where the header is absent. */
        List<String> all(String name);
    }

    /** The method, upper case; {@code GET} for a HEAD. */
    public String method() {
        return method;
    }

    /** The raw path. */
    public String path() {
        return path;
    }

    /** A segment of the path, decoded. */
    public String pathParameter(String name) {
        return RawTarget.decode(rawPathParameter(name), false, name);
    }

    /** The segments that the rest of the template takes, each decoded. */
    public List<String> pathParts(String name) {
        return HeaderSyntax.splitPlain(rawPathParameter(name), '/').stream()
                .map(segment -> RawTarget.decode(segment, false, name))
                .toList();
    }

    /** What a parameter of the template takes of the path, as it came. */
    public String rawPathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no path parameter " + name);
        }
        return value;
    }

    /** A query parameter that may come once, or null. */
    public @Nullable String parameter(String name) {
        List<String> values = parameters(name);
        if (values.size() > 1) {
            throw Problem.invalid(name, "may be given once").exception();
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** All values of a query parameter, in their order. */
    public List<String> parameters(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /** A query parameter that is a whole number in a range, or what it is when absent. */
    public int integerParameter(String name, int min, int max, int absent) {
        String text = parameter(name);
        if (text == null) {
            return absent;
        }
        if (!text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw Problem.invalid(name, "must be an integer from " + min + " to " + max)
                .exception();
    }

    /** A query parameter that is {@code true} or {@code false}; false when absent. */
    public boolean booleanParameter(String name) {
        String text = parameter(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw Problem.invalid(name, "must be true or false").exception();
    }

    /** A header that may come once, or null. */
    public @Nullable String header(String name) {
        return single(headers, name);
    }

    static @Nullable String single(Headers headers, String name) {
        List<String> values = headers.all(name);
        if (values.size() > 1) {
            throw Problem.invalid(name, "may be given once").exception();
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** All values of a header, in their order. */
    public List<String> headers(String name) {
        return headers.all(name);
    }

    /** The body; empty where the route takes none. Not copied: the caller may keep it, and nobody else does. */
    public byte[] body() {
        return body;
    }

    /** Who asks. */
    public Claims claims() {
        return claims;
    }

    /** Whether the caller is on this machine, as far as the connection tells. */
    public boolean isFromLoopback() {
        return fromLoopback;
    }

    /**
     * The id under which the outcome of this request is kept: of the {@code Idempotency-Key} and the subject where the
     * caller gave a key, random otherwise.
     */
    public synchronized String id() {
        String known = id;
        if (known == null) {
            known = requestId();
            id = known;
        }
        return known;
    }

    /** Whether {@link #id()} comes from an {@code Idempotency-Key}. */
    public boolean isRepeatable() {
        return idempotencyKey().isPresent();
    }

    /** The {@code Idempotency-Key}, checked. */
    public Optional<String> idempotencyKey() {
        String key = header("Idempotency-Key");
        if (key != null && !HeaderSyntax.isVisible(key, MAX_IDEMPOTENCY_KEY)) {
            throw Problem.invalid("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
                    .exception();
        }
        return Optional.ofNullable(key);
    }

    /** The position that answers must have reached ({@code Forebay-At-Least}); empty where the caller asks for none. */
    public Position atLeast() {
        Position position = Position.empty();
        for (String value : headers.all(Response.AT_LEAST)) {
            for (String token : HeaderSyntax.split(value, ',')) {
                try {
                    position = position.merge(Position.parse(token));
                } catch (IllegalArgumentException e) {
                    throw Problem.invalid(Response.AT_LEAST, "must be a token from a " + Response.POSITION + " header")
                            .exception();
                }
            }
        }
        return position;
    }

    /** How the caller wants to be answered. */
    public Prefer prefer() {
        return Prefer.parse(headers.all("Prefer"));
    }

    /** Whether the caller asks for an event stream rather than a document. */
    public boolean wantsEvents() {
        return acceptsEvents(headers);
    }

    static boolean acceptsEvents(Headers headers) {
        for (String value : headers.all("Accept")) {
            for (String range : HeaderSyntax.split(value, ',')) {
                List<String> parts = HeaderSyntax.split(range, ';');
                boolean refused =
                        parts.stream().anyMatch(part -> part.replace(" ", "").matches("[qQ]=0(\\.0*)?"));
                if (parts.get(0).equalsIgnoreCase("text/event-stream") && !refused) {
                    return true;
                }
            }
        }
        return false;
    }

    private String requestId() {
        String subject = claims.subject();
        return idempotencyKey()
                .map(key -> subject == null ? key : Path.of(subject, key).toString())
                .orElseGet(() -> UUID.randomUUID().toString());
    }
}
