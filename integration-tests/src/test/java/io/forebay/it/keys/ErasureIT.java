package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.process.ChildJvm;
import io.forebay.it.stack.ErasureCommand;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.topic.TopicTexts;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The erasure command, and what a consumer that knows nothing of Forebay still finds after it. */
class ErasureIT {

    /** A start of the program, a look of the broker's cleaner every 15 s, and a machine that does other things as well. */
    private static final Duration ERASED_WITHIN = Duration.ofMinutes(3);

    private static final String SECRET = "\"pa55-of-mine\"";
    private static final String OTHER = "\"0ther-value\"";

    private final ForebayStack stack = ForebayStack.small(ClusterProvider.shared());

    @AfterEach
    void close() {
        stack.close();
    }

    @Test
    void aRawConsumerOfTheChangelogFindsNoErasedValue() throws Exception {
        put("ns", "users/1", SECRET);
        put("ns", "users/2/session/a", SECRET);
        put("ns", "users/3", OTHER);
        assertThat(texts(changelog())).anyMatch(text -> text.contains(SECRET));
        Map<String, String> before = settings(changelog());

        ChildJvm erasure = erase("ns", "users/1", "--match", "users/*/session/**");
        int status = erasure.awaitExit(ERASED_WITHIN);

        assertThat(status).as(erasure.output()).isZero();
        assertThat(texts(changelog())).noneMatch(text -> text.contains(SECRET)).anyMatch(text -> text.contains(OTHER));
        assertThat(stack.client().get("/v1/keys/ns/users/1").status()).isEqualTo(404);
        assertThat(stack.client().get("/v1/keys/ns/users/3").status()).isEqualTo(200);
        assertThat(settings(changelog())).isEqualTo(before);
        assertThat(erasure.output())
                .contains(
                        "ns/users/1: deleted",
                        "ns/users/*/session/**: 1 key deleted",
                        changelog().name() + ": no value")
                .containsPattern("keys: the commands that stored values, gone by 2")
                .containsPattern("keys\\.sync: .*, gone by 2")
                .containsPattern("dead-letters: .*, gone by 2")
                .doesNotContain("pa55", "0ther");
    }

    @Test
    void aKeyThatIsNotThereIsToldAndNothingElseIsTouched() {
        put("ns", "there", OTHER);

        ChildJvm erasure = erase("ns", "missing", "--no-compaction");
        int status = erasure.awaitExit(ERASED_WITHIN);

        assertThat(erasure.output()).contains("ns/missing: not there").doesNotContain("0ther");
        assertThat(status).isEqualTo(1);
        assertThat(stack.client().get("/v1/keys/ns/there").status()).isEqualTo(200);
    }

    @Test
    void recordsAreDeletedOnDemand() {
        put("ns", "users/1", SECRET);

        ChildJvm erasure = erase("ns", "users/1", "--no-compaction", "--delete-records");
        erasure.awaitExit(ERASED_WITHIN);

        TopicCatalogue topics = stack.topics();
        assertThat(texts(topics.keys())).noneMatch(text -> text.contains(SECRET));
        assertThat(texts(topics.keysSync())).noneMatch(text -> text.contains(SECRET));
        assertThat(erasure.output())
                .contains(topics.keys().name() + ": nothing that can be read")
                .contains("values, on partitions", "at the latest with the first record there after 2")
                .doesNotContain("pa55");
    }

    private void put(String namespace, String key, String value) {
        stack.client()
                .call("PUT", "/v1/keys/" + namespace + "/" + key)
                .body("application/json", value.getBytes(StandardCharsets.UTF_8))
                .send()
                .orFail();
    }

    private ChildJvm erase(String... arguments) {
        return ErasureCommand.start(stack, "keys", arguments);
    }

    private List<String> texts(TopicSpec topic) {
        return TopicTexts.of(stack, topic);
    }

    private TopicSpec changelog() {
        TopicCatalogue topics = stack.topics();
        return topics.changelog(topics.applicationId("keys"), "keys", topics.keys());
    }

    private Map<String, String> settings(TopicSpec topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            return admin.describeConfigs(List.of(resource)).all().get().values().iterator().next().entries().stream()
                    .collect(Collectors.toMap(ConfigEntry::name, entry -> entry.source() + " " + entry.value()));
        }
    }
}
