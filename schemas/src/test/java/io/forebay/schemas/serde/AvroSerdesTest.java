package io.forebay.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PresenceStatus;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.SchemaFiles;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.serde.DecodeException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdesTest {

    private static final String TOPIC = "forebay.presence";

    private String scope = "";
    private Map<String, Object> config = Map.of();
    private AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://unused"));

    @BeforeEach
    void ownRegistry(TestInfo test) {
        scope = Integer.toString(test.getDisplayName().hashCode());
        config = Map.of("schema.registry.url", "mock://" + scope);
        serdes = AvroSerdes.create(config);
    }

    @AfterEach
    void close() {
        serdes.close();
    }

    static Stream<Object> commands() {
        return Stream.of(
                new CreatePresence(null, "{\"user\":{\"id\":\"1\"},\"n\":1.00,\"e\":\"😀\"}", null),
                new UpdatePresence("18446744073709551615", "{}", null),
                new BulkCreatePresences(List.of("{}", "{}"), true, new Chunk("b", 3, true)),
                new BulkCreatePresences(List.of(), false, null),
                new RemovePresence("1", null),
                new PurgePresences(),
                new GatewayDispatch("PRESENCE_UPDATE", "{}"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandSurvives(Object command) {
        PresenceCommand written = new PresenceCommand(command);

        byte[] bytes = write(written);

        assertThat(read(bytes)).isEqualTo(written);
    }

    @Test
    void aChangeSurvives() {
        PresenceChanged written = new PresenceChanged(
                "1", "2", null, "{}", null, PresenceStatus.online, new SourcePosition(3, 4L), 5L, 6, true);

        byte[] bytes = bytes(serdes.serializer(PresenceChanged.class).serialize(TOPIC, written));

        assertThat(serdes.deserializer(PresenceChanged.class).deserialize(TOPIC, bytes))
                .isEqualTo(written);
    }

    @Test
    void aGenericRecordOfThePublishedSchemaIsRead() {
        Schema published = SchemaFiles.parse(SchemaFiles.CURRENT.resolve("PresenceCommand.avsc"));
        Schema create = published.getField("command").schema().getTypes().get(0);
        GenericRecord body = new GenericData.Record(create);
        body.put("presence", "{\"a\":\"é\"}");
        GenericRecord command = new GenericData.Record(published);
        command.put("command", body);

        byte[] bytes = writeGeneric(command);

        assertThat(read(bytes)).isEqualTo(new PresenceCommand(new CreatePresence(null, "{\"a\":\"é\"}", null)));
    }

    @Test
    void theRegisteredSchemaIsThePublishedOne() {
        Schema published = SchemaFiles.parse(SchemaFiles.CURRENT.resolve("PresenceCommand.avsc"));
        byte[] plain = writeGeneric(recordOf(published));

        byte[] ours = write(new PresenceCommand(new PurgePresences()));

        assertThat(idOf(ours)).isEqualTo(idOf(plain));
    }

    @Test
    void aStatusThatALaterVersionAddsIsOther() {
        Schema later = new Schema.Parser()
                .parse(PresenceChanged.getClassSchema()
                        .toString()
                        .replace("\"online\",\"idle\"", "\"online\",\"asleep\",\"idle\""));
        GenericRecord change = new GenericData.Record(later);
        Schema status = later.getField("new_status").schema().getTypes().get(1);
        change.put("guild_id", "1");
        change.put("user_id", "2");
        change.put("new_status", new GenericData.EnumSymbol(status, "asleep"));
        GenericRecord source = new GenericData.Record(later.getField("source").schema());
        source.put("partition", 0);
        source.put("offset", 0L);
        change.put("source", source);
        change.put("unit_offset", 0L);
        change.put("unit_index", 0);
        change.put("unit_last", true);

        byte[] bytes = writeGeneric(change);

        assertThat(serdes.deserializer(PresenceChanged.class)
                        .deserialize(TOPIC, bytes)
                        .getNewStatus())
                .isEqualTo(PresenceStatus.other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{\"json\":true}", "\u0000", "\u0000\u0000\u0000\u0000"})
    void whatIsNotInTheWireFormatIsNotAvro(String value) {
        assertDecodeFails(value.getBytes(StandardCharsets.UTF_8), Reason.NOT_AVRO);
    }

    @Test
    void aMissingValueIsNotAvro() {
        assertThatThrownBy(() -> serdes.deserializer(PresenceCommand.class).deserialize(TOPIC, null))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_AVRO));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999_999, -1})
    void anIdThatTheRegistryDoesNotKnowIsToldSo(int id) {
        byte[] bytes = write(new PresenceCommand(new PurgePresences()));
        ByteBuffer.wrap(bytes).putInt(1, id);

        assertDecodeFails(bytes, Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void anotherRecordIsUndecodable() {
        Schema other = new Schema.Parser().parse("""
                {"type":"record","name":"Order","namespace":"shop","fields":[{"name":"n","type":"long"}]}""");
        GenericRecord order = new GenericData.Record(other);
        order.put("n", 1L);

        assertDecodeFails(writeGeneric(order), Reason.UNDECODABLE);
    }

    @Test
    void anotherRecordWithTheSameFieldsIsUndecodable() {
        Schema other = new Schema.Parser()
                .parse(PresenceCommand.getClassSchema().toString().replaceFirst("PresenceCommand", "PresenceOrder"));

        assertDecodeFails(writeGeneric(recordOf(other)), Reason.UNDECODABLE);
    }

    @Test
    void aSchemaOfOneBranchIsUndecodable() {
        GenericRecord remove = new GenericData.Record(RemovePresence.getClassSchema());
        remove.put("user_id", "1");

        assertDecodeFails(writeGeneric(remove), Reason.UNDECODABLE);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyValueHasTheBytesThatConfluentsSerializerWrites(Object command) {
        PresenceCommand value = new PresenceCommand(command);
        Serializer<PresenceCommand> serializer = serdes.serializer(PresenceCommand.class);

        byte[] first = bytes(serializer.serialize(TOPIC, value));
        byte[] second = bytes(serializer.serialize(TOPIC, value));
        byte[] elsewhere = serializer.serialize("elsewhere", value);

        assertThat(first).isEqualTo(writeGenuine(TOPIC, value));
        assertThat(second).isEqualTo(first);
        assertThat(elsewhere).isEqualTo(writeGenuine("elsewhere", value));
    }

    @Test
    void whereTheRegistrysLatestSchemaCountsEveryValueFollowsIt() throws Exception {
        List<Schema.Field> ours = PresenceChanged.getClassSchema().getFields();
        List<Schema.Field> fewer = ours.subList(0, ours.size() - 1).stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        Schema latest = Schema.createRecord("PresenceChanged", null, "io.forebay.schemas.avro", false, fewer);
        MockSchemaRegistry.getClientForScope(scope).register("changes-value", new AvroSchema(latest));
        config = Map.of(
                "schema.registry.url", "mock://" + scope,
                "auto.register.schemas", false,
                "use.latest.version", true,
                "latest.compatibility.strict", false);
        PresenceChanged value = new PresenceChanged(
                "1", "2", null, null, null, PresenceStatus.idle, new SourcePosition(0, 1L), 1L, 0, true);

        try (AvroSerdes serdesOfTheLatest = AvroSerdes.create(config)) {
            Serializer<PresenceChanged> serializer = serdesOfTheLatest.serializer(PresenceChanged.class);
            byte[] first = serializer.serialize("changes", value);
            byte[] second = serializer.serialize("changes", value);

            assertThat(second).isEqualTo(first).isEqualTo(writeGenuine("changes", value));
        }
    }

    @Test
    void aSchemaThatIsNoRecordIsUndecodable() {
        try (KafkaAvroSerializer serializer = new KafkaAvroSerializer()) {
            serializer.configure(config, false);

            assertDecodeFails(bytes(serializer.serialize(TOPIC, "text")), Reason.UNDECODABLE);
        }
    }

    @Test
    void aSchemaThatCannotBeReadAsOursIsUndecodable() {
        Schema other = new Schema.Parser().parse("""
                {"type":"record","name":"PresenceCommand","namespace":"io.forebay.schemas.avro",
                 "fields":[{"name":"command","type":"string"}]}""");
        GenericRecord record = new GenericData.Record(other);
        record.put("command", "x");

        assertDecodeFails(writeGeneric(record), Reason.UNDECODABLE);
    }

    /** Avro alone would read it as the first record whose fields it can fill: a purge. */
    @Test
    void aCommandThatALaterVersionAddsIsUndecodable() {
        Schema later = withLaterCommand();
        GenericRecord explode = new GenericData.Record(
                later.getField("command").schema().getTypes().get(6));
        explode.put("user_id", "1");
        explode.put("presence", "{}");
        GenericRecord record = new GenericData.Record(later);
        record.put("command", explode);

        assertDecodeFails(writeGeneric(record), Reason.UNDECODABLE);
    }

    @Test
    void aCommandWeKnowIsReadWhateverALaterVersionAdds() {
        byte[] bytes = writeGeneric(recordOf(withLaterCommand()));

        assertThat(read(bytes)).isEqualTo(new PresenceCommand(new PurgePresences()));
    }

    private static Schema withLaterCommand() {
        String current = PresenceCommand.getClassSchema().toString();
        return new Schema.Parser()
                .parse(current.substring(0, current.lastIndexOf(']', current.lastIndexOf(']') - 1))
                        + """
                        ,{"type":"record","name":"Explode","fields":[
                          {"name":"user_id","type":"string"},{"name":"presence","type":"string"}]}]"""
                        + current.substring(current.lastIndexOf(']', current.lastIndexOf(']') - 1) + 1));
    }

    @Test
    void aValueThatEndsTooEarlyIsUndecodable() {
        byte[] bytes = write(new PresenceCommand(new CreatePresence("1", "{\"a\":1}", null)));

        assertDecodeFails(Arrays.copyOf(bytes, bytes.length - 1), Reason.UNDECODABLE);
    }

    @Test
    void aLengthThatNoValueHasIsUndecodable() {
        byte[] bytes = write(new PresenceCommand(new CreatePresence(null, "{}", null)));
        byte[] huge = Arrays.copyOf(bytes, 12);
        Arrays.fill(huge, 7, 11, (byte) 0xFE);
        huge[11] = 0x0F;

        assertDecodeFails(huge, Reason.UNDECODABLE);
    }

    @Test
    void damagedValuesAreReadOrRefusedWithoutAnyOtherFailure() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] good = write(new PresenceCommand(
                new BulkCreatePresences(List.of("{\"a\":1}", "{\"b\":2}"), true, new Chunk("batch", 1, false))));
        var deserializer = serdes.deserializer(PresenceCommand.class);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = Arrays.copyOf(good, 5 + random.nextInt(good.length - 4));
            for (int damage = random.nextInt(4); damage >= 0 && bytes.length > 5; damage--) {
                bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt(0x100);
            }
            assertThat(isReadOrRefused(deserializer, bytes)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void aLoneSurrogateIsNotWritten() {
        PresenceCommand command =
                new PresenceCommand(new BulkCreatePresences(List.of("{}", "{\"a\":\"\uD800\"}"), false, null));

        assertThatThrownBy(() -> write(command))
                .isInstanceOfSatisfying(
                        EncodeException.class,
                        e -> assertThat(e.reason()).isEqualTo(EncodeException.Reason.LONE_SURROGATE));
    }

    @Test
    void nothingIsWrittenForNothing() {
        assertThat(serdes.serializer(PresenceCommand.class).serialize(TOPIC, null))
                .isNull();
    }

    @Test
    void serdesAreForValues() {
        assertThatThrownBy(() -> serdes.deserializer(PresenceCommand.class).configure(Map.of(), true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isReadOrRefused(Deserializer<PresenceCommand> deserializer, byte[] bytes) {
        try {
            return deserializer.deserialize(TOPIC, bytes) != null;
        } catch (DecodeException e) {
            return e.reason() == Reason.UNDECODABLE;
        }
    }

    private void assertDecodeFails(byte[] bytes, Reason reason) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private byte[] write(PresenceCommand command) {
        return bytes(serdes.serializer(PresenceCommand.class).serialize(TOPIC, command));
    }

    private SpecificRecord read(byte[] bytes) {
        return serdes.deserializer(PresenceCommand.class).deserialize(TOPIC, bytes);
    }

    private static GenericRecord recordOf(Schema command) {
        GenericRecord record = new GenericData.Record(command);
        Schema purge = command.getField("command").schema().getTypes().get(4);
        record.put("command", new GenericData.Record(purge));
        return record;
    }

    /** As a producer writes that knows nothing of Forebay: under the compatibility that the topic's subject has. */
    private byte[] writeGeneric(GenericRecord value) {
        try (KafkaAvroSerializer serializer = new KafkaAvroSerializer()) {
            serializer.configure(config, false);
            return bytes(serializer.serialize("other-" + value.getSchema().hashCode(), value));
        }
    }

    /** As Confluent's own serializer writes a value, under the schema without properties for Java alone that ours registers. */
    private byte[] writeGenuine(String topic, SpecificRecord value) {
        Map<String, Object> settings = new HashMap<>(config);
        settings.put("avro.remove.java.properties", true);
        try (KafkaAvroSerializer serializer = new KafkaAvroSerializer()) {
            serializer.configure(settings, false);
            return bytes(serializer.serialize(topic, value));
        }
    }

    private static int idOf(byte[] value) {
        return ByteBuffer.wrap(value).getInt(1);
    }

    private static byte[] bytes(byte @Nullable [] value) {
        return Objects.requireNonNull(value);
    }
}
