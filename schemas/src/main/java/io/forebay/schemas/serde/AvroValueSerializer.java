package io.forebay.schemas.serde;

import com.google.common.base.Utf8;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.schemas.serde.EncodeException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's serializer, less what it would spoil in silence: Avro writes a question mark for a lone surrogate, so strings
 * that hold one are refused before.
 *
 * <p>Confluent's serializer looks the schema's id up for each value, which takes longer than the value. So it is asked once
 * for each topic; once it has answered with an id under which the registry has our schema and no rules, every value has
 * the same bytes but for the value itself, and these are written here. Where the registry has another schema or rules for
 * them, as {@code use.latest.version} makes possible, each value is left to it.
 */
final class AvroValueSerializer<T> implements Serializer<T> {

    private static final int USUAL_BYTES = 512;

    private final KafkaAvroSerializer delegate;
    private final Registry registry;
    private final Schema schema;
    private final DatumWriter<T> writer;

    /** The five bytes before every value, by topic. */
    private final Map<String, byte[]> heads = new ConcurrentHashMap<>();

    AvroValueSerializer(Class<T> type, Registry registry, KafkaAvroSerializer delegate) {
        this.delegate = delegate;
        this.registry = registry;
        this.schema = SpecificData.get().getSchema(type);
        this.writer = new SpecificDatumWriter<>(type);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (isKey) {
            throw new IllegalArgumentException("keys are paths, not Avro");
        }
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        refuseLoneSurrogatesIn(value);
        try {
            byte[] head = heads.get(topic);
            return head == null ? serializeFirst(topic, value) : write(head, value);
        } catch (RuntimeException e) {
            throw Registry.encodeFailure(e);
        }
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T value) {
        return serialize(topic, value);
    }

    @Override
    public void close() {
        delegate.close();
    }

    private byte[] serializeFirst(String topic, T value) {
        byte[] wire = delegate.serialize(topic, value);
        if (wire.length >= WireFormat.HEAD
                && wire[0] == WireFormat.MAGIC
                && registry.hasUnder(WireFormat.id(wire), schema)) {
            heads.put(topic, Arrays.copyOf(wire, WireFormat.HEAD));
        }
        return wire;
    }

    private byte[] write(byte[] head, T value) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(USUAL_BYTES);
        wire.writeBytes(head);
        try {
            writer.write(value, EncoderFactory.get().directBinaryEncoder(wire, null));
        } catch (IOException e) {
            throw new IllegalStateException("memory takes everything", e);
        }
        return wire.toByteArray();
    }

    private static void refuseLoneSurrogatesIn(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            refuseLoneSurrogates(text);
        } else if (value instanceof IndexedRecord record) {
            for (Schema.Field field : record.getSchema().getFields()) {
                refuseLoneSurrogatesIn(record.get(field.pos()));
            }
        } else if (value instanceof Collection<?> elements) {
            elements.forEach(AvroValueSerializer::refuseLoneSurrogatesIn);
        } else if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, element) -> {
                refuseLoneSurrogatesIn(key);
                refuseLoneSurrogatesIn(element);
            });
        }
    }

    private static void refuseLoneSurrogates(CharSequence text) {
        if (!hasUtf8Form(text)) {
            throw new EncodeException(Reason.LONE_SURROGATE, "a string holds a lone surrogate", null);
        }
    }

    private static boolean hasUtf8Form(CharSequence text) {
        try {
            return Utf8.encodedLength(text) >= text.length();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
