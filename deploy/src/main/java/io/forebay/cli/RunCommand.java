package io.forebay.cli;

import io.forebay.app.Forebay;
import io.forebay.app.ForebayConfig;
import io.forebay.config.ConfigReader;
import io.forebay.deploy.DataDirectory;
import io.forebay.deploy.LocalPort;
import io.forebay.deploy.StartException;
import io.forebay.embedded.EmbeddedKafka;
import io.forebay.registry.DevelopmentRegistry;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code forebay run}: brings everything up in order, says so, and takes it down in reverse when asked to stop. */
@Command(
        name = "run",
        description = {
            "Run Forebay.",
            "",
            "Without --config it brings a Kafka broker and a schema registry of its own, for a laptop; with --config FILE it"
                    + " runs against the cluster and registry that the file names."
        })
final class RunCommand implements Callable<Integer> {

    private static final long READY_POLL_MS = 100;
    private static final long READY_NOTE_MS = 10_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where topics and state are kept. Default: ./data")
    private Path dataDirectory = Path.of("data");

    @Option(names = "--host", paramLabel = "HOST", description = "Address to serve HTTP on. Default: 127.0.0.1")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port to serve HTTP on. Default: 8080")
    private @Nullable Integer port;

    @Option(names = "--insecure", description = "Serve other machines although no identity is configured.")
    private boolean insecure;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "CAPABILITY",
            description = "Run only these capabilities: presence, keys, events, sync.")
    private List<String> only = List.of();

    @Option(
            names = "--create-topics",
            description = "Create topics that are missing. Without --config they always are.")
    private boolean createTopics;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "The embedded broker's port. Default: " + EmbeddedKafka.DEFAULT_PORT)
    private int kafkaPort = EmbeddedKafka.DEFAULT_PORT;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            description = "The embedded registry's port. Default: " + DevelopmentRegistry.DEFAULT_PORT)
    private int registryPort = DevelopmentRegistry.DEFAULT_PORT;

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Ending ending = new Ending();
        StopSignals.listen(() -> {
            ending.ask();
            awaitQuietly(stopped);
        });
        try {
            if (settings.file() == null) {
                runWithCluster(ending);
            } else {
                runAgainst(ending);
            }
        } finally {
            stopped.countDown();
        }
        return ending.failed() ? ExitStatus.FAILED : ExitStatus.OK;
    }

    private void runWithCluster(Ending ending) throws InterruptedException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Map<String, String> own = options();
        // Refused before anything is started: a start takes seconds, a look at the settings none.
        Map<String, String> placeholders = new LinkedHashMap<>(own);
        placeholders.put("bootstrap.servers", "127.0.0.1:" + kafkaPort);
        placeholders.put("schema.registry.url", "http://127.0.0.1:" + registryPort);
        ForebayConfig checked = ForebayConfig.read(settings.reader(placeholders));
        requireHttpPort(checked);
        LocalPort.requireFree(loopback, registryPort, "the schema registry", "--registry-port");
        note("starting Kafka, the schema registry and Forebay");
        try (DataDirectory data = DataDirectory.open(dataDirectory);
                LocalCluster cluster = LocalCluster.start(data, kafkaPort, registryPort)) {
            own.put("bootstrap.servers", cluster.bootstrapServers());
            own.put("schema.registry.url", cluster.registryUrl());
            own.put("forebay.state.dir", data.state().toString());
            own.put("forebay.topics.create", "true");
            own.put("forebay.topics.replication", "1");
            ForebayConfig config = ForebayConfig.read(settings.reader(own));
            try (Forebay forebay = Forebay.start(config, ending::fail)) {
                if (awaitReady(forebay, ending)) {
                    say(
                            forebay,
                            config,
                            cluster.bootstrapServers(),
                            cluster.registryUrl() + " (for development)",
                            data.root());
                    ending.await();
                }
                note("stopping");
            }
        }
    }

    private void runAgainst(Ending ending) throws InterruptedException {
        ConfigReader reader = settings.reader(options());
        ForebayConfig config = ForebayConfig.read(reader);
        requireHttpPort(config);
        note("starting against " + config.kafka().get("bootstrap.servers"));
        try (DataDirectory data = DataDirectory.open(config.node().stateDir());
                Forebay forebay = Forebay.start(config, ending::fail)) {
            if (awaitReady(forebay, ending)) {
                say(
                        forebay,
                        config,
                        String.valueOf(config.kafka().get("bootstrap.servers")),
                        String.valueOf(config.kafka().get("schema.registry.url")),
                        data.root());
                ending.await();
            }
            note("stopping");
        }
    }

    private Map<String, String> options() {
        Map<String, String> own = new LinkedHashMap<>();
        if (host != null) {
            own.put("forebay.http.host", host);
        }
        if (port != null) {
            own.put("forebay.http.port", port.toString());
        }
        if (insecure) {
            own.put("forebay.http.insecure", "true");
        }
        if (!only.isEmpty()) {
            own.put("forebay.only", String.join(",", only));
        }
        if (createTopics) {
            own.put("forebay.topics.create", "true");
        }
        return own;
    }

    private static void requireHttpPort(ForebayConfig config) {
        if (config.http().port() == 0) {
            return;
        }
        try {
            LocalPort.requireFree(
                    InetAddress.getByName(config.http().host()), config.http().port(), "HTTP", "--port");
        } catch (UnknownHostException e) {
            throw new StartException("the host " + config.http().host() + " (--host) is not known", e);
        }
    }

    /** Waits until the instance answers everything, saying now and then what it waits for. */
    private boolean awaitReady(Forebay forebay, Ending ending) throws InterruptedException {
        long noted = System.nanoTime();
        while (true) {
            List<String> reasons = forebay.notReady();
            if (reasons.isEmpty()) {
                return true;
            }
            if (ending.awaitFor(READY_POLL_MS)) {
                return false;
            }
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - noted) >= READY_NOTE_MS) {
                noted = System.nanoTime();
                note("not ready yet: " + String.join("; ", reasons));
            }
        }
    }

    private void say(Forebay forebay, ForebayConfig config, String kafka, String registry, Path data) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Forebay %s is ready after %s s".formatted(VersionCommand.program(), secondsSinceStart()));
        out.println("  HTTP             %s".formatted(forebay.uri()));
        out.println("  Kafka            %s".formatted(kafka));
        out.println("  schema registry  %s".formatted(registry));
        out.println("  data             %s".formatted(data));
        out.println("Try:");
        FirstCommands.of(config.node().capabilities(), forebay.uri()).forEach(command -> out.println("  " + command));
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    private void note(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("forebay: " + text);
        err.flush();
    }

    private static String secondsSinceStart() {
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** That the run is to end: because somebody asked, or because a stream thread could not go on. */
    private final class Ending {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        void ask() {
            asked.countDown();
        }

        void fail(Throwable reason) {
            if (failure.compareAndSet(null, reason)) {
                note("a stream thread ended: " + reason.getMessage());
            }
            asked.countDown();
        }

        boolean failed() {
            return failure.get() != null;
        }

        void await() throws InterruptedException {
            asked.await();
        }

        boolean awaitFor(long millis) throws InterruptedException {
            return asked.await(millis, TimeUnit.MILLISECONDS);
        }
    }
}
