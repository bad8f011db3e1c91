package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.forebay.command.CommandSender;
import io.forebay.command.DecidingHealth;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeQuery;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Receipt;
import io.forebay.command.RefusedException;
import io.forebay.it.json.Json;
import io.forebay.presence.GatewayDispatches;
import io.forebay.presence.PresenceBody;
import io.forebay.presence.PresenceConfig;
import io.forebay.presence.PresenceFlow;
import io.forebay.presence.query.GetPresence;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresenceEntry;
import io.forebay.presence.query.PresencePage;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Snowflake;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreAnswer;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.store.StoreQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The production topology of presences under a test driver, written by the production sender and read by the production queries. The
 * topic has one partition, since the driver has but one; its clock stands at zero.
 */
final class PresencesInProcess extends PresenceOperations {
    /** More than a page of any vector, so that paging is shown elsewhere. */
    private static final int PAGE = 1000;

    private static final PresenceConfig CONFIG = PresenceConfig.defaults();

    private final Path state;
    private final AvroSerdes serdes;
    private final StoreEngine engine;
    private final TopicCatalogue topics;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> input;
    private final AtomicInteger ticks = new AtomicInteger();
    private final ExecutorService sending = Executors.newSingleThreadExecutor();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final CommandSender sender = new CommandSender(producer, sending);

    private PresencesInProcess(Path state) {
        this.state = state;
        this.serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://" + UUID.randomUUID()));
        this.engine = StoreEngine.create(StoreEngineConfig.defaults());
        this.topics = TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.applicationId(PresenceFlow.CAPABILITY));
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        this.driver = new TopologyTestDriver(
                PresenceFlow.topology(
                        topics,
                        serdes,
                        engine,
                        CONFIG,
                        new OutcomeRetention(Duration.ofHours(24), 1_000),
                        (topic, partition, failed) -> ticks.incrementAndGet(),
                        new DecidingHealth()),
                properties,
                Instant.EPOCH);
        this.input =
                driver.createInputTopic(topics.presence().name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static PresencesInProcess open() {
        try {
            return new PresencesInProcess(Files.createTempDirectory("presences"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    JsonNode create(JsonNode presence) {
        return done(() -> {
            JsonObject body = body(presence);
            return decide(
                    PresenceBody.guild(body),
                    CreatePresence.newBuilder().setPresence(body.text()).build());
        });
    }

    @Override
    JsonNode bulkCreate(JsonNode guild, JsonNode presences) {
        return done(() -> {
            if (!presences.isArray()) {
                throw RefusedException.invalid("/presences", "a list");
            }
            return decide(
                    id(guild),
                    BulkCreatePresences.newBuilder()
                            .setPresences(StreamSupport.stream(presences.spliterator(), false)
                                    .map(Json::write)
                                    .toList())
                            .build());
        });
    }

    @Override
    JsonNode update(JsonNode presence) {
        return answered(() -> {
            JsonObject body = body(presence);
            return decide(
                    PresenceBody.guild(body),
                    UpdatePresence.newBuilder().setPresence(body.text()).build());
        });
    }

    @Override
    JsonNode get(JsonNode guild, JsonNode user) {
        try {
            byte[] presence =
                    ask(new GetPresence(id(guild).value(), id(user).value())).presence();
            return presence == null ? error("not_found") : Json.object("found", Json.parse(presence));
        } catch (RefusedException e) {
            return error(e.code());
        }
    }

    @Override
    ArrayNode list(@Nullable String guild, @Nullable String status) {
        ArrayNode list = Json.array();
        byte[] after = null;
        do {
            PresencePage page = ask(new ListPresences(
                    guild == null ? null : Snowflake.parse(guild).value(), status, null, List.of(), after, PAGE));
            for (PresenceEntry entry : page.entries()) {
                list.addObject()
                        .put("guild_id", Long.toUnsignedString(entry.guild()))
                        .put("user_id", Long.toUnsignedString(entry.user()))
                        .set("presence", Json.parse(entry.presence()));
            }
            after = page.scannedTo();
        } while (after != null);
        return list;
    }

    @Override
    JsonNode gateway(String type, JsonNode data) {
        Decision decision = () -> {
            String text = Json.write(data);
            Snowflake guild = GatewayDispatches.translate(type, text, CONFIG).guild();
            return guild == null ? Outcome.done() : decide(guild, new GatewayDispatch(type, text));
        };
        return type.equals("PRESENCE_UPDATE") ? answered(decision) : done(decision);
    }

    @Override
    public void close() {
        driver.close();
        engine.close();
        serdes.close();
        sending.shutdownNow();
        try (var files = Files.walk(state)) {
            List<Path> deepestFirst = new ArrayList<>(files.toList());
            java.util.Collections.reverse(deepestFirst);
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Decision {
        Outcome decide() throws RefusedException;
    }

    private static JsonNode done(Decision decision) {
        try {
            Outcome outcome = decision.decide();
            return outcome.isRefused() ? error(String.valueOf(outcome.code())) : ok();
        } catch (RefusedException e) {
            return error(e.code());
        }
    }

    private static JsonNode answered(Decision decision) {
        try {
            Outcome outcome = decision.decide();
            return outcome.isRefused() ? error(String.valueOf(outcome.code())) : Json.parse(outcome.body());
        } catch (RefusedException e) {
            return error(e.code());
        }
    }

    /** Sends a command as HTTP would, lets the topology take it in and asks for its outcome. */
    private Outcome decide(Snowflake guild, Object command) {
        String requestId = UUID.randomUUID().toString();
        byte[] value = serdes.serializer(PresenceCommand.class)
                .serialize(topics.presence().name(), new PresenceCommand(command));
        Receipt receipt = sender.send(topics.presence(), guild.toPath(), value, requestId)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        for (ProducerRecord<byte[], byte[]> record : producer.history()) {
            input.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), 0L));
        }
        producer.clear();
        runTicks();
        return Objects.requireNonNull(
                ask(new OutcomeQuery(requestId, receipt.fingerprint())).outcome(), "the outcome is kept");
    }

    private void runTicks() {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        while (ticks.get() > 0) {
            ticks.decrementAndGet();
            input.pipeInput(new TestRecord<>(ReservedKeys.tick(), null, null, 0L));
        }
    }

    private <R> R ask(StoreQuery<R> query) {
        QueryResult<StoreAnswer<R>> result = driver.getKeyValueStore(PresenceFlow.STORE)
                .query(query, PositionBound.unbounded(), new QueryConfig(false));
        if (result.isFailure()) {
            throw new IllegalStateException(result.getFailureMessage());
        }
        return result.getResult().value();
    }

    private static JsonObject body(JsonNode presence) throws RefusedException {
        return PresenceBody.parse(Json.write(presence), JsonLimits.defaults());
    }

    private static Snowflake id(JsonNode id) throws RefusedException {
        try {
            return Snowflake.parse(id.asText());
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("id", "an unsigned 64-bit id");
        }
    }
}
