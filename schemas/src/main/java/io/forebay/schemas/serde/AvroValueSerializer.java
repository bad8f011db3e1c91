package io.forebay.schemas.serde;

import com.google.common.base.Utf8;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.schemas.serde.EncodeException.Reason;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's serializer, less what it would spoil in silence: Avro writes a question mark for a lone surrogate, so strings
 * that hold one are refused before.
 */
final class AvroValueSerializer<T> implements Serializer<T> {

    private final KafkaAvroSerializer delegate;

    AvroValueSerializer(KafkaAvroSerializer delegate) {
        this.delegate = delegate;
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
            return delegate.serialize(topic, value);
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
