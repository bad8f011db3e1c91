package io.forebay.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.serde.DecodeException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers of a registry mean, asked of a server that gives exactly them. */
class RegistryAnswersTest {

    private static final String TOPIC = "forebay.presence";
    private static final byte[] VALUE = {0, 0, 0, 0, 7, 8};

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server = startServer();
    private AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://unused"));

    private static HttpServer startServer() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void connect() {
        String url = "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
        serdes = AvroSerdes.create(Map.of("schema.registry.url", url));
    }

    @AfterEach
    void stop() {
        serdes.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "404 | {\"error_code\":40403,\"message\":\"Schema not found\"} | UNKNOWN_SCHEMA",
                "404 | {\"error_code\":404,\"message\":\"HTTP 404 Not Found\"} | REGISTRY_UNAVAILABLE",
                "404 | <html>no such page</html> | REGISTRY_UNAVAILABLE",
                "401 | {\"error_code\":401,\"message\":\"Unauthorized\"} | REGISTRY_UNAVAILABLE",
                "429 | {\"error_code\":429,\"message\":\"Too many requests\"} | REGISTRY_UNAVAILABLE",
                "500 | {\"error_code\":50001,\"message\":\"Store error\"} | REGISTRY_UNAVAILABLE",
                "503 | unavailable | REGISTRY_UNAVAILABLE",
                "200 | not json | REGISTRY_UNAVAILABLE",
                "200 | {\"schemaType\":\"JSON\",\"schema\":\"{}\"} | UNDECODABLE",
                "200 | {\"schema\":\"{\\\"type\\\":\\\"nonsense\\\"}\"} | UNDECODABLE",
                "200 | {\"schema\":\"\\\"string\\\"\"} | UNDECODABLE",
            })
    void anAnswerMeansThis(int status, String body, Reason reason) {
        answer(status, body);

        assertThatThrownBy(() -> serdes.deserializer(PresenceCommand.class).deserialize(TOPIC, VALUE))
                .isInstanceOfSatisfying(DecodeException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.retryable()).isEqualTo(reason == Reason.REGISTRY_UNAVAILABLE);
                });
    }

    @Test
    void noServerMeansUnavailable() {
        server.stop(0);

        assertThatThrownBy(() -> serdes.deserializer(PresenceCommand.class).deserialize(TOPIC, VALUE))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REGISTRY_UNAVAILABLE));
    }

    @Test
    void aFailureDoesNotStay() {
        answer(500, "{\"error_code\":50001,\"message\":\"Store error\"}");
        var deserializer = serdes.deserializer(PresenceCommand.class);
        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, VALUE)).isInstanceOf(DecodeException.class);
        server.removeContext("/");
        String schema = PresenceCommand.getClassSchema().toString().replace("\"", "\\\"");
        answer(200, "{\"schema\":\"" + schema + "\"}");

        assertThat(deserializer.deserialize(TOPIC, VALUE)).isEqualTo(new PresenceCommand(new PurgePresences()));
    }

    @Test
    void anUnknownIdIsNotAskedForAgainAtOnce() {
        answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        var deserializer = serdes.deserializer(PresenceCommand.class);

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> deserializer.deserialize(TOPIC, VALUE)).isInstanceOf(DecodeException.class);
        }

        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "409 | {\"error_code\":409,\"message\":\"incompatible\"} | SCHEMA_REFUSED",
                "422 | {\"error_code\":42201,\"message\":\"invalid\"} | SCHEMA_REFUSED",
                "500 | {\"error_code\":50001,\"message\":\"Store error\"} | REGISTRY_UNAVAILABLE",
            })
    void aRefusalToRegisterMeansThis(int status, String body, EncodeException.Reason reason) {
        answer(status, body);

        assertThatThrownBy(() -> serdes.serializer(PresenceCommand.class)
                        .serialize(TOPIC, new PresenceCommand(new PurgePresences())))
                .isInstanceOfSatisfying(
                        EncodeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void answer(int status, String body) {
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
