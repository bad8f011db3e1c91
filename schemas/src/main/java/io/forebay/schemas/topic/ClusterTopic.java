package io.forebay.schemas.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

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

    /** Every point in which this topic is not what the catalogue says. Room for greater messages is no difference. */
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
            boolean atLeast = property.equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (!(atLeast ? isAtLeast(actual, expected) : expected.equals(actual))) {
                differences.add(
                        new TopicDifference(spec.name(), property, (atLeast ? "at least " : "") + expected, actual));
            }
        });
        return differences;
    }

    private static boolean isAtLeast(@Nullable String actual, String expected) {
        return actual != null && Long.parseLong(actual) >= Long.parseLong(expected);
    }
}
