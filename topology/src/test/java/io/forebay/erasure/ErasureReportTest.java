package io.forebay.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.erasure.ErasureReport.Deleted;
import io.forebay.erasure.ErasureReport.Remaining;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErasureReportTest {

    @Test
    void linesTellKeysAndTopics() {
        ErasureReport report = new ErasureReport(
                List.of(new Deleted("ns/a", false, 1), new Deleted("ns/b", false, 0), new Deleted("ns/*", true, 2)),
                List.of(
                        new Remaining("topic", "commands", Instant.ofEpochMilli(0)),
                        new Remaining("log", "no value", null)),
                true);

        assertThat(report.lines())
                .containsExactly(
                        "ns/a: deleted",
                        "ns/b: not there",
                        "ns/*: 2 keys deleted",
                        "topic: commands, gone by 1970-01-01T00:00:00Z",
                        "log: no value");
    }

    @Test
    void aKeyThatWasNotThereIsNotComplete() {
        assertThat(new ErasureReport(List.of(new Deleted("ns/a", false, 0)), List.of(), true).isComplete())
                .isFalse();
        assertThat(new ErasureReport(List.of(new Deleted("ns/*", true, 0)), List.of(), true).isComplete())
                .isTrue();
        assertThat(new ErasureReport(List.of(new Deleted("ns/a", false, 1)), List.of(), false).isComplete())
                .isFalse();
    }
}
