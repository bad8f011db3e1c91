package io.forebay.it.cluster;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.KafkaClusterConfig;
import io.kroxylicious.testing.kafka.common.KafkaClusterExecutionMode;
import io.kroxylicious.testing.kafka.common.KafkaClusterFactory;

/** Brokers in this JVM: the quickest start, and one debugger sees both sides. */
final class InVmCluster implements TestCluster {
    private final KafkaCluster cluster;

    private InVmCluster(KafkaCluster cluster) {
        this.cluster = cluster;
    }

    static InVmCluster start(int nodes) {
        KafkaCluster cluster = KafkaClusterFactory.create(KafkaClusterConfig.builder()
                .execMode(KafkaClusterExecutionMode.IN_VM)
                .kraftMode(true)
                .brokersNum(nodes)
                .kraftControllers(1)
                .brokerConfigs(BrokerSettings.quick())
                .build());
        cluster.start();
        return new InVmCluster(cluster);
    }

    @Override
    public String bootstrapServers() {
        return cluster.getBootstrapServers();
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the broker did not close", e);
        }
    }
}
