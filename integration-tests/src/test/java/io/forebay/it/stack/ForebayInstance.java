package io.forebay.it.stack;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.process.ChildJvm;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forebay as {@link ForebayStack} runs it, with a JVM of its own. */
public final class ForebayInstance implements Surroundings, AutoCloseable {
    private static final Pattern READY = Pattern.compile("^ready (\\S+) (\\S+) (\\S+)$", Pattern.MULTILINE);

    private static final String BOOTSTRAP = "bootstrap.servers";

    private final ChildJvm process;
    private final String bootstrapServers;
    private final String registryUrl;
    private final ForebayClient client;
    private final TopicCatalogue topics;

    private ForebayInstance(ChildJvm process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
        Matcher ready = process.awaitOutput(READY, Duration.ofSeconds(60));
        this.client = new ForebayClient(URI.create(ready.group(1)));
        this.registryUrl = ready.group(2);
        this.topics = TopicCatalogue.of(CatalogueSettings.defaults().withPrefix(ready.group(3)));
    }

    /** Starts one with topics of its own. */
    public static ForebayInstance start(TestCluster cluster) {
        return start(cluster, Map.of());
    }

    /** Starts one with topics of its own, and settings that go before the usual ones. */
    public static ForebayInstance start(TestCluster cluster, Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put(BOOTSTRAP, cluster.bootstrapServers());
        return start(settings);
    }

    static ForebayInstance start(Map<String, String> settings) {
        List<String> arguments = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
        return new ForebayInstance(
                ChildJvm.java("instance", List.of("-Xmx1g"), ForebayInstance.class.getName(), arguments),
                Objects.requireNonNull(settings.get(BOOTSTRAP)));
    }

    /** Runs one until standard input ends. Arguments: its settings; without a prefix for one with topics of its own. */
    public static void main(String[] args) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String setting : args) {
            String[] parts = setting.split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        String bootstrap = Objects.requireNonNull(settings.get(BOOTSTRAP));
        TestCluster cluster = new OutsideCluster(bootstrap);
        try (ForebayStack stack = settings.containsKey("forebay.topics.prefix")
                ? ForebayStack.with(settings)
                : ForebayStack.start(cluster, SharedRegistry.of(cluster), settings)) {
            System.out.println("ready " + stack.client().base() + " " + stack.registryUrl() + " "
                    + stack.topics().settings().prefix());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        Runtime.getRuntime().halt(0);
    }

    public ForebayClient client() {
        return client;
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public String registryUrl() {
        return registryUrl;
    }

    @Override
    public TopicCatalogue topics() {
        return topics;
    }

    /** Ends it in the midst of what it does. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    /** A cluster that somebody else started and ends. */
    private record OutsideCluster(String bootstrapServers) implements TestCluster {
        @Override
        public void close() {}
    }
}
