package io.forebay.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.schemas.position.Position;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the router does with clients that are not running: it needs no broker for that. */
class RouterTest {

    private static final Map<String, Object> NOBODY = Map.of("bootstrap.servers", "127.0.0.1:1");

    private static final TopicCatalogue TOPICS = TopicCatalogue.of(CatalogueSettings.defaults());

    private static final StoreRef STORE = new StoreRef("forebay-presence", "presences", TOPICS.presence());

    @Test
    void aQuestionToAnApplicationThatHasNotStartedYetFindsNobodyToAnswer(@TempDir Path state) {
        try (KafkaStreams created = streams(state)) {
            assertThatThrownBy(() -> ask(created))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(PartitionUnavailableException.class);
        }
    }

    @Test
    void aQuestionToAnApplicationThatHasEndedFindsNobodyToAnswer(@TempDir Path state) {
        KafkaStreams ended = streams(state);
        ended.close();

        assertThatThrownBy(() -> ask(ended))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(PartitionUnavailableException.class);
    }

    @Test
    void anApplicationThatHasNotStartedYetHasNoPlaces(@TempDir Path state) {
        try (KafkaStreams created = streams(state);
                StoreEngine engine = StoreEngine.create(new StoreEngineConfig(16 << 20));
                Admin admin = Admin.create(NOBODY);
                Router router = router(created, engine, admin)) {
            assertThat(router.topology())
                    .singleElement()
                    .satisfies(
                            application -> assertThat(application.partitions()).isEmpty());
        }
    }

    @Test
    void whatAGroupHasCommittedIsNotKnownWithoutACluster(@TempDir Path state) {
        try (KafkaStreams created = streams(state);
                StoreEngine engine = StoreEngine.create(new StoreEngineConfig(16 << 20));
                Admin admin = Admin.create(NOBODY);
                Router router = router(created, engine, admin)) {
            assertThat(committed(router, Position.empty())).isCompleted();
            assertThatThrownBy(
                            () -> committed(router, Position.of("topic", 0, 0)).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(PositionNotReachedException.class);
        }
    }

    private static CompletableFuture<@Nullable Void> committed(Router router, Position position) {
        return router.awaitCommitted("group", position, Duration.ofMillis(50)).toCompletableFuture();
    }

    private static void ask(KafkaStreams streams) throws ExecutionException, InterruptedException {
        try (StoreEngine engine = StoreEngine.create(new StoreEngineConfig(16 << 20));
                Admin admin = Admin.create(NOBODY);
                Router router = router(streams, engine, admin)) {
            router.ask(STORE, 0, new PositionQuery(), ReadOptions.within(Duration.ofMillis(50)))
                    .toCompletableFuture()
                    .get();
        }
    }

    private static Router router(KafkaStreams streams, StoreEngine engine, Admin admin) {
        RunningApplication application = new RunningApplication(STORE.application(), streams, engine);
        return new Router(
                new RouterConfig(() -> new HostInfo("127.0.0.1", 1), 1, 1),
                new Applications() {
                    @Override
                    public @Nullable RunningApplication find(String name) {
                        return application;
                    }

                    @Override
                    public Collection<RunningApplication> all() {
                        return List.of(application);
                    }
                },
                new QueryRegistry(),
                (peer, request, timeout) -> CompletableFuture.failedFuture(new AssertionError("nobody is to be asked")),
                admin,
                Clock.systemUTC(),
                System::nanoTime);
    }

    private static KafkaStreams streams(Path state) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("anything");
        Properties properties = new Properties();
        properties.putAll(NOBODY);
        properties.put("application.id", STORE.application());
        properties.put("state.dir", state.toString());
        return new KafkaStreams(builder.build(), properties);
    }
}
