package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.registry.ApicurioRegistry;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.PresenceCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of the surroundings is ours: a broker in another process, Apicurio Registry in a third. */
class OutsideIT {
    @Test
    void presencesTravelThroughAForeignBrokerAndRegistry(@TempDir Path data) {
        try (TestCluster cluster = ClusterProvider.inAnotherProcess();
                ApicurioRegistry registry = ApicurioRegistry.start(data);
                ForebayStack stack = ForebayStack.start(cluster, registry.url());
                PresenceTopics topics = new PresenceTopics(stack)) {
            ForebayClient client = stack.client();
            String produced = PresenceTopics.position(topics.send("900", create("1", "online")));
            Reply called = client.patch(PresenceCalls.path("900", "1"), "{\"status\":\"idle\"}")
                    .orFail();

            String presence =
                    client.get(PresenceCalls.path("900", "1"), produced).text();

            assertThat(called.json().path("changed").asBoolean()).isTrue();
            assertThat(presence).contains("\"idle\"");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(topics.changes()).hasSize(2));
        }
    }

    @Test
    void recordsOfUnknownSchemasWaitInOrderWhileTheRegistryIsAway(@TempDir Path data) {
        try (TestCluster cluster = ClusterProvider.inAnotherProcess();
                ApicurioRegistry registry = ApicurioRegistry.start(data);
                ForebayStack stack = ForebayStack.start(cluster, registry.url());
                PresenceTopics topics = new PresenceTopics(stack)) {
            ForebayClient client = stack.client();
            byte[] key = "901".getBytes(StandardCharsets.UTF_8);
            byte[] first = topics.encodeAs(withDoc(), create("1", "dnd"));
            byte[] second = topics.encodeAs(withDoc(), create("1", "idle"));
            registry.kill();
            PresenceTopics.get(topics.sendRaw(null, key, first, null));
            String behind = PresenceTopics.position(topics.sendRaw(null, key, second, null));

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(client.get("/readyz").status()).isEqualTo(503));
            registry.resume();

            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(client.get(PresenceCalls.path("901", "1"), behind)
                                    .status())
                            .isEqualTo(200));
            assertThat(client.get(PresenceCalls.path("901", "1"), behind).text())
                    .contains("\"idle\"");
            assertThat(topics.deadLetters()).isEmpty();
            assertThat(client.get("/readyz").status()).isEqualTo(200);
        }
    }

    /** Our schema as a producer of another make might have registered it: the same fields, another text, so another id. */
    private static Schema withDoc() {
        return new Schema.Parser()
                .parse(PresenceCommand.getClassSchema()
                        .toString()
                        .replaceFirst("\"doc\":\"[^\"]*\"", "\"doc\":\"Of another make.\""));
    }

    private static PresenceCommand create(String user, String status) {
        return new PresenceCommand(CreatePresence.newBuilder()
                .setUserId(user)
                .setPresence("{\"user\":{\"id\":\"" + user + "\"},\"status\":\"" + status + "\"}")
                .build());
    }
}
