package io.forebay.it.events;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** Stands between a caller and a Forebay, and spoils what a test says. */
final class Detour implements AutoCloseable {
    private static final List<String> CARRIED = List.of("Forebay-Position", "Content-Type", "Retry-After");

    /** What becomes of a request. */
    enum Fate {
        /** It is answered. */
        ANSWERED,
        /** It is carried out, and half of the answer arrives. */
        CUT,
        /** It is carried out, and no answer arrives as long as the detour is there. */
        UNANSWERED,
        /** It does not get through, and no answer arrives as long as the detour is there. */
        LOST,
        /** It does not get through: 503. */
        UNAVAILABLE,
        /** It does not get through: 500. */
        FAILED
    }

    private final URI target;
    private final IntFunction<Fate> fates;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /**
     * A detour to a Forebay.
     *
     * @param fates of requests by their number, from 1
     */
    Detour(URI target, IntFunction<Fate> fates) {
        this.target = target;
        this.fates = fates;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What was asked, path and query. */
    List<String> asked() {
        return asked;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int number;
            synchronized (asked) {
                asked.add(exchange.getRequestURI().toString());
                number = asked.size();
            }
            Fate fate = fates.apply(number);
            switch (fate) {
                case LOST -> closed.await();
                case UNAVAILABLE -> exchange.sendResponseHeaders(503, -1);
                case FAILED -> exchange.sendResponseHeaders(500, -1);
                default -> answer(exchange, forward(exchange, body), fate);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(target + exchange.getRequestURI().toString()));
        String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        return http.send(
                request.method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private void answer(HttpExchange exchange, HttpResponse<byte[]> response, Fate fate)
            throws IOException, InterruptedException {
        if (fate == Fate.UNANSWERED) {
            closed.await();
            return;
        }
        for (String name : CARRIED) {
            response.headers()
                    .firstValue(name)
                    .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        byte[] body = response.body();
        exchange.sendResponseHeaders(response.statusCode(), body.length);
        exchange.getResponseBody().write(body, 0, fate == Fate.CUT ? body.length / 2 : body.length);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
