package io.forebay.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.events.seal.OpenedEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.position.Position;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventJsonTest {

    private static final String POSITION =
            Position.of(new TopicPartition("events", 1), 7).token();

    @Test
    void writesDataAsTheyWereReceivedOnOneLine() {
        String json = EventJson.event(OpenedEvent.inClear(event("{\"n\":\n1.50}", null, "{\"k\":[1]}", 3)), "events");

        assertThat(json)
                .isEqualTo(
                        "{\"id\":\"a\\\"b\",\"type\":\"t\",\"domain\":\"d\",\"instance_id\":\"ä\",\"data\":{\"n\": 1.50},"
                                + "\"metadata\":{\"k\":[1],\"domain\":\"d\",\"instance_id\":\"ä\"},\"version\":3,"
                                + "\"sequence_number\":5,\"stream_version\":2,\"inserted_at\":\"2024-01-01T00:00:00.000Z\","
                                + "\"position\":\"" + POSITION + "\"}");
    }

    @Test
    void writesBytesInBase64() {
        JsonObject json = JsonObject.parse(EventJson.event(
                OpenedEvent.inClear(event(ByteBuffer.wrap(new byte[] {0, -1}), "a/b;c=\"d\"", null, null)), "events"));

        assertThat(json.has("data")).isFalse();
        assertThat(json.text())
                .contains("\"data_base64\":\"AP8=\",\"content_type\":\"a/b;c=\\\"d\\\"\"")
                .contains("\"metadata\":{\"domain\":\"d\",\"instance_id\":\"ä\"},\"version\":null,");
    }

    @Test
    void tellsThatAnEventIsErasedAndWhatIsInClear() {
        RecordedEvent sealed = RecordedEvent.newBuilder(event(ByteBuffer.allocate(28), null, null, 3))
                .setSealedBy(2L)
                .build();

        String json = EventJson.event(new OpenedEvent(sealed, true), "events");

        assertThat(json)
                .isEqualTo("{\"id\":\"a\\\"b\",\"type\":\"t\",\"domain\":\"d\",\"instance_id\":\"ä\",\"data\":null,"
                        + "\"metadata\":{\"domain\":\"d\",\"instance_id\":\"ä\"},\"version\":3,"
                        + "\"sequence_number\":5,\"stream_version\":2,\"inserted_at\":\"2024-01-01T00:00:00.000Z\","
                        + "\"position\":\"" + POSITION + "\",\"erased\":true}");
    }

    @Test
    void doesNotTellASealedEventAsAnythingElse() {
        RecordedEvent sealed = RecordedEvent.newBuilder(event(ByteBuffer.allocate(28), null, null, 3))
                .setSealedBy(2L)
                .build();

        assertThatThrownBy(() -> OpenedEvent.inClear(sealed)).isInstanceOf(IllegalArgumentException.class);
    }

    private static RecordedEvent event(
            Object data, @Nullable String contentType, @Nullable String metadata, @Nullable Integer version) {
        return RecordedEvent.newBuilder()
                .setSource(new SourcePosition(1, 7L))
                .setInsertedAt(Instant.parse("2024-01-01T00:00:00Z"))
                .setUnitLast(true)
                .setSequenceNumber(5)
                .setStreamVersion(2)
                .setType("t")
                .setDomain("d")
                .setInstanceId("ä")
                .setId("a\"b")
                .setVersion(version)
                .setData(data)
                .setContentType(contentType)
                .setMetadata(metadata)
                .build();
    }
}
