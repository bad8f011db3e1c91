package io.forebay.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionBoundTest {

    private static final long WRITTEN = 1_000_000;
    private static final long CHECK = 300_000;

    @Test
    void everyDelayOfTheBrokerCounts() {
        assertThat(RetentionBound.latest(topic(Map.of()), WRITTEN, CHECK))
                .hasValue(WRITTEN + 604_800_000 + 3_600_000 + CHECK + 60_000);
    }

    @Test
    void aTopicThatIsAlsoCompactedDropsByAge() {
        assertThat(RetentionBound.latest(topic(Map.of("cleanup.policy", "compact, delete")), WRITTEN, CHECK))
                .isPresent();
    }

    @Test
    void aCompactedTopicHasNoEnd() {
        assertThat(RetentionBound.latest(topic(Map.of("cleanup.policy", "compact")), WRITTEN, CHECK))
                .isEmpty();
    }

    @Test
    void noRetentionIsNoEnd() {
        assertThat(RetentionBound.latest(topic(Map.of("retention.ms", "-1")), WRITTEN, CHECK))
                .isEmpty();
    }

    @Test
    void whatIsBeyondTheEndOfTimeIsNoEnd() {
        String most = Long.toString(Long.MAX_VALUE);

        assertThat(RetentionBound.latest(topic(Map.of("retention.ms", most)), WRITTEN, CHECK))
                .isEmpty();
        assertThat(RetentionBound.latest(topic(Map.of("segment.ms", most)), WRITTEN, CHECK))
                .isEmpty();
    }

    @Test
    void retentionOfZeroStillWaitsForTheSegment() {
        assertThat(RetentionBound.latest(topic(Map.of("retention.ms", "0")), WRITTEN, CHECK))
                .hasValue(WRITTEN + 3_600_000 + CHECK + 60_000);
    }

    @Test
    void theGreatestLagSetsATimeForTheCompaction() {
        assertThat(RetentionBound.compaction(topic(Map.of("max.compaction.lag.ms", "1000")), WRITTEN))
                .hasValue(WRITTEN + 1000);
    }

    @Test
    void withoutAGreatestLagNothingSetsATimeForTheCompaction() {
        assertThat(RetentionBound.compaction(
                        topic(Map.of("max.compaction.lag.ms", Long.toString(Long.MAX_VALUE))), WRITTEN))
                .isEmpty();
        assertThat(RetentionBound.compaction(topic(Map.of()), WRITTEN)).isEmpty();
    }

    private static Map<String, String> topic(Map<String, String> other) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                "604800000",
                "segment.ms",
                "3600000",
                "file.delete.delay.ms",
                "60000"));
        properties.putAll(other);
        return properties;
    }
}
