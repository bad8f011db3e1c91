package io.forebay.it.cluster;

/** A running Kafka cluster. */
public interface TestCluster extends AutoCloseable {
    /** {@code host:port,…} of listeners that this JVM and its children can reach without credentials. */
    String bootstrapServers();

    /** Ends every broker and drops its data. */
    @Override
    void close();
}
