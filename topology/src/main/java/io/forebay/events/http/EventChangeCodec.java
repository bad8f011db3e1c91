package io.forebay.events.http;

import io.forebay.events.EventJson;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.events.state.EventValues;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.stream.ChangeCodec;
import io.forebay.stream.StreamChange;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the event log for the stream hub. A sealed event stays as the log has it until {@link EventChangeOpener} opens it. */
public final class EventChangeCodec implements ChangeCodec {

    private final EventValues values;
    private final String input;

    /**
     * A codec over the log's values.
     *
     * @param input name of the topic whose positions events tell
     */
    public EventChangeCodec(EventValues values, String input) {
        this.values = values;
        this.input = input;
    }

    @Override
    public StreamChange decode(ConsumerRecord<byte[], byte[]> record) {
        RecordedEvent event = values.event(record.value());
        long source = event.getSource().getOffset();
        boolean sealed = event.getSealedBy() != null;
        return new StreamChange(
                EventChangeKey.of(event),
                source,
                source,
                event.getUnitLast(),
                sealed
                        ? record.value()
                        : EventJson.event(OpenedEvent.inClear(event), input).getBytes(StandardCharsets.UTF_8),
                sealed);
    }
}
