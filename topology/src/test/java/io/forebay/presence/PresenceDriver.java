package io.forebay.presence;

import io.forebay.command.DecidingHealth;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeQuery;
import io.forebay.command.OutcomeRetention;
import io.forebay.presence.query.GetPresence;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreAnswer;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.store.StoreQuery;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The production presence topology under a test driver, one partition, with a log time that the test owns. */
final class PresenceDriver implements AutoCloseable {

    private final TopicCatalogue catalogue =
            TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
    private final AvroSerdes serdes;
    private final StoreEngine engine = StoreEngine.create(StoreEngineConfig.defaults());
    private final Queue<Integer> ticks = new ArrayDeque<>();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> input;
    private final TestOutputTopic<byte[], byte[]> sync;
    private final TestOutputTopic<byte[], byte[]> deadLetters;
    private long now = 1_000_000;
    private long offset = -1;
    final DecidingHealth health = new DecidingHealth();

    PresenceDriver(java.nio.file.Path stateDir, PresenceConfig config) {
        this(stateDir, config, "mock://" + stateDir.hashCode());
    }

    PresenceDriver(java.nio.file.Path stateDir, PresenceConfig config, String registry) {
        serdes = AvroSerdes.create(Map.of("schema.registry.url", registry, "auto.register.schemas", "true"));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, catalogue.applicationId(PresenceFlow.CAPABILITY));
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        driver = new TopologyTestDriver(
                PresenceFlow.topology(
                        catalogue,
                        serdes,
                        engine,
                        config,
                        new OutcomeRetention(Duration.ofHours(24), 1_000),
                        (topic, partition, failed) -> ticks.add(partition),
                        health),
                properties,
                Instant.ofEpochMilli(now));
        input = driver.createInputTopic(
                catalogue.presence().name(), new ByteArraySerializer(), new ByteArraySerializer());
        sync = driver.createOutputTopic(
                catalogue.presenceSync().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        deadLetters = driver.createOutputTopic(
                catalogue.deadLetters().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    TopicCatalogue catalogue() {
        return catalogue;
    }

    AvroSerdes serdes() {
        return serdes;
    }

    byte[] encode(PresenceCommand command) {
        return serdes.serializer(PresenceCommand.class)
                .serialize(catalogue.presence().name(), command);
    }

    /** Appends a command and returns its offset. */
    long send(String guild, Object command) {
        return send(guild, command, null);
    }

    long send(String guild, Object command, @Nullable String requestId) {
        return append(Path.of(guild).toBytes(), encode(new PresenceCommand(command)), requestId);
    }

    /** Appends a value that is encoded already. */
    long appendWire(String guild, byte[] value, String requestId) {
        return append(Path.of(guild).toBytes(), value, requestId);
    }

    long append(byte @Nullable [] key, byte @Nullable [] value, @Nullable String requestId) {
        TestRecord<byte @Nullable [], byte @Nullable []> record =
                new TestRecord<>(key, value, Instant.ofEpochMilli(now));
        if (requestId != null) {
            record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        }
        input.pipeInput(record);
        offset++;
        return offset;
    }

    /** Delivers the ticks that were asked for, and those that they ask for, until there are none. */
    int runTicks() {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        int run = 0;
        while (ticks.poll() != null) {
            append(ReservedKeys.tick(), null, null);
            run++;
        }
        return run;
    }

    /** Delivers one tick if one is asked for. */
    void runOneTick() {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        if (ticks.poll() != null) {
            append(ReservedKeys.tick(), null, null);
        }
    }

    void advance(Duration time) {
        now += time.toMillis();
    }

    <R extends @Nullable Object> R ask(StoreQuery<R> query) {
        QueryResult<StoreAnswer<R>> result = driver.getKeyValueStore(PresenceFlow.STORE)
                .query(query, PositionBound.unbounded(), new QueryConfig(false));
        if (result.isFailure()) {
            throw new AssertionError(result.getFailureMessage());
        }
        return result.getResult().value();
    }

    long position() {
        return Objects.requireNonNull(engine.partition(PresenceFlow.STORE, 0)).position();
    }

    /** The presence as it is stored, or null. */
    @Nullable
    String presence(long guild, long user) {
        byte[] presence = ask(new GetPresence(guild, user)).presence();
        return presence == null ? null : new String(presence, StandardCharsets.UTF_8);
    }

    /** What was decided about a command that was sent under a request id. */
    Outcome outcome(String requestId, String guild, Object command) {
        byte[] fingerprint = fingerprint(guild, encode(new PresenceCommand(command)));
        return Objects.requireNonNull(
                ask(new OutcomeQuery(requestId, fingerprint)).outcome());
    }

    /** As the sender computes it: key, a zero byte, the value after the schema id. */
    private static byte[] fingerprint(String key, byte[] value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(value, 5, value.length - 5);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    List<PresenceChanged> changes() {
        List<PresenceChanged> changes = new ArrayList<>();
        sync.readValuesToList()
                .forEach(value -> changes.add(serdes.deserializer(PresenceChanged.class)
                        .deserialize(catalogue.presenceSync().name(), value)));
        return changes;
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return deadLetters.readRecordsToList();
    }

    /** What was wrong with the records that went to the dead letters since they were last read: reason, then detail. */
    List<String> refusals() {
        return deadLetters().stream()
                .map(letter -> header(letter, HeaderNames.REASON) + " " + header(letter, HeaderNames.DETAIL))
                .toList();
    }

    static String header(TestRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
        engine.close();
        serdes.close();
    }
}
