package io.forebay.it.stack;

import io.forebay.it.cluster.TestCluster;
import io.forebay.registry.DevelopmentRegistry;
import java.util.HashMap;
import java.util.Map;

/** The development registry in this JVM, one for each cluster that is asked for, closed when the JVM ends. */
final class SharedRegistry {
    private static final Map<String, DevelopmentRegistry> BY_CLUSTER = new HashMap<>();

    private SharedRegistry() {}

    static String of(TestCluster cluster) {
        synchronized (BY_CLUSTER) {
            return BY_CLUSTER
                    .computeIfAbsent(cluster.bootstrapServers(), servers -> {
                        DevelopmentRegistry started = DevelopmentRegistry.start(servers, 0);
                        Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                        return started;
                    })
                    .url();
        }
    }
}
