package io.forebay.http;

import io.forebay.config.ConfigReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real server on a free port, and the two ways tests speak to it. */
final class TestServer implements AutoCloseable {
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(HttpServer server) {
        this.server = server;
    }

    static TestServer start(Resource... resources) {
        return start(config(), null, AuthConfig.none(), InstantSource.system(), resources);
    }

    static TestServer start(
            HttpConfig config,
            @Nullable Authenticator identity,
            AuthConfig auth,
            InstantSource clock,
            Resource... resources) {
        HttpServer server = HttpServer.open(config);
        server.start(identity, auth, (method, template, status, nanos) -> {}, clock, List.of(resources));
        return new TestServer(server);
    }

    static HttpConfig config() {
        return config(Map.of());
    }

    /** A config of these settings, on a free port unless they say otherwise. */
    static HttpConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent(HttpConfig.PORT.name(), "0");
        return HttpConfig.read(ConfigReader.of(all));
    }

    /** A config on a free port that waits as long as is said, which may be less than settings allow. */
    static HttpConfig config(HttpTimeouts timeouts) {
        HttpConfig usual = config();
        return new HttpConfig(
                usual.host(),
                usual.port(),
                usual.insecure(),
                usual.eventLoops(),
                usual.workers(),
                usual.limits(),
                timeouts,
                usual.compression(),
                usual.corsOrigins(),
                usual.allowedHosts(),
                usual.clusterSecret(),
                usual.accessLog());
    }

    HttpServer server() {
        return server;
    }

    URI uri(String target) {
        return URI.create("http://127.0.0.1:" + server.port() + target);
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(uri(target));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return send(request(target));
    }

    HttpResponse<String> post(String target, String json) throws IOException, InterruptedException {
        return send(request(target)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** A request's head of these lines. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** Sends bytes as they are and reads until the server closes or has nothing more to say for the request. */
    String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            return readToEnd(socket);
        }
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    static String readToEnd(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            all.write(buffer, 0, n);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        server.close();
    }
}
