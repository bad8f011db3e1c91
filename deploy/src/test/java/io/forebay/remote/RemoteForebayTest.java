package io.forebay.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteForebayTest {
    private static final String PROBLEM = "{\"code\":\"registry_unavailable\",\"title\":\"The registry is away\"}";

    private final Queue<Integer> statuses = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private HttpServer server = server();

    /** Answers with one status after the other; 0 is none. */
    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        int status = statuses.isEmpty() ? 200 : statuses.remove();
        if (status > 0) {
            byte[] body = (status < 300 ? "{}" : PROBLEM).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Test
    void aRequestIsRepeatedWhileThereIsNoAnswer() throws Exception {
        statuses.addAll(List.of(503, 0, 202, 200));

        Reply reply = forebay(null, 60).post("/v1/events", new byte[0]);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(asked).hasSize(4);
        assertThat(notes)
                .singleElement()
                .asString()
                .endsWith("answers 503 registry_unavailable: The registry is away; trying again for 60 s");
    }

    @Test
    void itIsGivenUpAfterAWhile() {
        statuses.addAll(List.of(503, 503));

        assertThatThrownBy(() -> forebay(null, 0).get("/v1/events"))
                .isInstanceOf(RemoteException.class)
                .hasMessage(url() + " answers 503 registry_unavailable: The registry is away; given up after 0 s");
    }

    @Test
    void whoeverHasNeverAnsweredIsNotWaitedFor() {
        server.stop(0);

        assertThatThrownBy(() -> forebay(null, 60).get("/v1/events"))
                .hasMessage(url() + " does not answer: connection refused");
    }

    @Test
    void aRefusalIsNotRepeated() throws Exception {
        statuses.add(401);

        Reply reply = forebay(null, 60).get("/v1/events");

        assertThatThrownBy(reply::orFail)
                .hasMessageContaining(" answers 401 registry_unavailable: The registry is away; a token is given")
                .hasMessageContaining("FOREBAY_TOKEN");
    }

    @Test
    void theTokenGoesAlong() throws Exception {
        forebay("abc", 60).get("/v1/events?limit=1").orFail();

        assertThat(asked).containsExactly("/v1/events?limit=1 Bearer abc");
    }

    @Test
    void aPageOfSomebodyElseIsNoAnswer() {
        Refusal refusal = Refusal.of(404, "<html>".getBytes(StandardCharsets.UTF_8));

        assertThat(refusal).hasToString("404");
    }

    @Test
    void aRefusalTellsItsMembers() {
        String body =
                "{\"code\":\"invalid\",\"title\":\"no\",\"errors\":[{\"field\":\"from\",\"rule\":\"must be a time\"}]}";

        assertThat(Refusal.of(400, body.getBytes(StandardCharsets.UTF_8)))
                .hasToString("400 invalid: from must be a time");
    }

    private RemoteForebay forebay(@Nullable String token, int seconds) {
        return new RemoteForebay(URI.create(url() + "/"), token, Duration.ofSeconds(seconds), notes::add);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
