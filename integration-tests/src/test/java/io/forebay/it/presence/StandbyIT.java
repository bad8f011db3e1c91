package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.path.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/**
 * What an instance answers for a partition whose owner was killed, until the group gives the partition to somebody else: the owner's
 * standby is here, and answers those who accept what it has.
 */
class StandbyIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Longer than a read waits for an owner, so that the partition stays where nobody answers while it is read. */
    private static final Duration OWNER_MISSED_AFTER = Duration.ofSeconds(20);

    private static final Duration LIMIT = Duration.ofSeconds(3);

    @Test
    void aStandbyAnswersThoseWhoAcceptItUntilItIsTooOldOrTheOwner() throws Exception {
        TestCluster cluster = ClusterProvider.shared();
        try (ForebayStack here =
                        ForebayStack.small(cluster, Map.of("num.standby.replicas", "1", "forebay.only", "presence"));
                ForebayInstance owner = here.anotherProcess()) {
            keepLostMembers(cluster, here.topics().applicationId("presence"));
            String guild = guildThatIsHereAsAStandby(here);
            String path = PresenceCalls.path(guild, "1");
            String position = writeAndSeeCommitted(owner.client(), guild);
            long written = System.nanoTime();

            owner.kill();
            Reply accepted = here.client().get(path + "?max-staleness=60", position);
            await("the write to be older than the limit").until(() -> System.nanoTime() - written > LIMIT.toNanos());
            CompletableFuture<Reply> tooOld = CompletableFuture.supplyAsync(
                    () -> here.client().get(path + "?max-staleness=" + LIMIT.toSeconds()));
            CompletableFuture<Reply> notAccepted =
                    CompletableFuture.supplyAsync(() -> here.client().get(path));
            Reply stillAccepted = here.client().get(path + "?max-staleness=60", position);

            assertThat(accepted.orFail().text()).contains("\"dnd\"");
            assertThat(stillAccepted.orFail().text()).isEqualTo(accepted.text());
            assertThat(tooOld.join().toString()).startsWith("503 ").contains("partition_unavailable");
            assertThat(notAccepted.join().toString()).startsWith("503 ").contains("partition_unavailable");
            await("the partition to move here")
                    .atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(here.client().get(path, position).toString())
                                    .startsWith("200 ")
                                    .contains("\"dnd\""));
        }
    }

    private static void keepLostMembers(TestCluster cluster, String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) cluster.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry(
                                            "streams.session.timeout.ms", Long.toString(OWNER_MISSED_AFTER.toMillis())),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** A guild in a partition that the other instance owns and this one follows, once both have their share. */
    private static String guildThatIsHereAsAStandby(ForebayStack here) {
        Set<Integer> standbys = new TreeSet<>();
        await("this instance to have a standby").atMost(SOON).until(() -> {
            here.client().get("/v1/instances").orFail().json().path("instances").forEach(instance -> {
                if (instance.path("self").asBoolean()) {
                    standbys.clear();
                    for (JsonNode application : instance.path("applications")) {
                        if (application.path("application").asText().endsWith("-presence")) {
                            application.path("standby").forEach(partition -> standbys.add(partition.asInt()));
                        }
                    }
                }
            });
            return !standbys.isEmpty();
        });
        return IntStream.range(1, 1_000)
                .mapToObj(Integer::toString)
                .filter(guild -> standbys.contains(here.topics().presence().partitionFor(Path.of(guild))))
                .findFirst()
                .orElseThrow();
    }

    /** Creates and updates a presence; answers the position of the update once its transaction is over. */
    private static String writeAndSeeCommitted(ForebayClient client, String guild) {
        String path = PresenceCalls.path(guild, "1");
        try (EventStream stream = client.stream("/v1/presences/" + guild, null)) {
            stream.until("caught-up", SOON);
            client.put(path, "{\"user\":{\"id\":\"1\"},\"status\":\"online\"}").orFail();
            stream.until("change", SOON);
            Reply update = client.patch(path, "{\"status\":\"dnd\"}").orFail();
            stream.until("change", SOON);
            return String.valueOf(update.position());
        }
    }
}
