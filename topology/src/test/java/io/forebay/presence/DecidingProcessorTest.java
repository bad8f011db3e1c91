package io.forebay.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.Outcome;
import io.forebay.command.OutcomeQuery;
import io.forebay.presence.query.GetPresence;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.topic.HeaderNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
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
            driver.send("7", create(ONLINE));
            driver.send("7", update(IDLE), "request");
            Outcome first = outcome(driver, "request", update(IDLE));
            driver.send("7", create(ONLINE));
            driver.changes();
            driver.send("7", update(IDLE), "request");
            assertThat(outcome(driver, "request", update(IDLE)))
                    .usingRecursiveComparison()
                    .isEqualTo(first);
            assertThat(first.text()).contains("\"changed\":true").contains("\"old\":" + ONLINE);
            assertThat(driver.changes()).isEmpty();
            assertThat(presence(driver)).isEqualTo(ONLINE);
        }
    }

    @Test
    void aRequestIdUsedForAnotherCommandIsRefused() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            driver.send("7", create(ONLINE), "request");
            driver.send("7", create(IDLE), "request");
            assertThat(outcome(driver, "request", create(IDLE)).status()).isEqualTo(422);
            assertThat(outcome(driver, "request", create(ONLINE)).status()).isEqualTo(204);
            assertThat(reasons(driver.deadLetters())).containsExactly("idempotency_key_reused");
            assertThat(presence(driver)).isEqualTo(ONLINE);
        }
    }

    @Test
    void aRefusalIsAnOutcomeToo() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            driver.send("7", create(ONLINE));
            CreatePresence onlyIfNone = CreatePresence.newBuilder()
                    .setPresence(IDLE)
                    .setCondition(new Condition(null, true))
                    .build();
            driver.send("7", onlyIfNone, "request");
            Outcome outcome = outcome(driver, "request", onlyIfNone);
            assertThat(outcome.status()).isEqualTo(412);
            assertThat(outcome.code()).isEqualTo("precondition_failed");
            assertThat(presence(driver)).isEqualTo(ONLINE);
        }
    }

    @Test
    void outcomesGoWhenTheirTimeIsOver() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            driver.send("7", create(ONLINE), "request");
            driver.advance(Duration.ofHours(24));
            driver.send("7", create(IDLE), "request");
            assertThat(presence(driver)).isEqualTo(IDLE);
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void aRecordThatCannotBeUsedStopsNothing() {
        try (PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults())) {
            byte[] value = "no Avro".getBytes(StandardCharsets.UTF_8);
            byte[] key = "7".getBytes(StandardCharsets.UTF_8);
            long offset = driver.append(key, value, null);
            driver.send("7", create(ONLINE));
            List<TestRecord<byte[], byte[]>> letters = driver.deadLetters();
            assertThat(letters).singleElement().satisfies(letter -> {
                assertThat(letter.key()).isEqualTo(key);
                assertThat(letter.value()).isEqualTo(value);
                assertThat(header(letter, HeaderNames.REASON)).isEqualTo("not_avro");
                assertThat(header(letter, HeaderNames.OFFSET)).isEqualTo(Long.toString(offset));
                assertThat(header(letter, HeaderNames.TOPIC)).isEqualTo("forebay.presence");
            });
            assertThat(presence(driver)).isEqualTo(ONLINE);
            assertThat(driver.position()).isEqualTo(offset + 1);
        }
    }

    @Test
    void recordsWaitInOrderWhileTheRegistryIsAway() throws IOException {
        try (SwitchedRegistry registry = new SwitchedRegistry();
                PresenceDriver driver = new PresenceDriver(dir, PresenceConfig.defaults(), registry.url())) {
            registry.answers(false);
            driver.appendWire("7", registry.wire(new PresenceCommand(create(ONLINE))), "first");
            driver.appendWire("7", registry.wire(new PresenceCommand(update(IDLE))), "second");
            assertThat(driver.health.waitingForRegistry()).containsExactly(0);
            assertThat(driver.position()).isEqualTo(-1);
            assertThat(driver.ask(new GetPresence(7, 1)).presence()).isNull();
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

    private static CreatePresence create(String presence) {
        return CreatePresence.newBuilder().setPresence(presence).build();
    }

    private static UpdatePresence update(String presence) {
        return UpdatePresence.newBuilder().setPresence(presence).build();
    }

    private static String presence(PresenceDriver driver) {
        return new String(
                Objects.requireNonNull(driver.ask(new GetPresence(7, 1)).presence()), StandardCharsets.UTF_8);
    }

    private static Outcome outcome(PresenceDriver driver, String requestId, Object command) {
        byte[] value = driver.encode(new PresenceCommand(command));
        return Objects.requireNonNull(
                driver.ask(new OutcomeQuery(requestId, fingerprint("7", value))).outcome());
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

    private static List<@Nullable String> reasons(List<TestRecord<byte[], byte[]>> letters) {
        return letters.stream()
                .map(letter -> header(letter, HeaderNames.REASON))
                .toList();
    }

    private static String header(TestRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
