package io.forebay.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code /openapi.json}, the written description of the API, and a page at {@code /} for people who come by. */
public final class OpenApiResource implements Resource {
    private static final String WRITTEN = "/openapi.yaml";
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>Forebay</title>
            <h1>Forebay</h1>
            <p>Holds the state of change events on Kafka: look-ups, match queries, streams of changes.</p>
            <ul>
            <li><a href="/openapi.json">The API</a></li>
            <li><a href="/readyz">Is it ready, and what does it wait for</a></li>
            <li><a href="/v1/topology">Which instance owns which partition</a></li>
            <li><a href="/metrics">Metrics</a></li>
            </ul>
            <p>To try: <code>curl -i /v1/presences?limit=10</code></p>
            </html>
            """;

    private final Response document = Response.json(document());
    private final Response page = Response.of(200, "text/html; charset=utf-8", PAGE.getBytes(StandardCharsets.UTF_8));

    @Override
    public void register(Routes routes) {
        routes.add(Route.get("/openapi.json", request -> CompletableFuture.completedFuture(document))
                .open());
        routes.add(Route.get("/", request -> CompletableFuture.completedFuture(page))
                .open());
    }

    private static byte[] document() {
        try {
            return new ObjectMapper().writeValueAsString(written()).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The description as it is written. */
    static Map<String, Object> written() throws IOException {
        try (InputStream in = OpenApiResource.class.getResourceAsStream(WRITTEN)) {
            if (in == null) {
                throw new IOException("no " + WRITTEN + " on the class path");
            }
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        }
    }
}
