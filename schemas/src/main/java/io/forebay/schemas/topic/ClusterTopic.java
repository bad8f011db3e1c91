package io.forebay.schemas.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as a cluster describes it.
 *
 * @param partitions how many partitions it has
 * @param properties its effective properties, name to value
 */
record ClusterTopic(int partitions, Map<String, String> properties) {

    ClusterTopic {
        properties = Map.copyOf(properties);
    }

    /**
     * Every point in which this topic is not what the catalogue says. Room for greater messages is no difference, nor are
     * segments that end sooner.
     */
    List<TopicDifference> differences(TopicSpec spec) {
        List<TopicDifference> differences = new ArrayList<>();
        if (partitions != spec.partitions()) {
            differences.add(new TopicDifference(
                    spec.name(),
                    TopicDifference.PARTITIONS,
                    Integer.toString(spec.partitions()),
                    Integer.toString(partitions)));
        }
        spec.properties().forEach((property, expected) -> {
            String actual = properties.get(property);
            Agreement agreement = Agreement.of(property);
            if (actual == null || !agreement.holds(actual, expected)) {
                differences.add(new TopicDifference(spec.name(), property, agreement.text + expected, actual));
            }
        });
        return differences;
    }

    /** What the cluster's value of a property has to be to the catalogue's. */
    private enum Agreement {
        SAME(""),
        AT_LEAST("at least "),
        AT_MOST("at most ");

        private final String text;

        Agreement(String text) {
            this.text = text;
        }

        static Agreement of(String property) {
            return switch (property) {
                case TopicConfig.MAX_MESSAGE_BYTES_CONFIG -> AT_LEAST;
                case TopicConfig.SEGMENT_MS_CONFIG, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG -> AT_MOST;
                default -> SAME;
            };
        }

        boolean holds(String actual, String expected) {
            return switch (this) {
                case SAME -> actual.equals(expected);
                case AT_LEAST -> Long.parseLong(actual) >= Long.parseLong(expected);
                case AT_MOST -> Long.parseLong(actual) <= Long.parseLong(expected);
            };
        }
    }
}
