package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.http.CacheCalls;
import io.forebay.events.http.EventsCalls;
import io.forebay.http.OpenApiResource;
import io.forebay.http.PeerResource;
import io.forebay.http.Route;
import io.forebay.http.calls.CallsServer;
import io.forebay.keys.http.KeysCalls;
import io.forebay.presence.http.PresenceCalls;
import io.forebay.sync.http.SyncCalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds the routes that are served to their written description, both ways. */
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private static final Map<String, Object> WRITTEN = written();
    private static CallsServer served;

    @BeforeAll
    static void start() {
        served = CallsServer.start(parts -> List.of(
                new OpenApiResource(),
                new OperationsResource(List::of, () -> "", parts.router(), (application, topic) -> true),
                new PeerResource(parts.config(), parts.router()::serve),
                PresenceCalls.on(parts),
                KeysCalls.on(parts),
                CacheCalls.on(parts),
                EventsCalls.on(parts),
                SyncCalls.on(parts)));
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static Map<String, Object> written() {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static List<?> list(@Nullable Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    private static Map<String, Object> resolved(@Nullable Object value) {
        Map<String, Object> object = object(value);
        String reference = (String) object.get("$ref");
        if (reference == null) {
            return object;
        }
        Map<String, Object> found = WRITTEN;
        for (String step : reference.substring(2).split("/", -1)) {
            found = object(Objects.requireNonNull(found.get(step), reference));
        }
        return found;
    }

    /** Each written operation by method and path. */
    private static Map<String, Map<String, Object>> operations() {
        Map<String, Map<String, Object>> operations = new TreeMap<>();
        object(WRITTEN.get("paths"))
                .forEach((path, item) -> object(item).forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        operations.put(method.toUpperCase(Locale.ROOT) + " " + path, object(operation));
                    }
                }));
        return operations;
    }

    private static Stream<Route> routes() {
        return served.server().routes().stream();
    }

    /** OpenAPI has no form for a parameter of several segments: its description says so. */
    private static String path(Route route) {
        return route.template().replace("...}", "}");
    }

    private static Map<String, Object> operation(Route route) {
        return Objects.requireNonNull(operations().get(route.method() + " " + path(route)));
    }

    private static List<Map<String, Object>> parameters(Route route, String in) {
        Map<String, Object> path = object(object(WRITTEN.get("paths")).get(path(route)));
        return Stream.concat(
                        list(path.get("parameters")).stream(),
                        list(operation(route).get("parameters")).stream())
                .map(OpenApiTest::resolved)
                .filter(parameter -> in.equals(parameter.get("in")))
                .toList();
    }

    private static Set<Object> names(List<Map<String, Object>> parameters) {
        return parameters.stream().map(parameter -> parameter.get("name")).collect(Collectors.toSet());
    }

    private static Set<String> codes(Route route) {
        return new TreeSet<>(object(operation(route).get("responses")).keySet());
    }

    @Test
    void every_route_is_written_and_every_written_operation_is_a_route() {
        Set<String> served = routes().map(route -> route.method() + " " + path(route))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(served).isEqualTo(operations().keySet());
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_route_takes_the_parameters_that_are_written(Route route) {
        assertThat(names(parameters(route, "query"))).isEqualTo(Set.copyOf(route.parameters()));
        assertThat(parameters(route, "query")).noneMatch(parameter -> Boolean.TRUE.equals(parameter.get("required")));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_path_has_the_parameters_that_are_written(Route route) {
        Set<String> segments = Stream.of(path(route).split("/", -1))
                .filter(segment -> segment.startsWith("{"))
                .map(segment -> segment.substring(1, segment.indexOf('}')))
                .collect(Collectors.toSet());

        assertThat(names(parameters(route, "path"))).isEqualTo(segments);
        assertThat(parameters(route, "path")).allMatch(parameter -> Boolean.TRUE.equals(parameter.get("required")));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_route_takes_the_body_that_is_written(Route route) {
        Route.Body body = route.body();
        Map<String, Object> content =
                object(object(operation(route).get("requestBody")).get("content"));

        assertThat(content.keySet()).isEqualTo(body == null ? Set.of() : body.mediaTypes());
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_route_answers_what_every_route_of_its_kind_answers(Route route) {
        Set<String> expected = new TreeSet<>(Set.of("400"));
        if (!route.isPublic()) {
            expected.add("401");
        }
        if (route.body() != null) {
            expected.addAll(Set.of("408", "413", "415"));
        }
        if (names(parameters(route, "header")).contains("Idempotency-Key")) {
            expected.addAll(Set.of("202", "422", "503"));
        }
        if (names(parameters(route, "header")).contains("If-Match")) {
            expected.add("412");
        }
        if (names(parameters(route, "header")).contains("Forebay-At-Least")) {
            expected.add("503");
        }

        assertThat(codes(route)).containsAll(expected);
        assertThat(codes(route).stream().filter(code -> code.startsWith("4")).filter(code -> !expected.contains(code)))
                .as("codes that only some routes have")
                .isSubsetOf("403", "404", "406", "409", "412", "413");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_route_asks_for_identity_as_is_written(Route route) {
        boolean written = list(operation(route).getOrDefault("security", WRITTEN.get("security")))
                .isEmpty();

        assertThat(route.isPublic()).isEqualTo(written);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void an_answer_has_a_code_that_is_written(Route route) throws Exception {
        String target = path(route).replaceAll("\\{[a-z]+}", "5");
        HttpRequest.Builder request = HttpRequest.newBuilder(served.uri(target + "?unknown=1"))
                .method(route.method(), HttpRequest.BodyPublishers.noBody());

        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(codes(route)).contains(Integer.toString(answer.statusCode()));
        assertThat(answer.body()).contains("\"code\":\"unknown_parameter\"");
    }

    @Test
    void every_reference_leads_somewhere() {
        assertThat(references(WRITTEN))
                .isNotEmpty()
                .allSatisfy(reference ->
                        assertThat(resolved(Map.of("$ref", reference))).isNotNull());
    }

    private static Stream<Object> referencesOf(Object value) {
        if (value instanceof Map<?, ?> map) {
            return Stream.concat(
                    Stream.ofNullable(map.get("$ref")),
                    map.values().stream().filter(Objects::nonNull).flatMap(OpenApiTest::referencesOf));
        }
        return value instanceof List<?> items ? items.stream().flatMap(OpenApiTest::referencesOf) : Stream.empty();
    }

    private static Set<Object> references(Object value) {
        return referencesOf(value).collect(Collectors.toSet());
    }

    @Test
    void the_description_is_served_as_json() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(served.uri("/openapi.json")).build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body()).startsWith("{\"openapi\":\"3.1.0\"");
    }
}
