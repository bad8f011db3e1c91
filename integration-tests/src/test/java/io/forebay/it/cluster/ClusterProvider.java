package io.forebay.it.cluster;

import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one place where tests get their Kafka. The system property {@code kafka} chooses what answers:
 *
 * <ul>
 *   <li>{@code in-vm} (default): a broker in this JVM;
 *   <li>{@code process}: a broker in a child JVM;
 *   <li>{@code testcontainers}: a container of the image {@code kafka.image}, {@value #DEFAULT_IMAGE} when not set.
 * </ul>
 *
 * <p>One cluster serves every test of a JVM; tests stay apart by {@linkplain #freshPrefix() prefixes} of their own, which name their
 * topics, groups and transactional ids.
 */
public final class ClusterProvider {
    private static final String DEFAULT_IMAGE = "forebay/kafka-test:4.3.1";
    private static final String RUN = UUID.randomUUID().toString().substring(0, 6);
    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static final Object LOCK = new Object();
    private static @Nullable TestCluster shared;

    private ClusterProvider() {}

    /** The cluster that the tests of this JVM share; started by the first who asks, closed when the JVM ends. */
    public static TestCluster shared() {
        synchronized (LOCK) {
            if (shared == null) {
                TestCluster started = dedicated();
                Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                shared = started;
            }
            return shared;
        }
    }

    /** A cluster of the chosen kind for one test alone, which closes it. */
    public static TestCluster dedicated() {
        String kind = System.getProperty("kafka", "in-vm").toLowerCase(Locale.ROOT);
        return switch (kind) {
            case "in-vm" -> InVmCluster.start(1);
            case "process" -> inAnotherProcess();
            case "testcontainers" -> ContainerCluster.start(System.getProperty("kafka.image", DEFAULT_IMAGE));
            default ->
                throw new IllegalArgumentException(
                        "kafka=" + kind + ": expected one of in-vm, process, testcontainers");
        };
    }

    /** A broker in another process, whatever the choice for the others. */
    public static TestCluster inAnotherProcess() {
        return ProcessCluster.start();
    }

    /** A topic prefix that nobody used before on this cluster, with its trailing dot. */
    public static String freshPrefix() {
        return "t" + RUN + "-" + PREFIXES.incrementAndGet() + ".";
    }
}
