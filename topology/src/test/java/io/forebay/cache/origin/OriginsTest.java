package io.forebay.cache.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.forebay.cache.origin.LoadFailedException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an origin may answer, and what it may not do to the instance. */
class OriginsTest {
    private static final int MOST_BYTES = 100;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private HttpServer server;

    OriginsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.setExecutor(threads);
        server.createContext("/posts/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        hanging.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (path.endsWith("/hangs")) {
            await();
        } else if (path.endsWith("/trickles")) {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            await();
        } else if (path.endsWith("/elsewhere")) {
            exchange.getResponseHeaders().add("Location", "/posts/1");
            exchange.sendResponseHeaders(302, -1);
        } else if (path.endsWith("/gone")) {
            exchange.sendResponseHeaders(404, -1);
        } else if (path.endsWith("/large")) {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(new byte[MOST_BYTES + 1]);
            }
        } else {
            byte[] body = path.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/x");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void await() {
        try {
            hanging.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Origins origins(Duration timeout, int mostLoads) {
        URI origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/posts/");
        return new Origins(Map.of("posts", origin), timeout, mostLoads, MOST_BYTES);
    }

    private Origins origins() {
        return origins(Duration.ofSeconds(20), 2);
    }

    private static LoadFailedException failure(Origins origins, String... parts) {
        CompletionException failed = catchThrowableOfType(
                CompletionException.class,
                () -> origins.load("posts", List.of(parts))
                        .toCompletableFuture()
                        .join());
        return (LoadFailedException) Objects.requireNonNull(failed.getCause());
    }

    @Test
    void aValueIsWhatAGetOfTheKeyAnswers() {
        Loaded loaded = origins()
                .load("posts", List.of("by author", "a/b", "*"))
                .toCompletableFuture()
                .join();

        assertThat(new String(loaded.value(), StandardCharsets.UTF_8)).isEqualTo("/posts/by%20author/a%2Fb/%2A");
        assertThat(loaded.contentType()).isEqualTo("text/x");
    }

    @Test
    void anythingBut200IsAFailure() {
        assertThat(failure(origins(), "gone").detail()).isEqualTo("the origin answered 404");
        assertThat(failure(origins(), "elsewhere").detail()).isEqualTo("the origin answered 302");
        assertThat(failure(origins(), "gone").reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void aValueThatIsTooLargeIsAFailure() {
        LoadFailedException failed = failure(origins(), "large");

        assertThat(failed.reason()).isEqualTo(Reason.FAILED);
        assertThat(failed.detail()).contains("more than 100 bytes");
    }

    @Test
    void anOriginThatIsNotThereIsAFailure() {
        Origins nowhere =
                new Origins(Map.of("posts", URI.create("http://127.0.0.1:1/")), Duration.ofSeconds(20), 1, MOST_BYTES);

        assertThat(failure(nowhere, "1").reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void aLoadEndsAfterItsTimeWhereverItHangs() {
        Origins origins = origins(Duration.ofMillis(300), 2);

        assertThat(failure(origins, "hangs").reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(failure(origins, "trickles").reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void moreLoadsThanThereMayBeAreRefusedAndTheirPlaceComesFree() {
        Origins origins = origins(Duration.ofMillis(500), 1);
        var hangs = origins.load("posts", List.of("hangs")).toCompletableFuture();

        assertThat(failure(origins, "1").reason()).isEqualTo(Reason.OVERLOADED);
        assertThatThrownBy(hangs::join).hasCauseInstanceOf(LoadFailedException.class);
        assertThat(origins.load("posts", List.of("1")).toCompletableFuture().join())
                .isNotNull();
    }

    @Test
    void aKeyThatAUrlWouldResolveAwayIsNotAskedFor() {
        assertThat(Origins.canAskFor(List.of("a", "..", "b"))).isFalse();
        assertThat(Origins.canAskFor(List.of("."))).isFalse();
        assertThat(Origins.canAskFor(List.of("a", ""))).isFalse();
        assertThat(Origins.canAskFor(List.of("...", "a.b"))).isTrue();
    }
}
