package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Caches that load from an origin: one load however many ask, and what happens when the origin does not do its part. */
class OriginIT {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final AtomicInteger LOADS = new AtomicInteger();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final CountDownLatch HANGING = new CountDownLatch(1);

    private static volatile boolean down;
    private static @Nullable HttpServer origin;
    private static @Nullable ForebayStack stack;

    @BeforeAll
    static void start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(THREADS);
        server.createContext("/", OriginIT::answer);
        server.start();
        origin = server;
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        stack = ForebayStack.small(
                ClusterProvider.shared(),
                Map.of(
                        "forebay.only", "keys",
                        "forebay.cache.loader.strict.url", url + "s",
                        "forebay.cache.loader.lenient.url", url + "l",
                        "forebay.cache.loader.lenient.tags", "all, {2}",
                        "forebay.cache.loader.renewed.url", url + "r",
                        "forebay.cache.entries.renewed.stale.while.revalidate", "1h",
                        "forebay.cache.stale.on.error", "lenient",
                        "forebay.cache.load.timeout", "2s"));
    }

    @AfterAll
    static void stop() {
        HANGING.countDown();
        if (stack != null) {
            stack.close();
        }
        if (origin != null) {
            origin.stop(0);
        }
        THREADS.shutdownNow();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        int load = LOADS.incrementAndGet();
        try (exchange) {
            if (exchange.getRequestURI().getPath().endsWith("/hangs")) {
                HANGING.await(30, TimeUnit.SECONDS);
            }
            if (down) {
                exchange.sendResponseHeaders(500, -1);
            } else {
                byte[] body = {(byte) ('0' + load)};
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.getResponseHeaders().add("Cache-Groups", "\"of the origin\"");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CacheCalls on(String cache) {
        return new CacheCalls(Objects.requireNonNull(stack).client(), cache);
    }

    @Test
    void theInstanceLoadsOnceForAll() {
        LOADS.set(0);
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int reader = 0; reader < 20; reader++) {
            asked.add(CompletableFuture.supplyAsync(() -> on("strict").ask("a/once", "60", 30), THREADS));
        }

        assertThat(asked)
                .allSatisfy(reply -> assertThat(
                                reply.orTimeout(60, TimeUnit.SECONDS).join().toString())
                        .isEqualTo("200 1"));
        assertThat(on("strict").ask("a/once", "60", 0).header("Cache-Status")).isEqualTo("forebay; hit");
        assertThat(LOADS).hasValue(1);
        assertThat(Objects.requireNonNull(stack).client().get("/metrics").text())
                .contains("forebay_cache_misses_total{cache=\"strict\"}")
                .contains("forebay_cache_load_seconds_total{cache=\"strict\"}");
    }

    @Test
    void anOriginThatFailsIsAProblemOrTheOlderValue() {
        LOADS.set(0);
        for (String cache : List.of("strict", "lenient")) {
            on(cache).ask("k/1", "0", 10).orFail();
        }
        down = true;
        try {
            assertThat(on("strict").ask("k/1", "0", 10).code()).isEqualTo("origin_failed");
            assertThat(on("strict").ask("k/1", "0", 10).status()).isEqualTo(502);
            Reply older = on("lenient").ask("k/1", "0", 10);
            assertThat(older.toString()).isEqualTo("200 2");
            assertThat(older.header("Cache-Status")).isEqualTo("forebay; fwd=stale; detail=origin-failed");
            assertThat(on("lenient").ask("never/1", "0", 10).code()).isEqualTo("origin_failed");
        } finally {
            down = false;
        }
        assertThat(on("strict").ask("k/1", "0", 10).status()).isEqualTo(200);
    }

    @Test
    void whatIsLoadedIsFoundByItsTags() {
        LOADS.set(0);
        for (String tag : List.of("of%20the%20origin", "all", "tagged")) {
            on("lenient").ask("of/tagged", "60", 10).orFail();
            on("lenient").invalidateTag(tag).orFail();
        }
        on("lenient").ask("of/tagged", "60", 10).orFail();

        assertThat(LOADS).hasValue(4);
        assertThat(on("lenient").invalidateTag("other").status()).isEqualTo(204);
        assertThat(on("lenient").ask("of/tagged", "60", 0).header("Cache-Status"))
                .isEqualTo("forebay; hit");
        assertThat(on("lenient").ask("one", "60", 0).code()).isEqualTo("invalid");
    }

    @Test
    void whatIsStaleIsAnsweredWhileTheOriginIsAskedOnce() {
        LOADS.set(0);
        on("renewed").ask("k", "1", 10).orFail();

        Reply stale = whenStale("k");

        assertThat(stale.toString()).isEqualTo("200 1");
        await("the value to be loaded anew")
                .atMost(SOON)
                .until(() -> on("renewed").ask("k", "60", 0).toString().equals("200 2"));
        assertThat(LOADS).hasValue(2);
        assertThat(Objects.requireNonNull(stack).client().get("/metrics").text())
                .contains("forebay_cache_stale_total{cache=\"renewed\"}");
    }

    @Test
    void anOriginThatFailsLeavesWhatIsStaleAndIsNotAskedAllTheTime() {
        LOADS.set(0);
        on("renewed").ask("f", "1", 10).orFail();
        down = true;
        try {
            Reply stale = whenStale("f");
            assertThat(stale.toString()).isEqualTo("200 1");
            for (int reader = 0; reader < 20; reader++) {
                Reply older = on("renewed").ask("f", "1", 0);
                assertThat(older.toString()).isEqualTo("200 1");
                assertThat(older).matches(CacheCalls::isStale);
            }
            assertThat(LOADS).hasValueLessThan(6);
            on("renewed").invalidate("f").orFail();
            assertThat(on("renewed").ask("f", "1", 10).code()).isEqualTo("origin_failed");
        } finally {
            down = false;
        }
    }

    /** The first answer that is stale; to be asked more often would keep the entry fresh. */
    private static Reply whenStale(String key) {
        return await("the entry to be stale")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(1_500))
                .until(() -> on("renewed").ask(key, "1", 0), CacheCalls::isStale);
    }

    @Test
    void anOriginThatHangsIsAProblemInTime() {
        Reply early = on("strict").ask("hangs", "0", 1);
        Reply hung = on("strict").ask("hangs", "0", 10);

        assertThat(early.code()).isEqualTo("load_in_progress");
        assertThat(hung.code()).isEqualTo("origin_timeout");
        assertThat(hung.status()).isEqualTo(504);
    }

    @Test
    void aKeyThatLeadsElsewhereIsRefused() {
        assertThat(on("strict").ask("%2E%2E/x", "0", 0).code()).isEqualTo("invalid");
    }
}
