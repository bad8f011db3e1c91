package io.forebay.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BatchTest {

    @Test
    void aBatchIsBoundedByCount() throws Exception {
        Batch batch = new Batch(2, 1_000_000);
        batch.add(event("a", "1", ""));
        batch.add(event("a", "2", ""));

        assertThat(batch.takes(event("a", "3", ""))).isFalse();
    }

    @Test
    void aBatchIsBoundedByBytesButTakesOneEventWhateverItHas() throws Exception {
        Batch batch = new Batch(100, 1_000);

        assertThat(batch.takes(event("a", "1", "x".repeat(5_000)))).isTrue();
        batch.add(event("a", "1", "x".repeat(800)));
        assertThat(batch.takes(event("a", "2", "x".repeat(100)))).isFalse();
        assertThat(batch.takes(event("a", "2", ""))).isTrue();
    }

    @Test
    void aBatchHasAnIdOnceInAStream() throws Exception {
        Batch batch = new Batch(100, 1_000_000);
        batch.add(event("a", "1", ""));

        assertThat(batch.takes(event("a", "1", "other"))).isFalse();
        assertThat(batch.takes(event("b", "1", ""))).isTrue();
    }

    @Test
    void theBodyHasTheEventsInTheirOrder() throws Exception {
        Batch batch = new Batch(100, 1_000_000);
        batch.add(event("a", "1", ""));
        batch.add(event("b", "2", ""));

        assertThat(new String(Batch.body(batch.events()), StandardCharsets.UTF_8))
                .startsWith("{\"events\":[{\"id\":\"1\"")
                .contains("},{\"id\":\"2\"")
                .endsWith("}]}");
    }

    private static ImportedEvent event(String instance, String id, String text) throws BadLineException {
        return ImportedEventTest.parse(
                "{\"id\":\"" + id + "\",\"domain\":\"d\",\"instance_id\":\"" + instance + "\",\"data\":{\"text\":\""
                        + text + "\"}}",
                null);
    }
}
