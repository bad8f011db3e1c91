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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forebay as {@link ForebayStack} runs it, with a JVM of its own. */
public final class ForebayInstance implements Surroundings, AutoCloseable {
    private static final Pattern READY = Pattern.compile("^ready (\\S+) (\\S+) (\\S+)$", Pattern.MULTILINE);

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
        ChildJvm process = ChildJvm.java(
                "instance", List.of("-Xmx1g"), ForebayInstance.class.getName(), List.of(cluster.bootstrapServers()));
        return new ForebayInstance(process, cluster.bootstrapServers());
    }

    /** Runs one until standard input ends. Argument: bootstrap servers. */
    public static void main(String[] args) throws IOException {
        TestCluster cluster = new OutsideCluster(args[0]);
        try (ForebayStack stack = ForebayStack.start(cluster)) {
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
