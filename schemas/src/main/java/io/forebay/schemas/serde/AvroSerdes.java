package io.forebay.schemas.serde;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serdes for the generated Avro classes, on Confluent's own serializer and deserializer with subjects by TopicNameStrategy.
 * All serdes made here share one registry client and its cache of schemas.
 *
 * <p>Any schema that Avro can resolve to ours is read, whatever program registered it. The registry is asked with short
 * time-outs and without repetition, because the caller holds a partition meanwhile and repeats by itself; each can be set
 * otherwise by its own property.
 *
 * <p>Serdes are safe for use by many threads. Closing this object closes the registry client under all of them.
 */
public final class AvroSerdes implements AutoCloseable {

    private static final Map<String, Object> DEFAULTS = Map.of(
            SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, 1000,
            SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, 1500,
            SchemaRegistryClientConfig.MAX_RETRIES_CONFIG, 0,
            SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG, 5L,
            KafkaAvroSerializerConfig.AVRO_REMOVE_JAVA_PROPS_CONFIG, true);

    private final Map<String, Object> config;
    private final SchemaRegistryClient client;

    private AvroSerdes(Map<String, Object> config, SchemaRegistryClient client) {
        this.config = config;
        this.client = client;
    }

    /**
     * Has Avro trust the generated classes, in the whole process. A program that uses Confluent's serdes by itself calls it before, or
     * sets the system property {@code org.apache.avro.SERIALIZABLE_PACKAGES}; serdes made here need neither.
     */
    public static void trustGenerated() {
        TrustedClasses.addPublished();
    }

    /**
     * Serdes for a registry.
     *
     * @param properties properties of Confluent's serdes: {@code schema.registry.url} (required; {@code mock://name} is one
     *     in memory), credentials, {@code auto.register.schemas} and others; those of Kafka's clients are ignored
     * @throws org.apache.kafka.common.config.ConfigException when a property is missing or has a value it cannot have
     */
    public static AvroSerdes create(Map<String, ?> properties) {
        Map<String, Object> config = new HashMap<>(DEFAULTS);
        config.putAll(properties);
        config.put(KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG, true);
        trustGenerated();
        ClientConfig settings = new ClientConfig(config);
        SchemaRegistryClient client = SchemaRegistryClientFactory.newClient(
                settings.getSchemaRegistryUrls(),
                settings.getMaxSchemasPerSubject(),
                List.of(new AvroSchemaProvider()),
                settings.originalsWithPrefix(""),
                settings.requestHeaders());
        return new AvroSerdes(config, client);
    }

    /**
     * A serializer. It throws {@link EncodeException}, and gives null for null.
     *
     * @param type the generated class
     */
    public <T extends SpecificRecord> Serializer<T> serializer(Class<T> type) {
        TrustedClasses.add(AvroValueDeserializer.schemaOf(type));
        return new AvroValueSerializer<>(type, new Registry(client), new KafkaAvroSerializer(client, config));
    }

    /**
     * A deserializer. It throws {@link DecodeException}, also for null: a missing value is no value of this type.
     *
     * @param type the generated class
     */
    public <T extends SpecificRecord> Deserializer<T> deserializer(Class<T> type) {
        TrustedClasses.add(AvroValueDeserializer.schemaOf(type));
        return new AvroValueDeserializer<>(type, new Registry(client), new KafkaAvroDeserializer(client, config));
    }

    /** The id of the schema that a value was written with; empty when it is not in Confluent's wire format. */
    public static OptionalInt schemaId(byte @Nullable [] value) {
        return value == null || value.length < WireFormat.HEAD || value[0] != WireFormat.MAGIC
                ? OptionalInt.empty()
                : OptionalInt.of(WireFormat.id(value));
    }

    /**
     * Both as a serde.
     *
     * @param type the generated class
     */
    public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
        return Serdes.serdeFrom(serializer(type), deserializer(type));
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The properties of a serde that concern the registry client. */
    private static final class ClientConfig extends AbstractKafkaSchemaSerDeConfig {

        ClientConfig(Map<String, ?> properties) {
            super(baseConfigDef(), properties);
        }
    }
}
