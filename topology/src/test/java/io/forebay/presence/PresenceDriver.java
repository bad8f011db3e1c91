package io.forebay.presence;

import io.forebay.command.DecidingHealth;
import io.forebay.command.FlowDriver;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeRetention;
import io.forebay.presence.query.GetPresence;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreQuery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The production presence topology under a test driver, one partition, with a log time that the test owns. */
final class PresenceDriver implements AutoCloseable {

    private final FlowDriver driver;
    final DecidingHealth health;

    PresenceDriver(java.nio.file.Path stateDir, PresenceConfig config) {
        this(stateDir, config, "mock://" + stateDir.hashCode());
    }

    PresenceDriver(java.nio.file.Path stateDir, PresenceConfig config, String registry) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
        OutcomeRetention retention = new OutcomeRetention(Duration.ofHours(24), 1_000);
        driver = new FlowDriver(
                stateDir,
                registry,
                new FlowDriver.Driven(
                        catalogue,
                        PresenceFlow.store(catalogue),
                        catalogue.presenceSync(),
                        (serdes, engine, ticks, tasks) ->
                                PresenceFlow.topology(catalogue, serdes, engine, config, retention, ticks, tasks)));
        health = driver.health();
    }

    TopicCatalogue catalogue() {
        return driver.catalogue();
    }

    AvroSerdes serdes() {
        return driver.serdes();
    }

    byte[] encode(PresenceCommand command) {
        return serdes().serializer(PresenceCommand.class)
                .serialize(catalogue().presence().name(), command);
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
        return driver.append(key, value, requestId);
    }

    int runTicks() {
        return driver.runTicks();
    }

    void runOneTick() {
        driver.runOneTick();
    }

    void advance(Duration time) {
        driver.advance(time);
    }

    <R extends @Nullable Object> R ask(StoreQuery<R> query) {
        return driver.ask(query);
    }

    long position() {
        return driver.store().position();
    }

    /** The presence as it is stored, or null. */
    @Nullable
    String presence(long guild, long user) {
        byte[] presence = ask(new GetPresence(guild, user)).presence();
        return presence == null ? null : new String(presence, StandardCharsets.UTF_8);
    }

    /** What was decided about a command that was sent under a request id. */
    Outcome outcome(String requestId, String guild, Object command) {
        return driver.outcome(requestId, Path.of(guild).toBytes(), encode(new PresenceCommand(command)));
    }

    List<PresenceChanged> changes() {
        return driver.told().stream()
                .map(told -> serdes().deserializer(PresenceChanged.class)
                        .deserialize(catalogue().presenceSync().name(), told.value()))
                .toList();
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return driver.deadLetters();
    }

    List<String> refusals() {
        return driver.refusals();
    }

    static String header(TestRecord<byte[], byte[]> letter, String name) {
        return FlowDriver.header(letter, name);
    }

    @Override
    public void close() {
        driver.close();
    }
}
