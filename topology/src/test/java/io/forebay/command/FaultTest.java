package io.forebay.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysFlow;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.TouchKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A decider that fails by a fault of its own: the record is a dead letter, nothing of it happens, and the next is decided. */
class FaultTest {

    private static final byte[] ENTRY = {127};

    /** Stores the key of each command, and fails on one of them after that. */
    private static final class Faulty implements Decider<KeyCommand> {

        @Override
        public void checkKey(Path key) {}

        @Override
        public Outcome decide(Path key, KeyCommand command, Decision decision) {
            decision.put(ENTRY, key.toBytes());
            if (key.toString().equals("n/bad")) {
                throw new IllegalStateException("a secret");
            }
            return Outcome.done();
        }
    }

    @Test
    void aFaultWhileDecidingIsADeadLetterAndStopsNothing(@TempDir java.nio.file.Path dir) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
        try (FlowDriver flow = new FlowDriver(
                dir,
                "mock://fault",
                new FlowDriver.Driven(
                        catalogue,
                        KeysFlow.store(catalogue),
                        catalogue.keysSync(),
                        (serdes, engine, ticks, health) -> KeysFlow.topology(
                                catalogue,
                                serdes,
                                engine,
                                KeysConfig.defaults(),
                                new OutcomeRetention(Duration.ofHours(24), 1_000),
                                ticks,
                                health,
                                keys -> new Faulty())))) {
            send(flow, "n/good");
            send(flow, "n/bad");

            assertThat(flow.refusals())
                    .containsExactly(
                            "internal_error the command could not be decided because of a fault of this service");
            assertThat(stored(flow)).isEqualTo("n/good");
            send(flow, "n/next");
            assertThat(stored(flow)).isEqualTo("n/next");
        }
    }

    private static void send(FlowDriver flow, String key) {
        byte[] value = flow.serdes()
                .serializer(KeyCommand.class)
                .serialize(flow.catalogue().keys().name(), new KeyCommand(new TouchKeys(List.of(key), null)));
        flow.append(key.getBytes(StandardCharsets.UTF_8), value, null);
    }

    private static String stored(FlowDriver flow) {
        return new String(Objects.requireNonNull(flow.store().get(ENTRY)).payload(), StandardCharsets.UTF_8);
    }
}
