package io.forebay.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterTopicTest {

    private static final TopicSpec PRESENCE =
            TopicCatalogue.of(CatalogueSettings.defaults()).presence();

    @Test
    void aTopicAsTheCatalogueSaysHasNoDifference() {
        assertThat(new ClusterTopic(8, PRESENCE.properties()).differences(PRESENCE))
                .isEmpty();
    }

    @Test
    void everyDifferenceIsToldAtOnce() {
        ClusterTopic topic = new ClusterTopic(
                3,
                Map.of(
                        "cleanup.policy", "compact",
                        "retention.ms", "1000",
                        "segment.ms", "604800000",
                        "message.timestamp.type", "CreateTime",
                        "max.message.bytes", "1048588"));

        assertThat(topic.differences(PRESENCE))
                .extracting(TopicDifference::toString)
                .containsExactly(
                        "forebay.presence: partitions is 3, expected 8",
                        "forebay.presence: cleanup.policy is compact, expected delete",
                        "forebay.presence: retention.ms is 1000, expected 604800000",
                        "forebay.presence: segment.ms is 604800000, expected at most 86400000",
                        "forebay.presence: message.timestamp.type is CreateTime, expected LogAppendTime",
                        "forebay.presence: max.message.bytes is 1048588, expected at least 2097152");
    }

    @Test
    void roomForGreaterMessagesIsNoDifference() {
        Map<String, String> properties = new HashMap<>(PRESENCE.properties());
        properties.put("max.message.bytes", "10000000");

        assertThat(new ClusterTopic(8, properties).differences(PRESENCE)).isEmpty();
    }

    @Test
    void segmentsThatEndSoonerAreNoDifference() {
        Map<String, String> properties = new HashMap<>(PRESENCE.properties());
        properties.put("segment.ms", "3600000");

        assertThat(new ClusterTopic(8, properties).differences(PRESENCE)).isEmpty();
    }

    @Test
    void aPropertyThatTheClusterDoesNotTellIsADifference() {
        assertThat(new ClusterTopic(8, Map.of()).differences(PRESENCE)).hasSize(5);
    }
}
