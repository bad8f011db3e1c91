package io.forebay.events.state;

import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.SealedContent;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import java.util.Objects;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * What the stores of events hold, as Avro, each under the subject of its topic. Encoding throws {@code EncodeException},
 * decoding {@code DecodeException}. Safe for use by many threads.
 */
public final class EventValues {

    private final Coder<RecordedEvent> events;
    private final Coder<InstanceKey> keys;
    private final Coder<SealedContent> contents;

    /** The values of a deployment. */
    public EventValues(TopicCatalogue catalogue, AvroSerdes serdes) {
        this.events = new Coder<>(
                catalogue.eventLog().name(),
                serdes.serializer(RecordedEvent.class),
                serdes.deserializer(RecordedEvent.class));
        this.keys = new Coder<>(
                catalogue.eventKeys().name(),
                serdes.serializer(InstanceKey.class),
                serdes.deserializer(InstanceKey.class));
        this.contents = new Coder<>(
                catalogue.sealedContents(),
                serdes.serializer(SealedContent.class),
                serdes.deserializer(SealedContent.class));
    }

    private record Coder<T>(String topic, Serializer<T> serializer, Deserializer<T> deserializer) {

        byte[] encode(T value) {
            return Objects.requireNonNull(serializer.serialize(topic, value), "a value is written as bytes");
        }

        T decode(byte[] bytes) {
            return deserializer.deserialize(topic, bytes);
        }
    }

    /** Writes an event. */
    public byte[] encode(RecordedEvent event) {
        return events.encode(event);
    }

    /** Reads an event. */
    public RecordedEvent event(byte[] value) {
        return events.decode(value);
    }

    /** Writes the key of a stream. */
    public byte[] encode(InstanceKey key) {
        return keys.encode(key);
    }

    /** Reads the key of a stream. */
    public InstanceKey key(byte[] value) {
        return keys.decode(value);
    }

    /** Writes what an event holds, before it is sealed. */
    public byte[] encode(SealedContent content) {
        return contents.encode(content);
    }

    /** Reads what an event held, once it is opened. */
    public SealedContent content(byte[] value) {
        return contents.decode(value);
    }
}
