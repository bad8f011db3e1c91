package io.forebay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.app.Forebay;
import io.forebay.app.ForebayConfig;
import io.forebay.config.ConfigReader;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The whole application in this JVM, with topics and state of its own, ready when it is handed out. */
public final class ForebayStack implements Surroundings, AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    /** Enough partitions for two instances to share, few enough to open within a moment. */
    private static final String PARTITIONS = "4";

    private final Map<String, String> settings;
    private final Path state;
    private final AtomicReference<@Nullable Throwable> ended = new AtomicReference<>();
    private Forebay forebay;

    private ForebayStack(Map<String, String> shared) {
        try {
            state = Files.createTempDirectory("forebay");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings = new TreeMap<>(shared);
        settings.put("forebay.state.dir", state.toString());
        forebay = launch(settings, ended);
    }

    private static Forebay launch(Map<String, String> settings, AtomicReference<@Nullable Throwable> ended) {
        Forebay forebay = Forebay.start(ForebayConfig.read(ConfigReader.of(settings)), ended::set);
        try {
            ForebayClient client = new ForebayClient(forebay.uri());
            // A stream thread that is replaced ends with what ended it, which is not this wait's business.
            await("Forebay to be ready")
                    .dontCatchUncaughtExceptions()
                    .atMost(READY_WITHIN)
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(
                            () -> assertThat(client.get("/readyz").toString()).startsWith("200 "));
            return forebay;
        } catch (RuntimeException e) {
            forebay.close();
            throw e;
        }
    }

    /** Stops it, and starts it again on its data, elsewhere: clients from before do not reach it. */
    public void restart() {
        forebay.close();
        forebay = launch(settings, ended);
    }

    /** Starts one on a cluster, with the development registry. */
    public static ForebayStack start(TestCluster cluster) {
        return start(cluster, SharedRegistry.of(cluster));
    }

    /** Starts one on a cluster, with a registry. */
    public static ForebayStack start(TestCluster cluster, String registryUrl) {
        return start(cluster, registryUrl, Map.of());
    }

    /** Starts one for a handful of records: two partitions, so that there is more than one. */
    public static ForebayStack small(TestCluster cluster) {
        return small(cluster, Map.of());
    }

    /** Starts a small one with settings of its own. */
    public static ForebayStack small(TestCluster cluster, Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("forebay.topics.partitions", "2");
        return start(cluster, SharedRegistry.of(cluster), settings);
    }

    /** Starts one with settings that go before the usual ones. */
    public static ForebayStack start(TestCluster cluster, String registryUrl, Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "schema.registry.url",
                registryUrl,
                "forebay.topics.prefix",
                ClusterProvider.freshPrefix(),
                "forebay.topics.create",
                "true",
                "forebay.topics.partitions",
                PARTITIONS,
                "forebay.http.port",
                "0"));
        settings.putAll(more);
        return new ForebayStack(settings);
    }

    /** Starts one with these settings, its state directory aside. */
    static ForebayStack with(Map<String, String> settings) {
        return new ForebayStack(settings);
    }

    /** A second instance of the same deployment. */
    public ForebayStack another() {
        return new ForebayStack(settings);
    }

    /** An instance of the same deployment with some settings that differ. */
    public ForebayStack another(Map<String, String> differing) {
        Map<String, String> its = new TreeMap<>(settings);
        its.putAll(differing);
        return new ForebayStack(its);
    }

    /** A second instance of the same deployment, with a JVM of its own. */
    public ForebayInstance anotherProcess() {
        return ForebayInstance.start(settings);
    }

    public ForebayClient client() {
        return new ForebayClient(forebay.uri());
    }

    /** What ended a stream thread, null as long as none ended. */
    public @Nullable Throwable fatal() {
        return ended.get();
    }

    @Override
    public String bootstrapServers() {
        return String.valueOf(settings.get("bootstrap.servers"));
    }

    @Override
    public String registryUrl() {
        return String.valueOf(settings.get("schema.registry.url"));
    }

    @Override
    public TopicCatalogue topics() {
        return forebay.catalogue();
    }

    @Override
    public void close() {
        forebay.close();
        delete(state);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = new ArrayList<>(files.toList());
            Collections.reverse(deepestFirst);
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
