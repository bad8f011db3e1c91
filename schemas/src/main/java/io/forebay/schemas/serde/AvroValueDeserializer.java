package io.forebay.schemas.serde;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.forebay.schemas.serde.DecodeException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's deserializer with its failures told apart. The schema is asked for before the value is decoded: afterwards an
 * input/output failure could be the registry's or a value's that ends too early. Records have to agree by name, see {@link
 * RecordNames}.
 */
final class AvroValueDeserializer<T> implements Deserializer<T> {

    private static final byte MAGIC = 0;
    private static final int HEADER_LENGTH = 1 + Integer.BYTES;

    private final Class<T> type;
    private final Schema schema;
    private final Registry registry;
    private final KafkaAvroDeserializer delegate;
    private final Map<Integer, Writer> writers = new ConcurrentHashMap<>();

    AvroValueDeserializer(Class<T> type, Registry registry, KafkaAvroDeserializer delegate) {
        this.type = type;
        this.schema = schemaOf(type);
        this.registry = registry;
        this.delegate = delegate;
    }

    /** A writer's schema and whether all its values agree with ours by the names of records. */
    private record Writer(Schema schema, boolean agrees) {}

    static Schema schemaOf(Class<?> type) {
        return SpecificData.get().getSchema(type);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (isKey) {
            throw new IllegalArgumentException("keys are paths, not Avro");
        }
    }

    @Override
    public T deserialize(String topic, byte @Nullable [] value) {
        if (value == null || value.length < HEADER_LENGTH || value[0] != MAGIC) {
            throw new DecodeException(Reason.NOT_AVRO, "the value is not Avro in Confluent's wire format", null);
        }
        int id = ByteBuffer.wrap(value).getInt(1);
        Writer writer = writers.computeIfAbsent(id, this::writer);
        if (!writer.agrees() && !agrees(value, writer.schema())) {
            throw new DecodeException(
                    Reason.UNDECODABLE, "the schema of id " + id + " holds a record that is not ours", null);
        }
        try {
            return type.cast(delegate.deserialize(topic, value, schema));
        } catch (RuntimeException e) {
            throw new DecodeException(Reason.UNDECODABLE, "the value does not follow the schema of id " + id, e);
        }
    }

    private Writer writer(int id) {
        ParsedSchema written = registry.schema(id);
        if (!(written.rawSchema() instanceof Schema writer) || !RecordNames.agree(writer, schema)) {
            throw new DecodeException(
                    Reason.UNDECODABLE, "the schema of id " + id + " is not one of " + schema.getFullName(), null);
        }
        return new Writer(writer, RecordNames.agreeInEveryValue(writer, schema));
    }

    private boolean agrees(byte[] value, Schema writer) {
        try {
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(value, HEADER_LENGTH, value.length - HEADER_LENGTH, null);
            Object datum = new GenericDatumReader<>(writer).read(null, decoder);
            return RecordNames.agree(writer, schema, datum);
        } catch (IOException | RuntimeException e) {
            throw new DecodeException(Reason.UNDECODABLE, "the value does not follow its schema", e);
        }
    }

    @Override
    public T deserialize(String topic, Headers headers, byte @Nullable [] value) {
        return deserialize(topic, value);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
