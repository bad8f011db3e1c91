package io.forebay.app;

import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.presence.PresenceConfig;
import io.forebay.presence.PresenceFlow;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Node and store names shape changelog topics and metrics: they are public, and do not change by accident. */
class GoldenTopologyTest {

    @Test
    void presence() throws IOException {
        TopicCatalogue catalogue = TopicCatalogue.of(CatalogueSettings.defaults());
        try (AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://golden"));
                StoreEngine engine = StoreEngine.create(StoreEngineConfig.defaults())) {
            String described = PresenceFlow.topology(
                            catalogue,
                            serdes,
                            engine,
                            PresenceConfig.defaults(),
                            new OutcomeRetention(Duration.ofHours(24), 1),
                            (topic, partition, failed) -> {},
                            new DecidingHealth())
                    .describe()
                    .toString();
            Golden.check(Path.of("src/test/resources/golden/presence.topology.txt"), described);
        }
    }
}
