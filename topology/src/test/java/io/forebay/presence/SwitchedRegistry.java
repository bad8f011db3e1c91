package io.forebay.presence;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;

/** A schema registry that knows the presence schemas and answers, or does not, as the test says. */
final class SwitchedRegistry implements AutoCloseable {

    private static final int COMMAND_ID = 1;
    private static final int CHANGE_ID = 2;

    private final HttpServer server;
    private volatile boolean answers = true;

    SwitchedRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void answers(boolean now) {
        answers = now;
    }

    /** A command in the wire format, written without asking this registry. */
    byte[] wire(PresenceCommand command) {
        try (AvroSerdes elsewhere = AvroSerdes.create(Map.of("schema.registry.url", "mock://elsewhere"))) {
            byte[] wire = elsewhere.serializer(PresenceCommand.class).serialize("topic", command);
            return ByteBuffer.wrap(wire).putInt(1, COMMAND_ID).array();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (!answers) {
            answer(exchange, 503, "{\"error_code\":50301,\"message\":\"away\"}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 200, "{\"id\":" + CHANGE_ID + "}");
        } else {
            boolean command = exchange.getRequestURI().getPath().endsWith("/" + COMMAND_ID);
            answer(
                    exchange,
                    200,
                    command ? schema("PresenceCommand", "Condition") : schema("PresenceChanged", "SourcePosition"));
        }
    }

    /** A schema as one document: the first use of a type that has a file of its own is its definition. */
    private static String schema(String name, String used) throws IOException {
        String schema = read(name).replaceFirst("\"" + used + "\"", Matcher.quoteReplacement(read(used)));
        return "{\"schema\":\""
                + schema.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ")
                + "\"}";
    }

    private static String read(String schema) throws IOException {
        return Files.readString(Path.of("../schemas/src/main/avro/" + schema + ".avsc"));
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
