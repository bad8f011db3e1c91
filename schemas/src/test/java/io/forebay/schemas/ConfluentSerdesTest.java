package io.forebay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

/** The repackaged Confluent classes find everything they need on our class path. */
class ConfluentSerdesTest {

    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type":"record","name":"Reading","namespace":"io.forebay.sample","fields":[
              {"name":"name","type":"string"},
              {"name":"value","type":["null","long"],"default":null}]}
            """);

    @Test
    void aRecordSurvivesTheWireFormat() {
        var config = Map.of("schema.registry.url", "mock://confluent-serdes");
        GenericRecord written = new GenericRecordBuilder(SCHEMA)
                .set("name", "level")
                .set("value", 1L << 60)
                .build();
        try (var serializer = new KafkaAvroSerializer();
                var deserializer = new KafkaAvroDeserializer()) {
            serializer.configure(config, false);
            deserializer.configure(config, false);

            var bytes = serializer.serialize("readings", written);

            assertThat(bytes).startsWith(0, 0, 0, 0, 1);
            assertThat(deserializer.deserialize("readings", bytes)).hasToString(written.toString());
        }
    }
}
