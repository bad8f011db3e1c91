package io.forebay.it.cluster;

import io.forebay.it.process.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** One broker in a process of its own: its memory, its collector pauses and its death are not ours. */
final class ProcessCluster implements TestCluster {
    private static final Pattern READY = Pattern.compile("^bootstrap=(\\S+)$", Pattern.MULTILINE);

    private final ChildJvm broker;
    private final String bootstrapServers;

    private ProcessCluster(ChildJvm broker, String bootstrapServers) {
        this.broker = broker;
        this.bootstrapServers = bootstrapServers;
    }

    static ProcessCluster start() {
        ChildJvm broker = ChildJvm.java(
                "broker", List.of("-Xmx512m", "-XX:+UseSerialGC"), ProcessCluster.class.getName(), List.of());
        return new ProcessCluster(
                broker, broker.awaitOutput(READY, Duration.ofSeconds(60)).group(1));
    }

    /** Runs a broker until standard input ends. */
    public static void main(String[] args) throws IOException {
        try (TestCluster cluster = InVmCluster.start(1)) {
            System.out.println("bootstrap=" + cluster.bootstrapServers());
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        Runtime.getRuntime().halt(0);
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        broker.close();
    }
}
