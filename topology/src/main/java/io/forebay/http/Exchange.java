package io.forebay.http;

import io.forebay.stream.EventSink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer. The order of the checks is the order of {@link #begin}: target,
 * path, method, identity, parameters, media type, size; the handler sees only what passed them all. Confined to the event
 * loop of its connection, but for the handler and what completes its stage.
 */
final class Exchange extends Connections.Progress {
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence CSP = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence NO_CONTENT = HttpHeaders.createOptimized("default-src 'none'");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("Referrer-Policy");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");

    /** Bodies above this are not parsed on an event loop. */
    private static final int SMALL_BODY = 32 * 1024;

    private static final long DISCARD_BYTES = 1024 * 1024;
    private static final long DISCARD_MS = 2_000;

    private final ServerParts parts;
    private final Connections connections;
    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Request.Headers headers;
    private final long startedNanos = System.nanoTime();
    private final String method;
    private String template = "unknown";
    private Claims claims = Claims.ANONYMOUS;
    private boolean bodyEnded;
    private boolean answered;
    private boolean finished;
    private long buffered;

    Exchange(ServerParts parts, Connections connections, Vertx vertx, Context context, HttpServerRequest request) {
        this.parts = parts;
        this.connections = connections;
        this.vertx = vertx;
        this.context = context;
        this.request = request;
        this.response = request.response();
        this.headers = request.headers()::getAll;
        this.method = request.method().name();
    }

    void begin() {
        connections.begun(request.connection(), this);
        response.closeHandler(v -> finish());
        request.exceptionHandler(e -> finish());
        request.endHandler(v -> bodyEnded = true);
        try {
            parts.hostRule().check(request);
            RawTarget target = RawTarget.parse(request.uri());
            RouteTable.Match match = parts.routes().find(target.segments());
            if (match == null) {
                throw Problem.of(404, "route_not_found", "There is no such path", null)
                        .exception();
            }
            if (method.equals("OPTIONS")) {
                answerOptions(match);
                return;
            }
            Route route = match.byMethod().get(method.equals("HEAD") ? "GET" : method);
            if (route == null) {
                throw Problem.of(405, "method_not_allowed", "The path does not take this method", null)
                        .withHeader("Allow", methods(match))
                        .exception();
            }
            template = route.template();
            Map<String, List<String>> parameters = target.parameters();
            Map<String, String> pathParameters = match.parametersOf(route);
            CompletionStage<Claims> identity = parts.identity().of(route, headers, parameters);
            request.pause();
            identity.whenComplete(onLoop((known, failure) -> {
                if (failure != null) {
                    fail(failure);
                } else {
                    claims = known;
                    receive(route, target, pathParameters, parameters);
                }
                request.resume();
            }));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void receive(
            Route route, RawTarget target, Map<String, String> pathParameters, Map<String, List<String>> parameters) {
        try {
            checkParameters(route, parameters);
            long announced = announcedLength();
            checkBody(route, announced);
            if (bodyEnded || (route.body() == null && announced <= 0 && !isChunked())) {
                handle(route, target, pathParameters, parameters, new byte[0]);
                return;
            }
            if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
                response.writeContinue();
            }
            BodyBuffer body = new BodyBuffer(announced);
            long max = maxBody(route);
            reading();
            request.handler(chunk -> take(chunk, body, route, max));
            request.endHandler(v -> {
                bodyEnded = true;
                if (!answered) {
                    handle(route, target, pathParameters, parameters, body.take());
                }
            });
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private static void checkParameters(Route route, Map<String, List<String>> parameters) {
        for (String name : parameters.keySet()) {
            if (!route.parameters().contains(name)) {
                throw new Problem(
                                400,
                                "unknown_parameter",
                                "The call does not take this query parameter",
                                null,
                                List.of(new FieldProblem(
                                        name,
                                        route.parameters().isEmpty()
                                                ? "the call takes none"
                                                : "known are " + String.join(", ", new TreeSet<>(route.parameters())))),
                                Map.of())
                        .exception();
            }
        }
    }

    private void checkBody(Route route, long announced) {
        Route.Body body = route.body();
        if (body == null) {
            if (announced > 0) {
                throw noBody();
            }
            return;
        }
        String type = Request.single(headers, "Content-Type");
        List<String> typeParts = HeaderSyntax.split(type == null ? "" : type, ';');
        if (!body.isAny()
                && (!body.mediaTypes().contains(typeParts.get(0).toLowerCase(Locale.ROOT)) || !isUtf8(typeParts))) {
            throw unsupported("Content-Type", String.join(" or ", body.mediaTypes()) + " in UTF-8");
        }
        String encoding = Request.single(headers, "Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("Content-Encoding", "identity");
        }
        if (announced > maxBody(route)) {
            throw tooLarge(maxBody(route));
        }
    }

    private static boolean isUtf8(List<String> mediaTypeParts) {
        return mediaTypeParts.stream()
                .skip(1)
                .map(part -> part.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", ""))
                .filter(part -> part.startsWith("charset="))
                .allMatch(part -> part.equals("charset=utf-8"));
    }

    private void take(Buffer chunk, BodyBuffer body, Route route, long max) {
        if (answered) {
            return;
        }
        if (route.body() == null) {
            fail(noBody());
        } else if ((long) body.length() + chunk.length() > max) {
            body.take();
            fail(tooLarge(max));
        } else if (!reserve(chunk.length())) {
            body.take();
            fail(Failures.overloaded().exception());
        } else {
            body.add(chunk);
            received(chunk.length());
        }
    }

    private boolean reserve(int bytes) {
        buffered += bytes;
        return parts.buffered().addAndGet(bytes) <= parts.config().limits().buffered();
    }

    private void handle(
            Route route,
            RawTarget target,
            Map<String, String> pathParameters,
            Map<String, List<String>> parameters,
            byte[] body) {
        handling();
        try {
            Request seen = new Request(
                    method.equals("HEAD") ? "GET" : method,
                    target.path(),
                    pathParameters,
                    parameters,
                    headers,
                    body,
                    claims,
                    HostRule.isLoopback(request.remoteAddress().hostAddress()));
            if (route.offLoop() || body.length > SMALL_BODY) {
                parts.workers().execute(() -> run(route, seen));
            } else {
                run(route, seen);
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void run(Route route, Request seen) {
        try {
            route.handler().handle(seen).whenComplete(onLoop((answer, failure) -> {
                if (failure != null) {
                    fail(failure);
                } else {
                    answer(answer);
                }
            }));
        } catch (RuntimeException e) {
            onLoop((ignored, failure) -> fail(e)).accept(null, null);
        }
    }

    private void answerOptions(RouteTable.Match match) {
        String methods = methods(match);
        Response answer = Response.noContent().with("Allow", methods);
        parts.cors().addTo(response.headers(), request.getHeader("Origin"));
        if (request.getHeader("Access-Control-Request-Method") != null) {
            parts.cors().addPreflightTo(response.headers(), methods);
        }
        write(answer);
    }

    private static String methods(RouteTable.Match match) {
        TreeSet<String> methods = new TreeSet<>(match.byMethod().keySet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }

    private void fail(Throwable failure) {
        answer(Response.problem(Failures.problem(failure, method, template)));
    }

    private void answer(Response answer) {
        if (answered) {
            return;
        }
        String origin = request.getHeader("Origin");
        parts.cors().addTo(response.headers(), origin);
        Consumer<EventSink> opener = answer.events();
        if (opener != null && method.equals("GET")) {
            try {
                stream(answer, opener);
            } catch (RuntimeException e) {
                write(Response.problem(Failures.problem(e, method, template)));
            }
        } else {
            write(isUnmodified(answer) ? notModified(answer) : answer);
        }
    }

    private boolean isUnmodified(Response answer) {
        String tag = answer.headers().get("ETag");
        if (tag == null || answer.status() != 200 || !(method.equals("GET") || method.equals("HEAD"))) {
            return false;
        }
        for (String value : headers.all("If-None-Match")) {
            for (String candidate : HeaderSyntax.split(value, ',')) {
                String strong = candidate.startsWith("W/") ? candidate.substring(2) : candidate;
                if (candidate.equals("*") || strong.equals(tag)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Response notModified(Response answer) {
        Response empty = new Response(304, Map.of(), null, null);
        for (String name : List.of("ETag", Response.POSITION)) {
            String value = answer.headers().get(name);
            empty = value == null ? empty : empty.with(name, value);
        }
        return empty;
    }

    private void write(Response answer) {
        answered = true;
        if (response.ended() || response.closed()) {
            finish();
            return;
        }
        head(answer);
        MultiMap out = response.headers();
        writing();
        boolean unread = announcesBody() && !bodyEnded && !request.isEnded();
        if (unread && isHttp1()) {
            out.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        byte[] body = answer.body();
        Future<Void> written;
        if (body == null) {
            written = response.end();
        } else if (method.equals("HEAD")) {
            out.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
            written = response.end();
        } else {
            written = response.end(Buffer.buffer(body));
        }
        int status = answer.status();
        written.onComplete(done -> {
            parts.observer().answered(method, template, status, System.nanoTime() - startedNanos);
            finish();
            if (unread) {
                discard();
            }
        });
    }

    private void head(Response answer) {
        response.setStatusCode(answer.status());
        MultiMap out = response.headers();
        out.set(CONTENT_TYPE_OPTIONS, NOSNIFF);
        out.set(CSP, NO_CONTENT);
        out.set(REFERRER_POLICY, NO_REFERRER);
        out.set(HttpHeaders.CACHE_CONTROL, answer.headers().containsKey("ETag") ? NO_CACHE : NO_STORE);
        answer.headers().forEach(out::set);
    }

    private void stream(Response answer, Consumer<EventSink> opener) {
        if (!parts.streams().admit()) {
            throw Failures.tooManyStreams().exception();
        }
        EventStreamSink sink = new EventStreamSink(
                response,
                context,
                parts.config().limits().streamBuffer(),
                parts.identity().end(claims),
                ended -> {
                    parts.streams().closed(ended);
                    finish();
                });
        parts.streams().opened(sink);
        parts.workers().execute(() -> {
            Throwable failure = null;
            try {
                opener.accept(sink);
            } catch (RuntimeException e) {
                failure = e;
            }
            onLoop((Object ignored, @Nullable Throwable thrown) -> opened(answer, sink, thrown))
                    .accept(this, failure);
        });
    }

    private void opened(Response answer, EventStreamSink sink, @Nullable Throwable failure) {
        if (failure != null) {
            parts.streams().closed(sink);
            fail(failure);
            return;
        }
        answered = true;
        if (response.closed()) {
            sink.abandon();
            return;
        }
        head(answer);
        response.headers().set("Content-Encoding", "identity");
        response.headers().set("X-Accel-Buffering", "no");
        sink.start();
    }

    /**
     * Goes on reading for a moment after an answer that came before the end of the body: closing with unread bytes in the
     * socket would reset the connection, and the caller might lose the answer with it.
     */
    private void discard() {
        long[] left = {DISCARD_BYTES};
        long timer = vertx.setTimer(DISCARD_MS, id -> abandon());
        request.handler(chunk -> {
            left[0] -= chunk.length();
            if (left[0] < 0) {
                abandon();
            }
        });
        request.endHandler(v -> {
            vertx.cancelTimer(timer);
            if (isHttp1()) {
                abandon();
            }
        });
        request.resume();
    }

    private void abandon() {
        if (isHttp1()) {
            request.connection().close();
        } else {
            response.reset(0);
        }
    }

    @Override
    void bodyTimedOut() {
        fail(Problem.of(408, "request_timeout", "The body did not arrive in time", null)
                .exception());
    }

    @Override
    void writeTimedOut() {
        request.connection().close();
    }

    private void finish() {
        if (!finished) {
            finished = true;
            parts.buffered().addAndGet(-buffered);
            connections.ended(request.connection(), this);
        }
    }

    private long announcedLength() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return -1;
        }
        try {
            return Long.parseLong(length.trim());
        } catch (NumberFormatException e) {
            throw Problem.invalid("Content-Length", "must be a number of bytes").exception();
        }
    }

    /** Whether bytes may follow the head: without a body its end is not waited for. */
    private boolean announcesBody() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return !length.equals("0");
        }
        return isHttp1() ? isChunked() : method.startsWith("P");
    }

    private boolean isChunked() {
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private boolean isHttp1() {
        return request.version() != HttpVersion.HTTP_2;
    }

    private static long maxBody(Route route) {
        Route.Body body = route.body();
        return body == null ? 0 : body.maxBytes();
    }

    private static ProblemException noBody() {
        return Problem.invalid("body", "the call takes none").exception();
    }

    private static ProblemException tooLarge(long max) {
        return Problem.of(413, "too_large", "The body is too large", "at most " + max + " bytes")
                .exception();
    }

    private static ProblemException unsupported(String header, String supported) {
        return new Problem(
                        415,
                        "unsupported_media_type",
                        "The call does not take a body of this kind",
                        null,
                        List.of(new FieldProblem(header, "must be " + supported)),
                        Map.of())
                .exception();
    }

    /** Brings a completion to this exchange's event loop, at once where it happens there already. */
    private <T extends @Nullable Object> BiConsumer<T, @Nullable Throwable> onLoop(
            BiConsumer<T, @Nullable Throwable> action) {
        return (value, failure) -> {
            if (Vertx.currentContext() == context) {
                action.accept(value, failure);
            } else {
                context.runOnContext(v -> action.accept(value, failure));
            }
        };
    }
}
