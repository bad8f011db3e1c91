package io.forebay.schemas.serde;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.forebay.schemas.serde.DecodeException.Reason;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's deserializer with its failures told apart. The schema is asked for before the value is decoded: afterwards an
 * input/output failure could be the registry's or a value's that ends too early. What is known of a schema is kept with its
 * id, the reader of its values too, so that a value costs no look-up. Records have to agree by name, see {@link RecordNames}.
 */
final class AvroValueDeserializer<T> implements Deserializer<T> {

    private final Class<T> type;
    private final Schema schema;
    private final Registry registry;
    private final KafkaAvroDeserializer delegate;
    private final Map<Integer, Writer<T>> writers = new ConcurrentHashMap<>();

    AvroValueDeserializer(Class<T> type, Registry registry, KafkaAvroDeserializer delegate) {
        this.type = type;
        this.schema = schemaOf(type);
        this.registry = registry;
        this.delegate = delegate;
    }

    /**
     * What is known of a writer's schema.
     *
     * @param agrees whether all its values agree with ours by the names of records
     * @param reader reads its values as ours; null where the schema has rules, which Confluent's deserializer carries out
     */
    private record Writer<T>(
            Schema schema, boolean agrees, @Nullable DatumReader<T> reader) {}

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
        if (value == null || value.length < WireFormat.HEAD || value[0] != WireFormat.MAGIC) {
            throw new DecodeException(Reason.NOT_AVRO, "the value is not Avro in Confluent's wire format", null);
        }
        int id = WireFormat.id(value);
        Writer<T> writer = writers.computeIfAbsent(id, this::writer);
        if (!writer.agrees() && !agrees(value, writer.schema())) {
            throw new DecodeException(
                    Reason.UNDECODABLE, "the schema of id " + id + " holds a record that is not ours", null);
        }
        try {
            DatumReader<T> reader = writer.reader();
            return reader == null
                    ? type.cast(delegate.deserialize(topic, value, schema))
                    : type.cast(reader.read(null, decoder(value)));
        } catch (IOException | RuntimeException e) {
            throw new DecodeException(Reason.UNDECODABLE, "the value does not follow the schema of id " + id, e);
        }
    }

    private Writer<T> writer(int id) {
        ParsedSchema written = registry.schema(id);
        if (!(written.rawSchema() instanceof Schema writer) || !RecordNames.agree(writer, schema)) {
            throw new DecodeException(
                    Reason.UNDECODABLE, "the schema of id " + id + " is not one of " + schema.getFullName(), null);
        }
        boolean hasRules = written.ruleSet() != null;
        return new Writer<>(
                writer,
                RecordNames.agreeInEveryValue(writer, schema),
                hasRules ? null : new SpecificDatumReader<>(writer, schema, SpecificData.getForClass(type)));
    }

    private boolean agrees(byte[] value, Schema writer) {
        try {
            Object datum = new GenericDatumReader<>(writer).read(null, decoder(value));
            return RecordNames.agree(writer, schema, datum);
        } catch (IOException | RuntimeException e) {
            throw new DecodeException(Reason.UNDECODABLE, "the value does not follow its schema", e);
        }
    }

    private static BinaryDecoder decoder(byte[] value) {
        return DecoderFactory.get().binaryDecoder(value, WireFormat.HEAD, value.length - WireFormat.HEAD, null);
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
