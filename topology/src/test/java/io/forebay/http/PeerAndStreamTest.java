package io.forebay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.stream.EventSink;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.HostInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PeerAndStreamTest {
    private static final Duration WAIT = Duration.ofSeconds(5);

    private static Resource echo(HttpConfig config) {
        return new PeerResource(
                config,
                request -> CompletableFuture.completedFuture(
                        ("<" + new String(request, StandardCharsets.UTF_8) + ">").getBytes(StandardCharsets.UTF_8)));
    }

    private static TestServer start(HttpConfig config, Resource... resources) {
        return TestServer.start(config, null, AuthConfig.none(), InstantSource.system(), resources);
    }

    private static HostInfo address(TestServer server) {
        return new HostInfo("127.0.0.1", server.server().port());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_peer_that_shares_the_secret_is_answered() throws Exception {
        HttpConfig config = TestServer.config(Map.of("forebay.cluster.secret", "a long enough secret"));
        try (TestServer one = start(config, echo(config));
                TestServer other = start(config)) {
            byte[] answer = other.server()
                    .peers()
                    .call(address(one), bytes("q"), WAIT)
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);

            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("<q>");
        }
    }

    @Test
    void a_peer_with_another_secret_is_not() {
        HttpConfig config = TestServer.config(Map.of("forebay.cluster.secret", "a long enough secret"));
        try (TestServer one = start(config, echo(config));
                TestServer other = start(TestServer.config(Map.of("forebay.cluster.secret", "another long secret")))) {
            assertThatThrownBy(() -> other.server()
                            .peers()
                            .call(address(one), bytes("q"), WAIT)
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("403");
        }
    }

    @Test
    void without_a_secret_the_same_machine_is_answered() throws Exception {
        HttpConfig config = TestServer.config();
        try (TestServer one = start(config, echo(config))) {
            byte[] answer = one.server()
                    .peers()
                    .call(address(one), bytes("q"), WAIT)
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);

            assertThat(answer).isEqualTo(bytes("<q>"));
        }
    }

    @Test
    void without_a_secret_a_server_that_is_open_answers_no_peer() throws Exception {
        HttpConfig config = TestServer.config(Map.of("forebay.http.host", "0.0.0.0"));
        try (TestServer one = start(config, echo(config))) {
            HttpResponse<String> answer = one.send(one.request("/internal/query")
                    .header("Content-Type", "application/cbor")
                    .POST(HttpRequest.BodyPublishers.ofString("q")));

            assertThat(answer.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void every_answer_arrives_whole_whichever_threads_ask() throws Exception {
        HttpConfig config = TestServer.config();
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try (TestServer one = start(config, echo(config))) {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int caller = 0; caller < 16; caller++) {
                calls.add(() -> {
                    int broken = 0;
                    for (int i = 0; i < 500; i++) {
                        byte[] answer = one.server()
                                .peers()
                                .call(address(one), bytes("q"), WAIT)
                                .toCompletableFuture()
                                .get(5, TimeUnit.SECONDS);
                        broken += Arrays.equals(answer, bytes("<q>")) ? 0 : 1;
                    }
                    return broken;
                });
            }

            for (Future<Integer> broken : callers.invokeAll(calls)) {
                assertThat(broken.get()).isZero();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void a_peer_that_is_away_is_a_failure_in_time() {
        try (TestServer one = start(TestServer.config())) {
            assertThatThrownBy(() -> one.server()
                            .peers()
                            .call(new HostInfo("127.0.0.1", 1), bytes("q"), WAIT)
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void a_message_is_sent_line_by_line() throws Exception {
        Resource stream = stream(sink -> {
            sink.send("7", "change", bytes("{\n\"a\":1}"));
            sink.send("8", null, null);
            sink.close();
        });
        try (TestServer server = start(TestServer.config(), stream)) {
            HttpResponse<String> answer = server.get("/stream");

            assertThat(answer.body())
                    .isEqualTo("retry: 2000\n\nid: 7\nevent: change\ndata: {\ndata: \"a\":1}\n\nid: 8\n\n");
            assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        }
    }

    @Test
    void a_stream_is_never_compressed() throws Exception {
        Resource stream = stream(sink -> {
            sink.send("7", "change", bytes("x".repeat(10_000)));
            sink.close();
        });
        try (TestServer server = start(TestServer.config(), stream)) {
            HttpResponse<String> answer = server.send(server.request("/stream").header("Accept-Encoding", "gzip"));

            assertThat(answer.headers().firstValue("Content-Encoding").orElse("none"))
                    .isNotEqualTo("gzip");
            assertThat(answer.body()).contains("xxxx");
        }
    }

    @Test
    void a_stream_goes_over_http2() throws Exception {
        Resource stream = stream(sink -> {
            sink.send("7", "change", bytes("{}"));
            sink.close();
        });
        try (TestServer server = start(TestServer.config(), stream)) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

            HttpResponse<String> answer =
                    client.send(server.request("/stream").build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).endsWith("id: 7\nevent: change\ndata: {}\n\n");
        }
    }

    @Test
    void a_stream_that_cannot_be_opened_is_a_problem() throws Exception {
        Resource stream = stream(sink -> {
            throw Problem.invalid("Last-Event-ID", "no").exception();
        });
        try (TestServer server = start(TestServer.config(), stream)) {
            HttpResponse<String> answer = server.get("/stream");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(server.server().openStreams()).isZero();
        }
    }

    @Test
    void a_reader_that_does_not_read_fills_the_sink_until_it_does() throws Exception {
        CompletableFuture<EventSink> opened = new CompletableFuture<>();
        AtomicInteger drained = new AtomicInteger();
        Resource stream = stream(sink -> {
            sink.onDrain(drained::incrementAndGet);
            opened.complete(sink);
        });
        try (TestServer server = start(TestServer.config(), stream);
                Socket socket = server.connect()) {
            TestServer.write(socket, TestServer.head("GET /stream HTTP/1.1", "Host: localhost"));
            EventSink sink = opened.get(5, TimeUnit.SECONDS);
            byte[] message = new byte[100_000];
            int sent = 0;
            while (!sink.isFull() && sent < 1_000) {
                sink.send(null, null, message);
                sent++;
                socket.getInputStream().read(new byte[1]);
            }

            byte[] buffer = new byte[64 * 1024];
            Awaitility.await().atMost(WAIT).until(() -> {
                while (socket.getInputStream().available() > 0) {
                    socket.getInputStream().read(buffer);
                }
                return drained.get() > 0;
            });

            assertThat(sink.isFull()).isFalse();
        }
    }

    @Test
    void a_reader_that_goes_is_noticed() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        CompletableFuture<EventSink> opened = new CompletableFuture<>();
        Resource stream = stream(sink -> {
            sink.onClose(() -> closed.set(true));
            opened.complete(sink);
        });
        try (TestServer server = start(TestServer.config(), stream)) {
            try (Socket socket = server.connect()) {
                TestServer.write(socket, TestServer.head("GET /stream HTTP/1.1", "Host: localhost"));
                opened.get(5, TimeUnit.SECONDS);
                socket.getInputStream().read();
            }

            Awaitility.await().atMost(WAIT).untilTrue(closed);
            Awaitility.await().atMost(WAIT).until(() -> server.server().openStreams() == 0);
        }
    }

    @Test
    void a_stopping_server_ends_its_streams() throws Exception {
        CompletableFuture<EventSink> opened = new CompletableFuture<>();
        TestServer server = start(TestServer.config(), stream(opened::complete));
        try (Socket socket = server.connect()) {
            TestServer.write(socket, TestServer.head("GET /stream HTTP/1.1", "Host: localhost"));
            opened.get(5, TimeUnit.SECONDS);

            server.close();

            assertThat(TestServer.readToEnd(socket)).contains("text/event-stream");
        }
    }

    @Test
    void a_page_of_an_allowed_origin_may_ask() throws Exception {
        String answer = preflight("https://console.example", "https://console.example");

        assertThat(answer)
                .contains("access-control-allow-origin: https://console.example")
                .contains("access-control-allow-methods: options, post");
    }

    @Test
    void a_page_of_another_origin_may_not() throws Exception {
        String answer = preflight("https://console.example", "https://evil.example");

        assertThat(answer).doesNotContain("access-control-allow");
    }

    /** What a browser is told, in lower case, before it sends what a page of an origin asks for. */
    private static String preflight(String allowed, String origin) throws Exception {
        HttpConfig config = TestServer.config(Map.of("forebay.http.cors.origins", allowed));
        try (TestServer server = start(config, echo(config))) {
            return server.raw(TestServer.head(
                            "OPTIONS /internal/query HTTP/1.1",
                            "Host: localhost",
                            "Origin: " + origin,
                            "Access-Control-Request-Method: POST",
                            "Connection: close"))
                    .toLowerCase(Locale.ROOT);
        }
    }

    private static Resource stream(Consumer<EventSink> opener) {
        return routes ->
                routes.add(Route.get("/stream", request -> CompletableFuture.completedFuture(Response.events(opener)))
                        .streaming());
    }
}
