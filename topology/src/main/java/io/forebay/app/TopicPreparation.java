package io.forebay.app;

import io.forebay.config.NodeConfig;
import io.forebay.schemas.topic.TopicAdmin;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicDifference;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** Creates the topics that are missing, where that is asked for, and starts on none but those of the catalogue. */
final class TopicPreparation {

    private TopicPreparation() {}

    static void prepare(Admin admin, TopicCatalogue catalogue, NodeConfig config) throws InterruptedException {
        TopicAdmin topics = new TopicAdmin(admin, config.startTimeout());
        if (config.createTopics()) {
            topics.createMissing(catalogue.all(), config.replication());
        }
        List<TopicDifference> differences = topics.check(catalogue.all());
        if (!differences.isEmpty()) {
            throw new StartException(differences.stream()
                    .map(TopicDifference::toString)
                    .collect(Collectors.joining(
                            "\n", "the topics are not as they have to be:\n", remedies(differences, catalogue))));
        }
    }

    private static String remedies(List<TopicDifference> differences, TopicCatalogue catalogue) {
        String remedies = "";
        if (differences.stream().anyMatch(TopicDifference::isMissingTopic)) {
            remedies += "\n(--create-topics creates those that are missing)";
        }
        if (differences.stream()
                .anyMatch(difference -> difference.isOfPartitions()
                        && difference.topic().equals(catalogue.events().name()))) {
            remedies += "\n(forebay.events.order stays what it was when the topic of events was created)";
        }
        return remedies;
    }
}
