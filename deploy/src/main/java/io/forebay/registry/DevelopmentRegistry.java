package io.forebay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.forebay.deploy.LocalPort;
import io.forebay.deploy.StartException;
import io.forebay.registry.RegistryApi.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry on the loopback address, for development beside an embedded broker. Its content type, paths, bodies
 * and error codes are those of Confluent's registry (its API reference, version 7.9), Avro only.
 *
 * <p>The JDK's own HTTP server carries it: a registry answers a client once per schema, and anything larger would be
 * start-up time.
 */
public final class DevelopmentRegistry implements AutoCloseable {

    /** The port that clients know unless another is chosen. */
    public static final int DEFAULT_PORT = 8081;

    private static final Logger LOG = LoggerFactory.getLogger(DevelopmentRegistry.class);
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int LARGEST_BODY = 1024 * 1024;
    private static final int THREADS = 4;

    static {
        // Read once, when the server's classes load: without it each answer waits for the client's delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final RegistryLog log;
    private final RegistryApi api;
    private final ObjectMapper json;
    private final HttpServer server;
    private final ExecutorService threads;

    private DevelopmentRegistry(RegistryLog log, RegistryApi api, ObjectMapper json, HttpServer server) {
        this.log = log;
        this.api = api;
        this.json = json;
        this.server = server;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "schema-registry");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts the registry: reads its topic to the end (making it on first use), then serves.
     *
     * @param bootstrapServers the cluster that keeps its topic
     * @param port the port to serve on
     * @return the running registry
     * @throws StartException where the port is taken or the topic cannot be read
     */
    public static DevelopmentRegistry start(String bootstrapServers, int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        LocalPort.requireFree(loopback, port, "the schema registry", "--registry-port");
        ObjectMapper json = new ObjectMapper();
        RegistryLog log = new RegistryLog(bootstrapServers, json);
        try {
            log.prepare();
            RegistryApi api = new RegistryApi(new SchemaCatalogue(log, json), json);
            HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
            DevelopmentRegistry registry = new DevelopmentRegistry(log, api, json, server);
            registry.serve();
            return registry;
        } catch (IOException | KafkaException e) {
            log.close();
            throw new StartException("the schema registry does not start: " + e.getMessage(), e);
        }
    }

    /**
     * The address for clients.
     *
     * @return the value of {@code schema.registry.url}
     */
    public String url() {
        return "http://%s:%d"
                .formatted(
                        server.getAddress().getAddress().getHostAddress(),
                        server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        log.close();
    }

    private void serve() {
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status;
            Object body;
            try {
                body = api.answer(request(exchange));
                status = 200;
            } catch (RegistryException e) {
                body = error(e.errorCode(), String.valueOf(e.getMessage()));
                status = e.httpStatus();
            } catch (RuntimeException e) {
                LOG.error(
                        "{} {} failed",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getRawPath(),
                        e);
                body = error(50001, "Internal error");
                status = 500;
            }
            byte[] bytes = json.writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Request request(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new RegistryException(413, "The request's body is larger than %d bytes".formatted(LARGEST_BODY));
        }
        return new Request(
                exchange.getRequestMethod(),
                path(exchange.getRequestURI().getRawPath()),
                query(exchange.getRequestURI().getRawQuery()),
                new String(body, UTF_8));
    }

    private static List<String> path(String raw) {
        List<String> parts = new ArrayList<>();
        for (String part : raw.split("/", -1)) {
            if (!part.isEmpty()) {
                // In a path a plus sign is itself.
                parts.add(decode(part.replace("+", "%2B")));
            }
        }
        return parts;
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> parameters = new HashMap<>();
        if (raw != null) {
            for (String parameter : raw.split("&", -1)) {
                int equals = parameter.indexOf('=');
                if (equals > 0) {
                    parameters.put(decode(parameter.substring(0, equals)), decode(parameter.substring(equals + 1)));
                }
            }
        }
        return parameters;
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(400, "The address holds a percent sign that no two hexadecimal digits follow");
        }
    }

    private static Map<String, Object> error(int code, String message) {
        return Map.of("error_code", code, "message", message);
    }
}
