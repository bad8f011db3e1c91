package io.forebay.app;

import io.forebay.schemas.topic.TopicAdmin;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicDifference;
import io.forebay.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** Looks after a cluster's topics without running anything else. */
public final class TopicMaintenance {

    private TopicMaintenance() {}

    /**
     * What was found and done.
     *
     * @param topics a line for each topic of the catalogue
     * @param differences a line for each thing that is not as it has to be; none when all is well
     */
    public record Report(List<String> topics, List<String> differences) {}

    /**
     * Checks the topics.
     *
     * @param create whether those that are missing are created first
     * @throws org.apache.kafka.common.KafkaException when the cluster does not answer
     */
    public static Report run(ForebayConfig config, boolean create) throws InterruptedException {
        TopicCatalogue catalogue = TopicCatalogue.of(config.node().topics());
        List<String> lines = new ArrayList<>();
        try (Admin admin = Admin.create(new KafkaSettings(config).admin())) {
            TopicAdmin topics = new TopicAdmin(admin, config.node().startTimeout());
            List<String> created =
                    create ? topics.createMissing(catalogue.all(), config.node().replication()) : List.of();
            List<TopicDifference> differences = topics.check(catalogue.all());
            for (TopicSpec topic : catalogue.all()) {
                lines.add("%s  %d partitions, %s%s"
                        .formatted(
                                topic.name(),
                                topic.partitions(),
                                topic.cleanup().value(),
                                created.contains(topic.name()) ? ", created" : ""));
            }
            return new Report(
                    lines, differences.stream().map(TopicDifference::toString).toList());
        }
    }
}
