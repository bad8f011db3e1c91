package io.forebay.it.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicAdmin;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicDifference;
import io.forebay.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicAdminIT {

    private final Map<String, Object> cluster =
            Map.of("bootstrap.servers", ClusterProvider.shared().bootstrapServers());
    private final TopicCatalogue catalogue =
            TopicCatalogue.of(CatalogueSettings.defaults().withPrefix(ClusterProvider.freshPrefix()));
    private final Admin admin = Admin.create(cluster);
    private final TopicAdmin topics = new TopicAdmin(admin, Duration.ofSeconds(30));

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void missingTopicsAreToldAndNotMade() throws Exception {
        List<TopicDifference> differences = topics.check(catalogue.all());

        assertThat(differences).hasSameSizeAs(catalogue.all()).allMatch(TopicDifference::isMissingTopic);
        assertThat(admin.listTopics().names().get())
                .doesNotContain(catalogue.presence().name());
    }

    @Test
    void topicsThatAreMadeAgreeWithTheCatalogue() throws Exception {
        List<String> created = topics.createMissing(catalogue.all(), -1);

        assertThat(created)
                .containsExactlyElementsOf(
                        catalogue.all().stream().map(TopicSpec::name).toList());
        assertThat(topics.check(catalogue.all())).isEmpty();
    }

    @Test
    void topicsThatAreThereAreLeftAsTheyAre() throws Exception {
        String name = catalogue.presence().name();
        admin.createTopics(List.of(new NewTopic(name, Optional.of(3), Optional.empty())))
                .all()
                .get();

        List<String> created = topics.createMissing(catalogue.all(), -1);

        assertThat(created).doesNotContain(name).hasSize(catalogue.all().size() - 1);
        assertThat(topics.check(catalogue.all()))
                .allMatch(difference -> difference.topic().equals(name))
                .extracting(TopicDifference::property)
                .contains("partitions", "message.timestamp.type", "max.message.bytes");
    }

    @Test
    void aProducerThatKnowsNothingOfUsFindsThePartition() throws Exception {
        topics.createMissing(catalogue.all(), -1);
        TopicSpec topic = catalogue.presence();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(cluster, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 100; i++) {
                Path guild = Path.of(Long.toUnsignedString(random.nextLong()));
                int partition = producer.send(new ProducerRecord<>(topic.name(), guild.toBytes(), new byte[] {1}))
                        .get()
                        .partition();
                assertThat(topic.partitionFor(guild))
                        .as("seed %d: %s", seed, guild)
                        .isEqualTo(partition);
            }
        }
    }
}
