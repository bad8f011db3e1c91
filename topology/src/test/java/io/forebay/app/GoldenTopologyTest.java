package io.forebay.app;

import io.forebay.cache.CacheDecider;
import io.forebay.cache.CacheStats;
import io.forebay.cache.change.ChangeStats;
import io.forebay.cache.change.ChangesConfig;
import io.forebay.cache.change.ChangesFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.events.EventsConfig;
import io.forebay.events.EventsFlow;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysFlow;
import io.forebay.presence.PresenceConfig;
import io.forebay.presence.PresenceFlow;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.association.PlacesFlow;
import io.forebay.sync.change.RowStats;
import io.forebay.sync.change.RowsFlow;
import io.forebay.sync.definition.DefinitionsFlow;
import io.forebay.sync.definition.SubscriptionRules;
import io.forebay.sync.model.OwnModel;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.subscription.SubscribersFlow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** Node and store names shape changelog topics and metrics: they are public, and do not change by accident. */
class GoldenTopologyTest {

    private static final OutcomeRetention RETENTION = new OutcomeRetention(Duration.ofHours(24), 1);

    private static final Model MODEL = ModelFile.parse("tables: {users: {columns: [id]}}");

    private final TopicCatalogue catalogue = TopicCatalogue.of(CatalogueSettings.defaults());

    @Test
    void presence() throws IOException {
        check(
                "presence",
                (serdes, engine) -> PresenceFlow.topology(
                        catalogue,
                        serdes,
                        engine,
                        PresenceConfig.defaults(),
                        RETENTION,
                        (topic, partition, key, value, result) -> {},
                        new DecidingHealth()));
    }

    @Test
    void keys() throws IOException {
        check(
                "keys",
                (serdes, engine) -> ChangesFlow.addTo(
                        KeysFlow.topology(
                                catalogue,
                                serdes,
                                engine,
                                KeysConfig.defaults(),
                                RETENTION,
                                (topic, partition, key, value, result) -> {},
                                new DecidingHealth(),
                                keys -> new CacheDecider(
                                        keys,
                                        catalogue.keys(),
                                        KeysConfig.defaults(),
                                        new CacheStats((cache, counts) -> {}))),
                        catalogue,
                        serdes,
                        ChangesConfig.defaults(),
                        KeysConfig.defaults(),
                        new DecidingHealth(),
                        new ChangeStats()));
    }

    @Test
    void events() throws IOException {
        check(
                "events",
                (serdes, engine) -> EventsFlow.topology(
                        catalogue,
                        serdes,
                        engine,
                        EventsConfig.defaults(),
                        RETENTION,
                        (topic, partition, key, value, result) -> {},
                        new DecidingHealth()));
    }

    @Test
    void sync() throws IOException {
        check(
                "sync",
                (serdes, engine) -> SubscribersFlow.addTo(
                        DefinitionsFlow.addTo(
                                PlacesFlow.addTo(
                                        RowsFlow.topology(
                                                catalogue,
                                                serdes,
                                                engine,
                                                new OwnModel(MODEL),
                                                SyncConfig.defaults(),
                                                RETENTION,
                                                (topic, partition, key, value, result) -> {},
                                                new DecidingHealth(),
                                                new RowStats()),
                                        catalogue,
                                        serdes,
                                        engine,
                                        SyncConfig.defaults(),
                                        RETENTION,
                                        (topic, partition, key, value, result) -> {},
                                        new DecidingHealth()),
                                catalogue,
                                serdes,
                                engine,
                                MODEL,
                                new SubscriptionRules(AccessRules.open(MODEL)),
                                SyncConfig.defaults(),
                                RETENTION,
                                (topic, partition, key, value, result) -> {},
                                new DecidingHealth()),
                        catalogue,
                        serdes,
                        engine,
                        MODEL,
                        AccessRules.open(MODEL),
                        RETENTION,
                        (topic, partition, key, value, result) -> {},
                        new DecidingHealth()));
    }

    private static void check(String name, BiFunction<AvroSerdes, StoreEngine, Topology> flow) throws IOException {
        try (AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://golden"));
                StoreEngine engine = StoreEngine.create(StoreEngineConfig.defaults())) {
            Golden.check(
                    Path.of("src/test/resources/golden", name + ".topology.txt"),
                    flow.apply(serdes, engine).describe().toString());
        }
    }
}
