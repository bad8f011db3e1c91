package io.forebay.events.http;

import io.forebay.events.EventJson;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.stream.ChangeCodec;
import io.forebay.stream.StreamChange;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the event log for the stream hub. */
public final class EventChangeCodec implements ChangeCodec {
    private final Deserializer<RecordedEvent> deserializer;
    private final String input;

    /**
     * A codec over the log's values.
     *
     * @param input name of the topic whose positions events tell
     */
    public EventChangeCodec(Deserializer<RecordedEvent> deserializer, String input) {
        this.deserializer = deserializer;
        this.input = input;
    }

    @Override
    public StreamChange decode(ConsumerRecord<byte[], byte[]> record) {
        RecordedEvent event = deserializer.deserialize(record.topic(), record.value());
        long source = event.getSource().getOffset();
        return new StreamChange(
                EventChangeKey.of(event),
                source,
                source,
                event.getUnitLast(),
                EventJson.event(event, input).getBytes(StandardCharsets.UTF_8));
    }
}
