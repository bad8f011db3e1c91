package io.forebay.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What every record passes on its way: the JSON of a presence with three activities (about 800 bytes), beside Jackson's tree
 * as the baseline, its Avro wire format, and the path of a key.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class CodecBenchmark {
    private static final String TOPIC = "forebay.presence";
    private static final String ACTIVITY =
            "{\"id\":\"ec0b28a579ecb4bd\",\"name\":\"Factorio\",\"type\":0,\"created_at\":1633974790000,\"details\":\"Nauvis\","
                    + "\"timestamps\":{\"start\":1633974789000},\"party\":{\"id\":\"ae488379\",\"size\":[1,5]}}";
    private static final String PRESENCE =
            "{\"user\":{\"id\":\"82198898841029460\"},\"guild_id\":\"197038439483310086\",\"status\":\"dnd\",\"activities\":["
                    + String.join(",", ACTIVITY, ACTIVITY, ACTIVITY)
                    + "],\"client_status\":{\"desktop\":\"dnd\",\"mobile\":\"idle\"}}";

    private final ObjectMapper jackson = new ObjectMapper();
    private final JsonLimits limits = JsonLimits.defaults();
    private byte[] json;
    private byte[] key;
    private JsonObject stored;
    private JsonObject update;
    private AvroSerdes serdes;
    private Serializer<PresenceCommand> serializer;
    private Deserializer<PresenceCommand> deserializer;
    private PresenceCommand command;
    private byte[] wire;

    /** Parses and encodes once what the benchmarks take. */
    @Setup
    public void prepare() {
        json = PRESENCE.getBytes(UTF_8);
        key = Path.of("users", "42", "session").toBytes();
        stored = JsonObject.parse(json, limits);
        update = JsonObject.parse("{\"user\":{\"id\":\"82198898841029460\"},\"status\":\"idle\"}");
        serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://codec"));
        serializer = serdes.serializer(PresenceCommand.class);
        deserializer = serdes.deserializer(PresenceCommand.class);
        command = new PresenceCommand(
                UpdatePresence.newBuilder().setPresence(PRESENCE).build());
        wire = serializer.serialize(TOPIC, command);
    }

    /** Closes the serdes. */
    @TearDown
    public void close() {
        serdes.close();
    }

    /** Checks a presence and finds its members. */
    @Benchmark
    public JsonObject parseJson() {
        return JsonObject.parse(json, limits);
    }

    /** The baseline: Jackson's tree of the same bytes. */
    @Benchmark
    public JsonNode parseJsonTree() throws IOException {
        return jackson.readTree(json);
    }

    /** Merges an update and compares what counts as a change. */
    @Benchmark
    public boolean mergeAndCompare() {
        JsonObject merged = stored.merge(update);
        return stored.sameMember(merged, "activities") && stored.sameMember(merged, "status");
    }

    /** A command to its wire format. */
    @Benchmark
    public byte[] encodeAvro() {
        return serializer.serialize(TOPIC, command);
    }

    /** A command from its wire format. */
    @Benchmark
    public PresenceCommand decodeAvro() {
        return deserializer.deserialize(TOPIC, wire);
    }

    /** A record key to its path. */
    @Benchmark
    public Path parsePath() {
        return Path.parse(key);
    }
}
