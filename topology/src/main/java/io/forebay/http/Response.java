package io.forebay.http;

import io.forebay.schemas.position.Position;
import io.forebay.stream.EventSink;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer: a status with headers and a body, or a stream of events.
 *
 * @param status the HTTP status
 * @param headers the headers by name
 * @param body the body, or null for none; not copied
 * @param events takes the sink of an opened event stream, or null where the answer is a document
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: never compared, its body never altered
public record Response(
        int status,
        Map<String, String> headers,
        byte @Nullable [] body,
        @Nullable Consumer<EventSink> events) {

    /** The header of an answer's position. */
    public static final String POSITION = "Forebay-Position";
    /** The header of the position that an answer must have reached. */
    public static final String AT_LEAST = "Forebay-At-Least";

    public Response {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** 200 with a JSON document. */
    public static Response json(byte[] body) {
        return json(200, body);
    }

    /** A JSON document with a status. */
    public static Response json(int status, byte[] body) {
        return of(status, "application/json", body);
    }

    /** A JSON document, given as text. */
    public static Response json(int status, String body) {
        return json(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** 204. */
    public static Response noContent() {
        return new Response(204, Map.of(), null, null);
    }

    /** A body of any media type. */
    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, Map.of("Content-Type", contentType), body, null);
    }

    /** A problem document. */
    public static Response problem(Problem problem) {
        return of(problem.status(), "application/problem+json", ProblemJson.write(problem))
                .withHeaders(problem.headers());
    }

    /**
     * 200 with a stream of events.
     *
     * @param opener is given the sink once the head of the answer is written; what it throws closes the stream
     */
    public static Response events(Consumer<EventSink> opener) {
        return new Response(200, Map.of("Content-Type", "text/event-stream"), null, opener);
    }

    /** The same answer with one more header. */
    public Response with(String name, String value) {
        return withHeaders(Map.of(name, value));
    }

    /** The same answer with its position; an empty position adds nothing. */
    public Response at(Position position) {
        return position.isEmpty() ? this : with(POSITION, position.token());
    }

    /** The same answer with a strong entity tag: a GET whose {@code If-None-Match} names it becomes a 304. */
    public Response tagged(String opaque) {
        return with("ETag", '"' + opaque + '"');
    }

    private Response withHeaders(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Response(status, all, body, events);
    }
}
