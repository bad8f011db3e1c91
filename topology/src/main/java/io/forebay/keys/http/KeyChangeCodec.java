package io.forebay.keys.http;

import io.forebay.keys.query.KeyEntry;
import io.forebay.keys.state.KeyBytes;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.path.Path;
import io.forebay.stream.ChangeCodec;
import io.forebay.stream.StreamChange;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the sync topic of keys for the stream hub. */
public final class KeyChangeCodec implements ChangeCodec {
    private final Deserializer<KeyChanged> deserializer;

    /** A codec over the sync topic's values. */
    public KeyChangeCodec(Deserializer<KeyChanged> deserializer) {
        this.deserializer = deserializer;
    }

    @Override
    public StreamChange decode(ConsumerRecord<byte[], byte[]> record) {
        KeyChanged change = deserializer.deserialize(record.topic(), record.value());
        KeyEntry entry = new KeyEntry(
                change.getKey(),
                bytes(change.getValue()),
                change.getContentType(),
                change.getVersion(),
                change.getExpiresAt());
        return new StreamChange(
                KeyBytes.of(Path.parse(change.getKey())),
                change.getSource().getOffset(),
                change.getUnitOffset(),
                change.getUnitLast(),
                KeyJson.change(entry, change.getType().name()));
    }

    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }
}
