package io.forebay.it.events;

import io.forebay.it.stack.Surroundings;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.path.Path;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;

/** The topic of appends, and the event log. */
public final class EventTopics extends CapabilityTopics<EventCommand, RecordedEvent> {
    public EventTopics(Surroundings surroundings) {
        super(
                surroundings,
                surroundings.topics().events(),
                surroundings.topics().eventLog(),
                RecordedEvent.class);
    }

    /** The key records that are there, in order. */
    public List<InstanceKey> keys(String stream) {
        return readAll(surroundings().topics().eventKeys().name()).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(stream))
                .map(record -> decoder(InstanceKey.class).deserialize(record.topic(), record.value()))
                .toList();
    }

    /** Appends events, under the key of the first one's stream. */
    public Future<RecordMetadata> append(List<NewEvent> events) {
        NewEvent first = events.get(0);
        return send(
                Path.of(first.getDomain(), first.getInstanceId()).toString(),
                new EventCommand(new AppendEvents(events, List.of())));
    }
}
