package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same table by HTTP: each bad request gets a problem document that names the field, and the next request is answered. */
class PoisonHttpIT {
    private static @Nullable ForebayStack stack;

    @BeforeAll
    static void start() {
        stack = ForebayStack.start(ClusterProvider.shared());
    }

    @AfterAll
    static void stop() {
        stack().close();
    }

    /** One bad request; {@code field} null where the request as a whole is at fault. */
    @SuppressWarnings("ArrayRecordComponent") // a row of the table; nothing compares it
    private record Poison(
            String name,
            String method,
            String path,
            String contentType,
            byte @Nullable [] body,
            int status,
            String code,
            @Nullable String field) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Poison> table() {
        String path = "/v1/presences/700/1";
        return Stream.of(
                json("oversized presence", path, "{\"x\":\"" + "a".repeat(300_000) + "\"}", 413, "too_large", null),
                json("deep nesting", path, "{\"x\":" + "[".repeat(500) + "]".repeat(500) + "}", 400, "too_deep", "/x"),
                json("NUL", path, "{\"x\":\"a\\u0000b\"}", 400, "nul", "/x"),
                json("lone surrogate", path, "{\"x\":\"\\ud800\"}", 400, "lone_surrogate", "/x"),
                json("duplicate members", path, "{\"x\":1,\"x\":2}", 400, "duplicate_member", "/x"),
                json("invalid JSON", path, "{\"x\":}", 400, "invalid_json", null),
                json("not an object", path, "[]", 400, "not_an_object", null),
                json(
                        "user id of 2^64 in the path",
                        "/v1/presences/700/18446744073709551616",
                        "{}",
                        400,
                        "invalid",
                        "user"),
                json(
                        "guild id of 2^64 in the path",
                        "/v1/presences/18446744073709551616/1",
                        "{}",
                        400,
                        "invalid",
                        "guild"),
                json("guild id that is none", "/v1/presences/guild/1", "{}", 400, "invalid", "guild"),
                json(
                        "user id of 2^64 in the body",
                        path,
                        "{\"user\":{\"id\":\"18446744073709551616\"}}",
                        400,
                        "invalid",
                        "/user/id"),
                json("unknown parameter", path + "?nonsense=1", "{}", 400, "unknown_parameter", "nonsense"),
                new Poison(
                        "not UTF-8",
                        "PUT",
                        path,
                        "application/json",
                        new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'},
                        400,
                        "invalid_utf8",
                        null),
                new Poison("media type", "PUT", path, "text/plain", utf8("{}"), 415, "unsupported_media_type", null),
                new Poison(
                        "bulk that is no list",
                        "POST",
                        "/v1/presences/700",
                        "application/json",
                        utf8("{\"presences\":{}}"),
                        400,
                        "invalid",
                        "/presences"),
                new Poison(
                        "one bad presence in a bulk",
                        "POST",
                        "/v1/presences/700",
                        "application/json",
                        utf8("{\"presences\":[{\"user\":{\"id\":\"8\"}},{\"user\":{}}]}"),
                        400,
                        "invalid",
                        "/presences/1/user/id"),
                new Poison(
                        "dispatch of unknown type",
                        "POST",
                        "/v1/gateway",
                        "application/json",
                        utf8("{\"t\":\"TYPING_START\",\"d\":{}}"),
                        400,
                        "unknown_dispatch",
                        "/t"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void getsAProblemThatNamesTheField(Poison poison) {
        ForebayClient client = stack().client();

        Reply reply = client.call(poison.method(), poison.path())
                .body(poison.contentType(), Objects.requireNonNull(poison.body()))
                .send();

        assertThat(reply.status()).as(reply.text()).isEqualTo(poison.status());
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(reply.code()).as(reply.text()).isEqualTo(poison.code());
        String expected = poison.field();
        if (expected != null) {
            assertThat(reply.json().path("errors").findValuesAsText("field"))
                    .as(reply.text())
                    .anyMatch(field -> field.startsWith(expected));
        }
        assertThat(client.get("/livez").status()).isEqualTo(200);
    }

    private static Poison json(String name, String path, String body, int status, String code, @Nullable String field) {
        return new Poison(name, "PUT", path, "application/json", utf8(body), status, code, field);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ForebayStack stack() {
        return Objects.requireNonNull(stack);
    }
}
