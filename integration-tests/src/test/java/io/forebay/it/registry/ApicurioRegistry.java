package io.forebay.it.registry;

import io.forebay.it.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Apicurio Registry in a child JVM, with its database in a file so that it may be stopped and started again with what it held. The
 * build unpacks it; the system property {@code apicurio.home} names the place.
 */
public final class ApicurioRegistry implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Listening on: http://[^:]+:(\\d+)");

    private final Path data;
    private final int port;
    private ChildJvm process;

    private ApicurioRegistry(Path data, ChildJvm process, int port) {
        this.data = data;
        this.process = process;
        this.port = port;
    }

    /** Starts it on a free port with its database under {@code data}. */
    public static ApicurioRegistry start(Path data) {
        ChildJvm process = launch(data, 0);
        int port = Integer.parseInt(
                process.awaitOutput(READY, Duration.ofSeconds(90)).group(1));
        return new ApicurioRegistry(data, process, port);
    }

    /** The value for {@code schema.registry.url}. */
    public String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** Ends it, as an outage would; {@link #resume()} brings it back on the same port. */
    public void kill() {
        process.kill();
    }

    /** Starts it again on the same port and database. */
    public void resume() {
        process = launch(data, port);
        process.awaitOutput(READY, Duration.ofSeconds(90));
    }

    @Override
    public void close() {
        process.close();
    }

    private static ChildJvm launch(Path data, int port) {
        Path home = Path.of(System.getProperty("apicurio.home", "target/apicurio"));
        return ChildJvm.start(
                "apicurio",
                List.of(
                        ChildJvm.javaExecutable(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        runner(home).toString()),
                Map.of(
                        "REGISTRY_DATASOURCE_URL",
                        "jdbc:h2:file:" + data.toAbsolutePath().resolve("registry") + ";WRITE_DELAY=0",
                        "HTTP_PORT",
                        Integer.toString(port),
                        "QUARKUS_HTTP_HOST",
                        "127.0.0.1"),
                home);
    }

    private static Path runner(Path home) {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no registry under " + home))
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
