package io.forebay.http;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.schemas.position.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private static final int LIMIT = 64 * 1024;
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(5);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(routes -> {
            routes.add(Route.get("/echo/{part}", request -> text(request.pathParameter("part")))
                    .parameters("a", "n", "flag"));
            routes.add(Route.get("/query", request -> text(request.parameters("a") + " " + request.parameter("b")))
                    .parameters("a", "b"));
            routes.add(Route.get("/numbers", request -> text("" + request.integerParameter("n", 1, 1000, 100)))
                    .parameters("n"));
            routes.add(Route.of("POST", "/body", request -> text("" + request.body().length + sum(request.body())))
                    .body(Route.Body.json(LIMIT)));
            routes.add(Route.get(
                    "/tagged",
                    request -> completedFuture(Response.json(200, "{\"a\":1}").tagged("v1"))));
            routes.add(Route.get("/throws", request -> {
                throw new IllegalStateException("secret value");
            }));
            routes.add(Route.get("/fails", request -> failedFuture(new IOException("secret value"))));
            routes.add(Route.get(
                    "/behind", request -> failedFuture(new PositionNotReachedException(new TopicPartition("t", 3)))));
            routes.add(Route.get(
                    "/gone",
                    request -> failedFuture(new PartitionUnavailableException("t", new TreeSet<>(Set.of(1, 4))))));
            routes.add(Route.get("/ids", request -> text(request.id())));
            routes.add(Route.get(
                    "/position",
                    request -> completedFuture(Response.json(200, "{}").at(request.atLeast()))));
            routes.add(Route.get("/prefer", request -> text(request.prefer().toString())));
            routes.add(
                    Route.get("/worker", request -> text(Thread.currentThread().getName()))
                            .onWorker());
            routes.add(Route.get("/large", request -> text("x".repeat(100_000))));
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static CompletableFuture<Response> text(String text) {
        return completedFuture(Response.of(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String sum(byte[] bytes) {
        return ":" + Arrays.hashCode(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "/echo/a%2Fb, a/b",
        "/echo/%25, %",
        "/echo/%2525, %25",
        "/echo/a+b, a+b",
        "/echo/%C3%A9, é",
        "/echo/.., ..",
        "/echo/., .",
        "/echo/;x=1, ;x=1",
    })
    void a_segment_is_read_raw_and_decoded_once(String target, String part) throws Exception {
        String answer = server.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(new String(answer.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .endsWith("\r\n\r\n" + part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo/%", "/echo/%2", "/echo/%zz", "/echo/%c3", "/echo/%ff", "/echo/%C0%80", "/query?a=%"})
    void an_invalid_escape_is_refused(String target) throws Exception {
        String answer = server.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"invalid_escape\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo/a/", "//echo/a", "/echo//", "/echo/", "/echo/a/b", "/", "/echo/a/../b"})
    void a_path_is_never_normalised(String target) throws Exception {
        String answer = server.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 404").contains("\"code\":\"route_not_found\"");
    }

    @Test
    void an_absolute_target_is_read_by_its_path() throws Exception {
        String answer =
                server.raw("GET http://localhost/echo/x?a=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nx");
    }

    @Test
    void a_query_keeps_the_order_of_repeated_parameters() throws Exception {
        assertThat(server.get("/query?a=2&a=1&b=x+y%2Bz").body()).isEqualTo("[2, 1] x y+z");
    }

    @Test
    void an_unknown_parameter_is_named() throws Exception {
        HttpResponse<String> answer = server.get("/query?a=1&limt=3");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains("\"code\":\"unknown_parameter\"")
                .contains("{\"field\":\"limt\",\"rule\":\"known are a, b\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n=0", "n=1001", "n=", "n=-1", "n=1e2", "n=+5", "n=99999999999", "n=1&n=2"})
    void a_number_out_of_its_range_is_refused(String query) throws Exception {
        HttpResponse<String> answer = server.get("/numbers?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"n\"");
    }

    @Test
    void an_unknown_path_is_no_route() throws Exception {
        assertThat(server.get("/nothing").body()).contains("\"code\":\"route_not_found\"");
    }

    @Test
    void another_method_is_told_which_are_allowed() throws Exception {
        HttpResponse<String> answer = server.send(server.request("/tagged").DELETE());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }

    @Test
    void options_lists_the_methods() throws Exception {
        HttpResponse<String> answer =
                server.send(server.request("/body").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Allow")).contains("OPTIONS, POST");
    }

    @Test
    void head_answers_as_get_without_the_body() throws Exception {
        HttpResponse<String> answer =
                server.send(server.request("/tagged").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("7");
        assertThat(answer.headers().firstValue("ETag")).contains("\"v1\"");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"})
    void a_known_version_is_not_sent_again(String tags) throws Exception {
        HttpResponse<String> answer = server.send(server.request("/tagged").header("If-None-Match", tags));

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void another_version_is_sent() throws Exception {
        assertThat(server.send(server.request("/tagged").header("If-None-Match", "\"v2\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_body_arrives_whole() throws Exception {
        String body = "y".repeat(LIMIT);

        assertThat(server.post("/body", body).body()).isEqualTo(LIMIT + sum(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void an_announced_body_over_the_limit_is_refused() throws Exception {
        HttpResponse<String> answer = server.post("/body", "y".repeat(LIMIT + 1));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("\"code\":\"too_large\"");
    }

    @Test
    void a_chunked_body_is_refused_when_it_passes_the_limit() throws Exception {
        try (Socket socket = server.connect()) {
            StringBuilder request = new StringBuilder(
                    "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 9; i++) {
                request.append("2000\r\n").append("z".repeat(0x2000)).append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));

            assertThat(TestServer.readToEnd(socket)).startsWith("HTTP/1.1 413").contains("\"code\":\"too_large\"");
        }
    }

    @Test
    void a_body_waits_for_leave_where_the_caller_asks() throws Exception {
        try (Socket socket = server.connect()) {
            TestServer.write(
                    socket,
                    TestServer.head(
                            "POST /body HTTP/1.1",
                            "Host: localhost",
                            "Content-Type: application/json",
                            "Content-Length: 99999999",
                            "Expect: 100-continue",
                            "Connection: close"));

            assertThat(TestServer.readToEnd(socket)).startsWith("HTTP/1.1 413");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json; charset=latin1", "application/jsonx"})
    void another_media_type_is_refused(String type) throws Exception {
        HttpResponse<String> answer = server.send(
                server.request("/body").header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("\"field\":\"Content-Type\"");
    }

    @Test
    void a_compressed_body_is_refused() throws Exception {
        HttpResponse<String> answer = server.send(server.request("/body")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(answer.statusCode()).isEqualTo(415);
    }

    @Test
    void a_body_where_none_is_taken_is_refused() throws Exception {
        HttpResponse<String> answer =
                server.send(server.request("/tagged").method("GET", HttpRequest.BodyPublishers.ofString("x")));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"body\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/throws", "/fails"})
    void an_unexpected_failure_tells_no_values(String target) throws Exception {
        HttpResponse<String> answer = server.get(target);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("\"code\":\"internal\"").doesNotContain("secret");
    }

    @Test
    void a_position_that_is_not_reached_may_be_asked_for_again() throws Exception {
        HttpResponse<String> answer = server.get("/behind");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("\"code\":\"position_not_reached\"");
    }

    @Test
    void a_partition_without_owner_is_named() throws Exception {
        assertThat(server.get("/gone").body())
                .contains("\"code\":\"partition_unavailable\"")
                .contains("[1, 4]");
    }

    @Test
    void positions_merge() throws Exception {
        Position first = Position.of(new TopicPartition("t", 0), 5);
        Position second = Position.of(new TopicPartition("t", 1), 7);

        HttpResponse<String> answer = server.send(server.request("/position")
                .header(Response.AT_LEAST, first.token())
                .header(Response.AT_LEAST, second.token()));

        assertThat(Position.parse(answer.headers().firstValue(Response.POSITION).orElseThrow()))
                .isEqualTo(first.merge(second));
    }

    @Test
    void a_position_that_is_no_token_is_refused() throws Exception {
        HttpResponse<String> answer = server.send(server.request("/position").header(Response.AT_LEAST, "garbage!"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"Forebay-At-Least\"");
    }

    @Test
    void an_idempotency_key_is_the_request_id() throws Exception {
        assertThat(server.send(server.request("/ids").header("Idempotency-Key", "k-1"))
                        .body())
                .isEqualTo("k-1");
    }

    @Test
    void a_request_without_a_key_has_an_id_of_its_own() throws Exception {
        assertThat(server.get("/ids").body()).isNotEqualTo(server.get("/ids").body());
    }

    @Test
    void an_idempotency_key_has_its_limits() throws Exception {
        String answer = server.raw("GET /ids HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + "k".repeat(256)
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"field\":\"Idempotency-Key\"");
    }

    @Test
    void two_idempotency_keys_are_refused() throws Exception {
        String answer = server.raw("GET /ids HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a\r\nIdempotency-Key: b"
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("may be given once");
    }

    @Test
    void preferences_are_read() throws Exception {
        assertThat(server.send(server.request("/prefer")
                                .header("Prefer", "foo; bar=\"a,b\", Wait=\"3\", respond-async, wait=9"))
                        .body())
                .isEqualTo("Prefer[respondAsync=true, maxWait=PT3S]");
    }

    @Test
    void work_that_blocks_runs_elsewhere() throws Exception {
        assertThat(server.get("/worker").body()).startsWith("forebay-http-worker");
    }

    @Test
    void headers_over_the_limit_are_refused() throws Exception {
        String answer =
                server.raw("GET /ids HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "k".repeat(20_000) + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 431").contains("\"code\":\"headers_too_large\"");
    }

    @Test
    void a_request_line_over_the_limit_is_refused() throws Exception {
        String answer = server.raw("GET /echo/" + "k".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.0 414").contains("\"code\":\"target_too_long\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ids HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "GET /ids\r\n\r\n",
                "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n",
                "GET /ids HTTP/1.1\r\nHost : localhost\r\n\r\n",
            })
    void what_is_not_http_is_refused(String request) throws Exception {
        assertThat(server.raw(request)).contains(" 400 Bad Request").contains("\"code\":\"malformed_request\"");
    }

    @Test
    void a_request_with_length_and_chunks_is_not_read_twice() throws Exception {
        String first = TestServer.head(
                "POST /body HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Content-Length: 4",
                "Transfer-Encoding: chunked");
        String second = TestServer.head("GET /ids HTTP/1.1", "Host: localhost", "Connection: close");

        String answer = server.raw(first + "0\r\n\r\n" + second);

        assertThat(answer.split("HTTP/1.1 \\d", -1)).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void a_connection_is_kept_from_request_to_request() throws Exception {
        String get = TestServer.head("GET /echo/x HTTP/1.1", "Host: localhost");
        String post = TestServer.head(
                "POST /body HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Content-Length: 2");
        String last = TestServer.head("GET /echo/y HTTP/1.1", "Host: localhost", "Connection: close");

        String answer = server.raw(get + post + "{}" + get + last);

        assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(5);
    }

    @Test
    void a_name_that_can_be_pointed_here_is_refused() throws Exception {
        String answer = server.raw("GET /ids HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 421").contains("\"code\":\"misdirected_request\"");
    }

    @Test
    void http2_is_spoken_on_the_same_port() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

        HttpResponse<String> answer =
                client.send(server.request("/echo/x").build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo("x");
    }

    @Test
    void an_http2_body_over_the_limit_is_refused() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        client.send(server.request("/echo/x").build(), HttpResponse.BodyHandlers.ofString());

        HttpResponse<String> answer = client.send(
                server.request("/body")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(new byte[LIMIT * 2])))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void a_large_answer_is_compressed_for_who_asks() throws Exception {
        HttpResponse<String> answer = server.send(server.request("/large").header("Accept-Encoding", "gzip"));

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
    }

    @Test
    void answers_carry_the_security_headers() throws Exception {
        HttpResponse<String> answer = server.get("/ids");

        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).contains("default-src 'none'");
    }

    @Test
    void a_body_that_trickles_is_given_up() throws Exception {
        HttpConfig hasty = TestServer.config(new HttpTimeouts(LONG, SHORT, LONG, LONG));
        try (TestServer slow = TestServer.start(
                        hasty,
                        null,
                        AuthConfig.none(),
                        InstantSource.system(),
                        routes -> routes.add(Route.of("POST", "/body", request -> text("got it"))
                                .body(Route.Body.json(LIMIT))));
                Socket socket = slow.connect()) {
            TestServer.write(
                    socket,
                    TestServer.head(
                                    "POST /body HTTP/1.1",
                                    "Host: localhost",
                                    "Content-Type: application/json",
                                    "Content-Length: 100")
                            + "{");

            assertThat(TestServer.readToEnd(socket)).startsWith("HTTP/1.1 408");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /x HTTP/1.1\r\nHo", "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\nGET /x HTT"})
    void a_connection_that_asks_nothing_is_closed(String begun) throws Exception {
        HttpConfig hasty = TestServer.config(new HttpTimeouts(SHORT, LONG, LONG, LONG));
        try (TestServer slow = TestServer.start(hasty, null, AuthConfig.none(), InstantSource.system());
                Socket socket = slow.connect()) {
            TestServer.write(socket, begun);

            assertThat(TestServer.readToEnd(socket)).doesNotContain("\"internal\"");
        }
    }

    @Test
    void a_taken_port_is_told_at_start() {
        HttpServer second = HttpServer.open(TestServer.config(
                Map.of("forebay.http.port", Integer.toString(server.server().port()))));

        assertThatThrownBy(() ->
                        second.start(null, AuthConfig.none(), (m, t, s, n) -> {}, InstantSource.system(), List.of()))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("127.0.0.1");
        second.close();
    }

    @Test
    void a_stopping_server_finishes_what_it_began() throws Exception {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        TestServer stopping = TestServer.start(routes -> routes.add(Route.get("/slow", request -> {
            begun.complete(true);
            return answer;
        })));
        // By HTTP/2 the JDK's client would drop the exchange with the first GOAWAY, although that says what is still
        // answered.
        CompletableFuture<HttpResponse<String>> waiting = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .sendAsync(stopping.request("/slow").build(), HttpResponse.BodyHandlers.ofString());
        begun.join();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(stopping::close);
        answer.complete(Response.json(200, "{}"));

        assertThat(waiting.join().statusCode()).isEqualTo(200);
        closing.join();
    }
}
