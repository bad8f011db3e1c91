package io.forebay.cache.loader.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.LoadFailedException.Reason;
import io.forebay.cache.loader.Loaded;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an origin may answer, and what it may not do to the instance. */
class HttpLoaderTest {
    private static final int MOST_BYTES = 100;

    private static final Map<String, List<String>> GROUPS = Map.of(
            "/posts/grouped", List.of("\"author 7\";unknown, \"dr\\\"aft\"", "\"x\""),
            "/posts/misgrouped", List.of("\"author 7"),
            "/posts/tokens", List.of("author-7"));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private HttpServer server;

    HttpLoaderTest() throws IOException {
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
            List<String> groups = GROUPS.get(path);
            if (groups != null) {
                exchange.getResponseHeaders().put("Cache-Groups", groups);
            }
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

    private HttpLoader loader(Duration timeout) {
        URI origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/posts/");
        return new HttpLoader(HttpLoader.client(timeout), origin, timeout, MOST_BYTES);
    }

    private HttpLoader loader() {
        return loader(Duration.ofSeconds(20));
    }

    private static LoadFailedException failure(HttpLoader loader, String... parts) {
        CompletionException failed = catchThrowableOfType(
                CompletionException.class, () -> loader.load(List.of(parts)).join());
        return (LoadFailedException) Objects.requireNonNull(failed.getCause());
    }

    @Test
    void aValueIsWhatAGetOfTheKeyAnswers() {
        Loaded loaded = loader().load(List.of("by author", "a/b", "*")).join();

        assertThat(new String(loaded.value(), StandardCharsets.UTF_8)).isEqualTo("/posts/by%20author/a%2Fb/%2A");
        assertThat(loaded.contentType()).isEqualTo("text/x");
        assertThat(loaded.tags()).isEmpty();
    }

    @Test
    void theGroupsOfAnAnswerAreItsTags() {
        assertThat(loader().load(List.of("grouped")).join().tags()).containsExactly("author 7", "dr\"aft", "x");
    }

    @Test
    void groupsThatCannotBeReadAreAFailure() {
        assertThat(failure(loader(), "misgrouped").detail())
                .isEqualTo("the origin's Cache-Groups is not a list of strings (RFC 9875)");
        assertThat(failure(loader(), "tokens").reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void anythingBut200IsAFailure() {
        assertThat(failure(loader(), "gone").detail()).isEqualTo("the origin answered 404");
        assertThat(failure(loader(), "elsewhere").detail()).isEqualTo("the origin answered 302");
        assertThat(failure(loader(), "gone").reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void aValueThatIsTooLargeIsAFailure() {
        LoadFailedException failed = failure(loader(), "large");

        assertThat(failed.reason()).isEqualTo(Reason.FAILED);
        assertThat(failed.detail()).contains("more than 100 bytes");
    }

    @Test
    void anOriginThatIsNotThereIsAFailure() {
        Duration timeout = Duration.ofSeconds(20);
        HttpLoader nowhere =
                new HttpLoader(HttpLoader.client(timeout), URI.create("http://127.0.0.1:1/"), timeout, MOST_BYTES);

        assertThat(failure(nowhere, "1").reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void anAnswerThatDoesNotBeginIsATimeout() {
        assertThat(failure(loader(Duration.ofMillis(300)), "hangs").reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void anAnswerThatDoesNotEndIsGivenUp() {
        CompletableFuture<Loaded> trickles = loader().load(List.of("trickles"));

        trickles.cancel(true);

        assertThat(loader().load(List.of("1")).join()).isNotNull();
        // Cancelled, or failed because what it waited for was: which of the two comes first is a race of the client.
        assertThat(trickles).isCompletedExceptionally();
    }

    @Test
    void aKeyThatAUrlWouldResolveAwayIsNotAskedFor() {
        assertThat(loader().unfit(List.of("a", "..", "b"))).isNotNull();
        assertThat(loader().unfit(List.of("."))).isNotNull();
        assertThat(loader().unfit(List.of("a", ""))).isNotNull();
        assertThat(loader().unfit(List.of("...", "a.b"))).isNull();
    }
}
