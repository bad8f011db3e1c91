package io.forebay.cli;

import io.forebay.deploy.DataDirectory;
import io.forebay.embedded.EmbeddedKafka;
import io.forebay.registry.DevelopmentRegistry;

/**
 * The cluster that the one-command mode brings along: a broker and a registry over one data directory. The caller keeps
 * hold of the directory, whose lock must outlive both.
 */
final class LocalCluster implements AutoCloseable {

    private final EmbeddedKafka kafka;
    private final DevelopmentRegistry registry;

    private LocalCluster(EmbeddedKafka kafka, DevelopmentRegistry registry) {
        this.kafka = kafka;
        this.registry = registry;
    }

    /**
     * Starts both.
     *
     * @param data where the broker's logs are
     * @param kafkaPort the broker's port
     * @param registryPort the registry's port
     * @return the cluster
     */
    static LocalCluster start(DataDirectory data, int kafkaPort, int registryPort) {
        EmbeddedKafka kafka = EmbeddedKafka.start(data.kafka(), kafkaPort);
        try {
            return new LocalCluster(kafka, DevelopmentRegistry.start(kafka.bootstrapServers(), registryPort));
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String registryUrl() {
        return registry.url();
    }

    @Override
    public void close() {
        registry.close();
        kafka.close();
    }
}
