package io.forebay.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class ClusterProviderIT {
    @Test
    void sharedClusterHoldsTopics() throws Exception {
        String topic = ClusterProvider.freshPrefix() + "topic";

        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", (Object) ClusterProvider.shared().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty())))
                    .all()
                    .get();

            // The controller answers before the broker knows.
            await("the topic to be seen")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> admin.listTopics().names().get().contains(topic));
        }
    }

    @Test
    void brokerInAnotherProcessAnswersAndEnds() throws Exception {
        try (TestCluster cluster = ClusterProvider.inAnotherProcess();
                Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) cluster.bootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
    }
}
