package io.forebay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.forebay.stream.EventSink;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a stream lasts that was opened with a token, on a clock of the test's own. */
class StreamExpiryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String DISCONNECTED = "event: disconnect\ndata: {\"reason\":\"token_expired\"}\n\n";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final BlockingQueue<EventSink> opened = new LinkedBlockingQueue<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private ECKey key;
    private TestServer server;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        Path keys = directory.resolve("keys.json");
        Files.writeString(keys, new JWKSet(key.toPublicJWK()).toString());
        AuthConfig auth =
                new AuthConfig(null, keys, null, Set.of(), AuthConfig.ALGORITHMS, SKEW, Duration.ofSeconds(60));
        server = TestServer.start(
                TestServer.config(),
                JwtAuthenticator.create(auth, clock::get, Runnable::run),
                auth,
                clock::get,
                routes -> routes.add(Route.get(
                                "/stream",
                                request -> CompletableFuture.completedFuture(Response.events(sink -> {
                                    sink.onClose(() -> told.set(true));
                                    sink.send("1", "change", "{}".getBytes(StandardCharsets.UTF_8));
                                    opened.add(sink);
                                })))
                        .streaming()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_stream_ends_with_its_token() throws Exception {
        Open stream = open(request("/stream", token(Duration.ofMinutes(5))));

        clock.set(NOW.plus(Duration.ofMinutes(5)).plus(SKEW));

        assertThat(stream.read()).endsWith("id: 1\nevent: change\ndata: {}\n\n" + DISCONNECTED);
        await().atMost(SOON).untilTrue(told);
        await().atMost(SOON).until(() -> server.server().openStreams() == 0);
    }

    @Test
    void a_stream_lasts_as_long_as_its_token() throws Exception {
        Open longer = open(request("/stream", token(Duration.ofMinutes(6))));
        Open shorter = open(request("/stream", token(Duration.ofMinutes(5))));

        clock.set(NOW.plus(Duration.ofMinutes(6)));
        shorter.read();
        longer.sink().send("2", "change", "{}".getBytes(StandardCharsets.UTF_8));
        longer.sink().close();

        assertThat(longer.read()).endsWith("id: 2\nevent: change\ndata: {}\n\n");
    }

    @Test
    void a_stream_opened_with_a_ticket_ends_with_the_ticket_s_token() throws Exception {
        Open stream = open(server.request("/stream?ticket=" + ticket(Duration.ofMinutes(5)))
                .header("Accept", "text/event-stream"));

        clock.set(NOW.plus(Duration.ofMinutes(5)).plus(SKEW));

        assertThat(stream.read()).endsWith(DISCONNECTED);
    }

    @Test
    void a_ticket_opens_nothing_once_its_token_has_expired() throws Exception {
        String ticket = ticket(Duration.ofSeconds(5));
        clock.set(NOW.plusSeconds(5).plus(SKEW));

        HttpResponse<String> answer =
                server.send(server.request("/stream?ticket=" + ticket).header("Accept", "text/event-stream"));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    /** A stream that is open: where it is sent to, and all that came once it has ended. */
    private record Open(EventSink sink, CompletableFuture<String> whole) {
        String read() throws Exception {
            return whole.get(10, TimeUnit.SECONDS);
        }
    }

    private Open open(HttpRequest.Builder request) throws Exception {
        CompletableFuture<String> whole = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
        EventSink sink = opened.poll(10, TimeUnit.SECONDS);
        assertThat(sink).isNotNull();
        return new Open(sink, whole);
    }

    private HttpRequest.Builder request(String target, String token) {
        return server.request(target).header("Authorization", "Bearer " + token);
    }

    private String ticket(Duration lifetime) throws Exception {
        HttpResponse<String> answer =
                server.send(request("/v1/stream-tickets", token(lifetime)).POST(HttpRequest.BodyPublishers.noBody()));
        return answer.body().replaceAll(".*\"ticket\":\"([^\"]+)\".*", "$1");
    }

    private String token(Duration lifetime) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(),
                new JWTClaimsSet.Builder()
                        .subject("alice")
                        .expirationTime(Date.from(NOW.plus(lifetime)))
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }
}
