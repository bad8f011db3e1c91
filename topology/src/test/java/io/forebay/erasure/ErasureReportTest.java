package io.forebay.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.erasure.ErasureReport.Deleted;
import io.forebay.erasure.ErasureReport.Erased;
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

    @Test
    void linesTellInstancesAndWhatIsInClear() {
        ErasureReport report = new ErasureReport(
                List.of(new Erased("users/1", 1, 1), new Erased("users/2", 5, 3), new Erased("users/3", 0, 0)),
                List.of(),
                true);

        assertThat(report.lines())
                .containsExactly(
                        "users/1: 1 event erased",
                        "users/2: 3 events erased, 2 in clear, which no erasure takes",
                        "users/3: no events");
    }

    @Test
    void anInstanceWithoutEventsOrWithSomeInClearIsNotComplete() {
        assertThat(new ErasureReport(List.of(new Erased("users/1", 2, 2)), List.of(), true).isComplete())
                .isTrue();
        assertThat(new ErasureReport(List.of(new Erased("users/1", 2, 1)), List.of(), true).isComplete())
                .isFalse();
        assertThat(new ErasureReport(List.of(new Erased("users/1", 0, 0)), List.of(), true).isComplete())
                .isFalse();
    }
}
