package io.forebay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.forebay.deploy.LocalPort;
import io.forebay.deploy.StartException;
import io.forebay.embedded.EmbeddedKafka;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentRegistryIT {

    private static final String V1 = record("{\"name\":\"id\",\"type\":\"long\"}");
    private static final String V2 =
            record("{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\",\"default\":\"\"}");
    private static final String INCOMPATIBLE =
            record("{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\"}");

    private static EmbeddedKafka kafka;
    private static int port;

    private final ObjectMapper json = new ObjectMapper();
    private DevelopmentRegistry registry;
    private CachedSchemaRegistryClient client;
    private String subject;

    @BeforeAll
    static void startKafka(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"), LocalPort.anyFree(InetAddress.getLoopbackAddress()));
        port = LocalPort.anyFree(InetAddress.getLoopbackAddress());
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void startRegistry(TestInfo test) {
        registry = DevelopmentRegistry.start(kafka.bootstrapServers(), port);
        client = new CachedSchemaRegistryClient(registry.url(), 100);
        subject = test.getTestMethod().orElseThrow().getName() + "-value";
    }

    @AfterEach
    void stopRegistry() {
        registry.close();
    }

    @Test
    void registeringTheSameSchemaAgainGivesTheSameIdUnderEverySubject() throws Exception {
        int id = client.register(subject, new AvroSchema(V1));

        int again = new CachedSchemaRegistryClient(registry.url(), 100).register(subject, new AvroSchema(V1));
        int elsewhere = client.register(subject + "/with a slash+%", new AvroSchema(V1));

        assertThat(again).isEqualTo(id);
        assertThat(elsewhere).isEqualTo(id);
        assertThat(client.getAllVersions(subject)).containsExactly(1);
        assertThat(client.getAllSubjectsById(id)).contains(subject, subject + "/with a slash+%");
    }

    @Test
    void versionsCountFromOneAndTheLatestIsTheLast() throws Exception {
        client.register(subject, new AvroSchema(V1));
        int second = client.register(subject, new AvroSchema(V2));

        SchemaMetadata latest = client.getLatestSchemaMetadata(subject);

        assertThat(latest.getVersion()).isEqualTo(2);
        assertThat(latest.getId()).isEqualTo(second);
        assertThat(new AvroSchema(latest.getSchema())).isEqualTo(new AvroSchema(V2));
        assertThat(client.getSchemaMetadata(subject, 1).getSchema()).isEqualTo(new AvroSchema(V1).canonicalString());
        assertThat(client.getVersion(subject, new AvroSchema(V1))).isEqualTo(1);
    }

    @Test
    void schemaThatCannotReadTheOldOneIsRefusedWith409() throws Exception {
        client.register(subject, new AvroSchema(V1));

        assertThatThrownBy(() -> client.register(subject, new AvroSchema(INCOMPATIBLE)))
                .isInstanceOfSatisfying(RestClientException.class, e -> {
                    assertThat(e.getStatus()).isEqualTo(409);
                    assertThat(e.getErrorCode()).isEqualTo(409);
                });
        assertThat(client.testCompatibility(subject, new AvroSchema(INCOMPATIBLE)))
                .isFalse();
        assertThat(client.testCompatibility(subject, new AvroSchema(V2))).isTrue();
        assertThat(client.getAllVersions(subject)).containsExactly(1);
    }

    @Test
    void compatibilityIsBackwardUntilASubjectSaysOtherwise() throws Exception {
        client.register(subject, new AvroSchema(V1));

        client.updateCompatibility(subject, "NONE");
        client.register(subject, new AvroSchema(INCOMPATIBLE));

        assertThat(client.getCompatibility(null)).isEqualTo("BACKWARD");
        assertThat(client.getCompatibility(subject)).isEqualTo("NONE");
        assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
    }

    @Test
    void everythingIsThereAfterARestart() throws Exception {
        int id = client.register(subject, new AvroSchema(V1));
        client.updateCompatibility(subject, "FULL");

        registry.close();
        registry = DevelopmentRegistry.start(kafka.bootstrapServers(), port);
        CachedSchemaRegistryClient fresh = new CachedSchemaRegistryClient(registry.url(), 100);

        assertThat(fresh.getSchemaById(id)).isEqualTo(new AvroSchema(V1));
        assertThat(fresh.getId(subject, new AvroSchema(V1))).isEqualTo(id);
        assertThat(fresh.getCompatibility(subject)).isEqualTo("FULL");
        assertThat(fresh.register(subject + "-other", new AvroSchema(V2))).isGreaterThan(id);
    }

    @Test
    void confluentsSerializerAndDeserializerUnderstandIt() {
        Map<String, Object> config = Map.of("schema.registry.url", registry.url());
        GenericData.Record value = new GenericRecordBuilder(new AvroSchema(V1).rawSchema())
                .set("id", 42L)
                .build();
        try (KafkaAvroSerializer serializer = new KafkaAvroSerializer();
                KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
            serializer.configure(config, false);
            deserializer.configure(config, false);

            byte[] bytes = serializer.serialize("serialized", value);

            assertThat(deserializer.deserialize("serialized", bytes)).isEqualTo(value);
        }
    }

    @Test
    void typesOfOtherSubjectsCanBeReferred() throws Exception {
        send("POST", "/subjects/%s-inner/versions".formatted(subject), body(V1, ""));
        String outer = "{\"type\":\"record\",\"name\":\"Outer\",\"fields\":[{\"name\":\"r\",\"type\":\"test.R\"}]}";
        String references =
                ",\"references\":[{\"name\":\"test.R\",\"subject\":\"%s-inner\",\"version\":1}]".formatted(subject);

        int id = json.readTree(send("POST", "/subjects/%s/versions".formatted(subject), body(outer, references))
                        .body())
                .get("id")
                .intValue();

        assertThat(((AvroSchema) client.getSchemaById(id))
                        .rawSchema()
                        .getField("r")
                        .schema()
                        .getFullName())
                .isEqualTo("test.R");
    }

    @Test
    void errorsHaveConfluentsCodes() throws Exception {
        client.register(subject, new AvroSchema(V1));
        String versions = "/subjects/%s/versions".formatted(subject);

        assertThat(List.of(
                        error("GET", "/subjects/none/versions", ""),
                        error("GET", versions + "/9", ""),
                        error("GET", versions + "/x", ""),
                        error("GET", versions + "/0", ""),
                        error("GET", "/schemas/ids/999999", ""),
                        error("POST", "/subjects/" + subject, body(V2, "")),
                        error("POST", "/subjects/none", body(V1, "")),
                        error("POST", versions, body("{\"type\":\"nonsense\"}", "")),
                        error("POST", versions, body(V1, ",\"schemaType\":\"JSON\"")),
                        error("POST", versions, "{"),
                        error("GET", "/config/none", ""),
                        error("PUT", "/config", "{\"compatibility\":\"sideways\"}"),
                        error("DELETE", "/subjects/" + subject, ""),
                        error("GET", "/nothing", "")))
                .containsExactly(
                        "404 40401",
                        "404 40402",
                        "422 42202",
                        "422 42202",
                        "404 40403",
                        "404 40403",
                        "404 40401",
                        "422 42201",
                        "422 42201",
                        "422 422",
                        "404 40408",
                        "422 42203",
                        "405 405",
                        "404 404");
    }

    @Test
    void listsAreWhatConfluentsRegistryAnswers() throws Exception {
        client.register(subject, new AvroSchema(V1));

        assertThat(send("GET", "/schemas/types", "").body()).isEqualTo("[\"AVRO\"]");
        assertThat(send("GET", "/mode", "").body()).isEqualTo("{\"mode\":\"READWRITE\"}");
        assertThat(send("GET", "/subjects?subjectPrefix=" + subject, "").body()).isEqualTo("[\"" + subject + "\"]");
        assertThat(json.readTree(send("GET", "/subjects/%s/versions/latest/schema".formatted(subject), "")
                        .body()))
                .isEqualTo(json.readTree(V1));
        assertThat(send("GET", "/", "").headers().firstValue("Content-Type"))
                .contains("application/vnd.schemaregistry.v1+json");
    }

    @Test
    void takenPortIsToldWithTheOption() {
        assertThatThrownBy(() -> DevelopmentRegistry.start(kafka.bootstrapServers(), port))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("port " + port)
                .hasMessageContaining("--registry-port");
    }

    private static String record(String fields) {
        return "{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"test\",\"fields\":[" + fields + "]}";
    }

    private String body(String schema, String more) throws Exception {
        return "{\"schema\":" + json.writeValueAsString(schema) + more + "}";
    }

    private String error(String method, String path, String body) throws Exception {
        HttpResponse<String> response = send(method, path, body);
        JsonNode problem = json.readTree(response.body());
        assertThat(problem.get("message").textValue()).isNotBlank();
        return response.statusCode() + " " + problem.get("error_code").intValue();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(registry.url() + path))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .method(
                                        method,
                                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
