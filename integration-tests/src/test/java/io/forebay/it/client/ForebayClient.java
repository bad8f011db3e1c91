package io.forebay.it.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP to one Forebay. Immutable and safe for any number of threads; bodies go out exactly as given. */
public final class ForebayClient {
    /** The header that answers the position of a write or a read. */
    public static final String POSITION = "Forebay-Position";

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final URI base;
    private final @Nullable String token;

    public ForebayClient(URI base) {
        this(base, null);
    }

    private ForebayClient(URI base, @Nullable String token) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        this.base = base;
        this.token = token;
    }

    /** One that shows a token with every request. */
    public ForebayClient withToken(String shown) {
        return new ForebayClient(base, shown);
    }

    public URI base() {
        return base;
    }

    /** Starts a request; {@code path} is raw, from the leading slash, already percent-encoded, with its query. */
    public Call call(String method, String path) {
        return new Call(method, path);
    }

    public Reply get(String path) {
        return call("GET", path).send();
    }

    /** A read that covers {@code position}. */
    public Reply get(String path, @Nullable String position) {
        return call("GET", path).atLeast(position).send();
    }

    public Reply post(String path, String body) {
        return call("POST", path).json(body).send();
    }

    public Reply put(String path, String body) {
        return call("PUT", path).json(body).send();
    }

    public Reply patch(String path, String body) {
        return call("PATCH", path).json(body).send();
    }

    public Reply delete(String path) {
        return call("DELETE", path).send();
    }

    /** Opens an event stream; returns when its headers are there. */
    public EventStream stream(String path, @Nullable String lastEventId) {
        HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return EventStream.open(http, request.build());
    }

    /** Encodes one query parameter value. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base.toString() + path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** A request being built. */
    public final class Call {
        private final String method;
        private final String path;
        private final List<String> headers = new ArrayList<>();
        private byte @Nullable [] body;

        private Call(String method, String path) {
            this.method = method;
            this.path = path;
        }

        public Call header(String name, String value) {
            headers.add(name);
            headers.add(value);
            return this;
        }

        /** Asks for an answer at or after a position; null asks for none. */
        public Call atLeast(@Nullable String position) {
            return position == null ? this : header("Forebay-At-Least", position);
        }

        public Call idempotencyKey(String key) {
            return header("Idempotency-Key", key);
        }

        public Call prefer(String preference) {
            return header("Prefer", preference);
        }

        public Call json(String text) {
            return body("application/json", text.getBytes(StandardCharsets.UTF_8));
        }

        public Call body(String contentType, byte[] bytes) {
            return body(bytes).header("Content-Type", contentType);
        }

        public Call body(byte[] bytes) {
            body = bytes.clone();
            return this;
        }

        /**
         * Sends it and waits for the answer.
         *
         * @throws UncheckedIOException when no answer came: a write may or may not have happened
         */
        public Reply send() {
            HttpRequest.Builder request = request(path)
                    .timeout(REQUEST_TIMEOUT)
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(body));
            if (!headers.isEmpty()) {
                request.headers(headers.toArray(String[]::new));
            }
            try {
                HttpResponse<String> response =
                        http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                return new Reply(response.statusCode(), response.headers(), response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** An answer: its status, headers and body as received. */
    public record Reply(int status, java.net.http.HttpHeaders headers, String text) {
        /** The body as JSON; numbers keep their value whatever their size. */
        public JsonNode json() {
            return Json.parse(text);
        }

        /** The position token of the answer, null when it has none. */
        public @Nullable String position() {
            return header(POSITION);
        }

        public @Nullable String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** The stable code of a problem document, or an empty string. */
        public String code() {
            return isSuccess() || text.isEmpty() ? "" : json().path("code").asText();
        }

        /** This reply, if it succeeded. */
        public Reply orFail() {
            if (!isSuccess()) {
                throw new AssertionError("unexpected answer " + status + ": " + text);
            }
            return this;
        }

        @Override
        public String toString() {
            return status + " " + text;
        }
    }
}
