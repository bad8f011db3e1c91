package io.forebay.cache.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.forebay.command.DecidingHealth;
import io.forebay.keys.KeysConfig;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row changes while the registry takes schemas and does not tell any: a registry that is half away. */
class ChangeForwarderTest {

    private static final int CHANGE_ID = 7;
    private static final int COMMAND_ID = 8;

    @TempDir
    Path dir;

    private final TopicCatalogue catalogue =
            TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
    private final AtomicBoolean tells = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer registry;
    private AvroSerdes serdes;
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> changes;
    private TestOutputTopic<byte[], byte[]> commands;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
        serdes = AvroSerdes.create(Map.of(
                "schema.registry.url",
                "http://127.0.0.1:" + registry.getAddress().getPort()));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "changes");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, dir.toString());
        driver = new TopologyTestDriver(
                ChangesFlow.addTo(
                        new Topology(),
                        catalogue,
                        serdes,
                        ChangesConfig.defaults().with("users", "users key {id}"),
                        KeysConfig.defaults(),
                        new DecidingHealth(),
                        new ChangeStats()),
                properties);
        changes =
                driver.createInputTopic(catalogue.changes().name(), new StringSerializer(), new ByteArraySerializer());
        commands = output(catalogue.keys().name());
        deadLetters = output(catalogue.deadLetters().name());
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
        serdes.close();
        registry.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        boolean asks = exchange.getRequestMethod().equals("GET");
        if (asks) {
            asked.incrementAndGet();
        }
        String schema = Files.readString(Path.of("../schemas/src/main/avro/RowChange.avsc"));
        String known = asks
                ? "{\"schema\":\"" + schema.replace("\"", "\\\"").replace("\n", " ") + "\"}"
                : "{\"id\":" + COMMAND_ID + "}";
        boolean answers = tells.get() || !asks;
        byte[] body =
                (answers ? known : "{\"error_code\":50301,\"message\":\"away\"}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(answers ? 200 : 503, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The wire format, written without asking this registry, under the id that it gives. */
    private static byte[] wire(RowChange change) {
        try (AvroSerdes elsewhere = AvroSerdes.create(Map.of("schema.registry.url", "mock://elsewhere"))) {
            byte[] wire = elsewhere.serializer(RowChange.class).serialize("topic", change);
            return ByteBuffer.wrap(wire).putInt(1, CHANGE_ID).array();
        }
    }

    /** Record keys of the invalidations that came of the change of one user. */
    private List<String> change() {
        RowChange change = RowChange.newBuilder()
                .setOp(RowOperation.deleted)
                .setTable("users")
                .setBefore("{\"id\":1}")
                .build();
        changes.pipeInput("users/1", wire(change));
        return commands.readRecordsToList().stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void whileTheRegistryIsAwayAllThatDependsOnTheTableIsInvalidated() {
        assertThat(change()).containsExactly("%partition");
        assertThat(change()).containsExactly("%partition");
        assertThat(asked).as("questions that take their time").hasValue(1);

        tells.set(true);
        driver.advanceWallClockTime(Duration.ofSeconds(5));

        assertThat(change()).containsExactly("cache%3Ausers/1");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void aTickIsPassedOverAndATruncationThatIsToldToThePartitionIsTaken() {
        tells.set(true);
        RowChange truncation = RowChange.newBuilder()
                .setOp(RowOperation.truncated)
                .setTable("users")
                .build();

        changes.pipeInput("%tick", null);
        changes.pipeInput("%partition", wire(truncation));

        assertThat(commands.readRecordsToList())
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactly("%partition");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void aTruncationThatCannotBeReadMayBeOfAnyTable() {
        RowChange truncation = RowChange.newBuilder()
                .setOp(RowOperation.truncated)
                .setTable("strangers")
                .build();

        changes.pipeInput("%partition", wire(truncation));
        int whileNotTold = commands.readRecordsToList().size();
        tells.set(true);
        driver.advanceWallClockTime(Duration.ofMinutes(1));
        changes.pipeInput("%partition", wire(truncation));

        assertThat(whileNotTold).isEqualTo(1);
        assertThat(commands.isEmpty()).isTrue();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void onlyATruncationIsToldToEveryPartition() {
        tells.set(true);
        RowChange insertion = RowChange.newBuilder()
                .setOp(RowOperation.inserted)
                .setTable("strangers")
                .setAfter("{}")
                .build();

        changes.pipeInput("%partition", wire(insertion));
        changes.pipeInput("%partition", new byte[] {1});

        assertThat(deadLetters.readRecordsToList()).hasSize(2);
    }
}
