package io.forebay.presence;

import static io.forebay.presence.Commands.createPresence;
import static io.forebay.presence.Commands.updatePresence;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.Outcome;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.topic.HeaderNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer of a partition promises: outcomes for retries, dead letters, order while the registry is away. */
class DecidingProcessorTest {

    private static final String ONLINE = "{\"guild_id\":\"7\",\"user\":{\"id\":\"1\"},\"status\":\"online\"}";
    private static final String IDLE = "{\"guild_id\":\"7\",\"user\":{\"id\":\"1\"},\"status\":\"idle\"}";

    @TempDir
    Path dir;

    @Test
    void aRetryGetsTheFirstOutcomeAndChangesNothing() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            driver.send("7", createPresence(ONLINE));
            driver.send("7", updatePresence(IDLE), "request");
            Outcome first = driver.outcome("request", "7", updatePresence(IDLE));
            driver.send("7", createPresence(ONLINE));
            driver.changes();
            driver.send("7", updatePresence(IDLE), "request");
            assertThat(driver.outcome("request", "7", updatePresence(IDLE)))
                    .usingRecursiveComparison()
                    .isEqualTo(first);
            assertThat(first.text()).contains("\"changed\":true").contains("\"old\":" + ONLINE);
            assertThat(driver.changes()).isEmpty();
            assertThat(driver.presence(7, 1)).isEqualTo(ONLINE);
        }
    }

    @Test
    void aRequestIdUsedForAnotherCommandIsRefused() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            driver.send("7", createPresence(ONLINE), "request");
            driver.send("7", createPresence(IDLE), "request");
            assertThat(driver.outcome("request", "7", createPresence(IDLE)).status())
                    .isEqualTo(422);
            assertThat(driver.outcome("request", "7", createPresence(ONLINE)).status())
                    .isEqualTo(204);
            assertThat(driver.refusals()).singleElement().asString().startsWith("idempotency_key_reused");
            assertThat(driver.presence(7, 1)).isEqualTo(ONLINE);
        }
    }

    @Test
    void aRefusalIsAnOutcomeToo() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            driver.send("7", createPresence(ONLINE));
            CreatePresence onlyIfNone = createPresence(IDLE, new Condition(null, true));
            driver.send("7", onlyIfNone, "request");
            Outcome outcome = driver.outcome("request", "7", onlyIfNone);
            assertThat(outcome.status()).isEqualTo(412);
            assertThat(outcome.code()).isEqualTo("precondition_failed");
            assertThat(driver.presence(7, 1)).isEqualTo(ONLINE);
        }
    }

    @Test
    void outcomesGoWhenTheirTimeIsOver() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            driver.send("7", createPresence(ONLINE), "request");
            driver.advance(Duration.ofHours(24));
            driver.send("7", createPresence(IDLE), "request");
            assertThat(driver.presence(7, 1)).isEqualTo(IDLE);
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void aRecordThatCannotBeUsedStopsNothing() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            byte[] value = "no Avro".getBytes(StandardCharsets.UTF_8);
            byte[] key = "7".getBytes(StandardCharsets.UTF_8);
            long offset = driver.append(key, value, null);
            driver.send("7", createPresence(ONLINE));
            List<TestRecord<byte[], byte[]>> letters = driver.deadLetters();
            assertThat(letters).singleElement().satisfies(letter -> {
                assertThat(letter.key()).isEqualTo(key);
                assertThat(letter.value()).isEqualTo(value);
                assertThat(PresenceDriver.header(letter, HeaderNames.REASON)).isEqualTo("not_avro");
                assertThat(PresenceDriver.header(letter, HeaderNames.OFFSET)).isEqualTo(Long.toString(offset));
                assertThat(PresenceDriver.header(letter, HeaderNames.TOPIC)).isEqualTo("forebay.presence");
            });
            assertThat(driver.presence(7, 1)).isEqualTo(ONLINE);
            assertThat(driver.position()).isEqualTo(offset + 1);
        }
    }

    @Test
    void recordsWaitInOrderWhileTheRegistryIsAway() throws IOException {
        try (SwitchedRegistry registry = new SwitchedRegistry();
                PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults(), registry.url())) {
            registry.answers(false);
            driver.appendWire("7", registry.wire(new PresenceCommand(createPresence(ONLINE))), "first");
            driver.appendWire("7", registry.wire(new PresenceCommand(updatePresence(IDLE))), "second");
            assertThat(driver.health.waitingForRegistry()).containsExactly(0);
            assertThat(driver.position()).isEqualTo(-1);
            assertThat(driver.presence(7, 1)).isNull();
            driver.runOneTick();
            assertThat(driver.position()).isEqualTo(-1);

            registry.answers(true);
            driver.runTicks();

            assertThat(driver.health.waitingForRegistry()).isEmpty();
            assertThat(driver.changes()).extracting(PresenceChanged::getNew$).containsExactly(ONLINE, IDLE);
            assertThat(driver.position()).isGreaterThanOrEqualTo(2);
            assertThat(driver.deadLetters()).isEmpty();
        }
    }
}
