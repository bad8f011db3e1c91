package io.forebay.it.stack;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.process.ChildJvm;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The distribution as a user runs it, with its embedded broker and registry, in a process of its own. Its ports and its data directory
 * stay the same over deaths and restarts. The system property {@code forebay.home} names the unpacked distribution.
 */
public final class ForebayProcess implements Surroundings, AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("is ready", Pattern.LITERAL);

    /** It lives for seconds, and what a compiler would do for an hour takes the processors from it. */
    private static final String OPTIONS_OF_THE_JVM = "-Xmx768m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private final Path data;
    private final int port = FreePort.any();
    private final int kafkaPort = FreePort.any();
    private final int registryPort = FreePort.any();
    private final List<String> options;
    private ChildJvm process;

    private ForebayProcess(Path data, List<String> options) {
        this.data = data;
        this.options = options;
        this.process = launch(arguments());
    }

    /** Starts it and waits until it says it is ready. */
    public static ForebayProcess start(Path data, String... options) {
        ForebayProcess started = new ForebayProcess(data, List.of(options));
        started.awaitReady();
        return started;
    }

    /** Runs the launcher with any arguments. */
    public static ChildJvm launch(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(home().resolve("bin").resolve("forebay").toString());
        command.addAll(arguments);
        return ChildJvm.start(
                "forebay",
                command,
                Map.of("FOREBAY_OPTS", OPTIONS_OF_THE_JVM),
                Path.of("").toAbsolutePath());
    }

    /** Where the distribution is. */
    public static Path home() {
        return Path.of(System.getProperty("forebay.home", "../deploy/target/forebay"))
                .toAbsolutePath()
                .normalize();
    }

    public ForebayClient client() {
        return new ForebayClient(URI.create("http://127.0.0.1:" + port));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public Path data() {
        return data;
    }

    /** Kills it and whatever it started, in the midst of what it does. */
    public void kill() {
        process.kill();
    }

    /** Starts it again on its data and waits until it is ready. */
    public void restart() {
        process = launch(arguments());
        awaitReady();
    }

    /** Stops it as Ctrl-C does; answers the exit status. */
    public int stop() {
        return process.stop(Duration.ofSeconds(30));
    }

    public String output() {
        return process.output();
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    @Override
    public String registryUrl() {
        return "http://127.0.0.1:" + registryPort;
    }

    @Override
    public TopicCatalogue topics() {
        return TopicCatalogue.of(CatalogueSettings.defaults());
    }

    @Override
    public void close() {
        process.close();
    }

    private void awaitReady() {
        process.awaitOutput(READY, READY_WITHIN);
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--data-dir",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--kafka-port",
                Integer.toString(kafkaPort),
                "--registry-port",
                Integer.toString(registryPort)));
        arguments.addAll(options);
        return arguments;
    }
}
