package io.forebay.it.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.routing.KeepingInstance.Get;
import io.forebay.it.routing.KeepingInstance.Kept;
import io.forebay.it.routing.KeepingInstance.Keys;
import io.forebay.it.routing.KeepingInstance.Listed;
import io.forebay.routing.Answer;
import io.forebay.routing.ApplicationInfo.Placement;
import io.forebay.routing.Gathered;
import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.schemas.topic.TopicAdmin;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.schemas.topic.TopicSpec.Cleanup;
import io.forebay.schemas.topic.TopicSpec.Direction;
import io.forebay.schemas.topic.TopicSpec.KeyForm;
import io.forebay.schemas.topic.TopicSpec.TimestampType;
import io.forebay.store.PartitionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterIT {

    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BOOTSTRAP = ClusterProvider.shared().bootstrapServers();

    private final String prefix = ClusterProvider.freshPrefix();
    private final String applicationId = prefix.replace('.', '-') + "keeping";
    private final TopicSpec source = new TopicSpec(
            "input",
            prefix + "input",
            PARTITIONS,
            KeyForm.AS_RECEIVED,
            null,
            "test",
            Direction.IN,
            Cleanup.DELETE,
            null,
            TimestampType.LOG_APPEND_TIME,
            1 << 20,
            KeyPlacement.BY_KEY,
            Map.of());
    private final StoreRef store = new StoreRef(applicationId, KeepingInstance.STORE, source);
    private final Map<HostInfo, KeepingInstance> instances = new ConcurrentHashMap<>();
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) BOOTSTRAP));
    private final KafkaProducer<String, String> producer =
            new KafkaProducer<>(Map.of("bootstrap.servers", BOOTSTRAP), new StringSerializer(), new StringSerializer());

    @TempDir
    private Path directory;

    @BeforeEach
    void createTopic() throws Exception {
        new TopicAdmin(admin, PATIENCE).createMissing(List.of(source), 1);
    }

    @AfterEach
    void close() {
        instances.values().forEach(KeepingInstance::close);
        producer.close();
        admin.close();
    }

    @Test
    void whicheverInstanceIsAskedAnswersTheSame() {
        Router first = start(1).router();
        Router second = start(2).router();
        awaitShares();
        Position position = produce(100);

        Gathered<Listed> one =
                join(first.askAll(store, new Keys(), within(PATIENCE).atLeast(position)));
        Gathered<Listed> other =
                join(second.askAll(store, new Keys(), within(PATIENCE).atLeast(position)));

        assertThat(keys(one)).hasSize(100).isEqualTo(keys(other));
        assertThat(one.answers())
                .extracting(answer -> answer.source().partition())
                .containsExactly(0, 1, 2, 3);
        assertThat(first.instances()).hasSize(2);
        assertThat(first.topology().get(0).partitions()).hasSize(PARTITIONS);
    }

    @Test
    void aReadWaitsForItsOwnWriteWhereverItIsAsked() {
        Router first = start(1).router();
        Router second = start(2).router();
        awaitShares();

        for (int i = 0; i < 50; i++) {
            String key = "key" + i;
            Position written = produce(key, "value" + i);
            assertThat(get(i % 2 == 0 ? first : second, key, written)).isEqualTo("value" + i);
            assertThat(get(i % 2 == 0 ? second : first, key, written)).isEqualTo("value" + i);
        }
    }

    @Test
    void aPartitionThatMovesIsAnsweredForByItsNewOwner() {
        KeepingInstance leaving = start(1);
        Router staying = start(2).router();
        awaitShares();
        Position position = produce(50);
        join(staying.awaitPosition(store, position, PATIENCE));

        stop(leaving);

        assertThat(keys(join(staying.askAll(store, new Keys(), within(PATIENCE).atLeast(position)))))
                .hasSize(50);
    }

    @Test
    void aNewOwnerAnswersOnceItHasWhatTheLogHadWhenItTookOver() {
        produce("key", "outdated");
        produce("key", KeepingInstance.PAUSE);
        produce("key", "value");
        KeepingInstance taking = start(1);
        await().atMost(PATIENCE).until(taking::isPaused);
        byte[] key = "key".getBytes(UTF_8);

        CompletionStage<Answer<Kept>> early =
                taking.router().ask(store, source.partitionFor(key), new Get(key), within(Duration.ofMillis(500)));
        CompletionStage<Answer<Kept>> patient =
                taking.router().ask(store, source.partitionFor(key), new Get(key), within(PATIENCE));

        assertThatThrownBy(() -> join(early)).hasCauseInstanceOf(PositionNotReachedException.class);
        taking.goOn();
        assertThat(join(patient).value().value()).asString(UTF_8).isEqualTo("value");
    }

    @Test
    void theNewOwnerOfAnIdlePartitionGetsToWhatItsGroupHasCommitted() {
        KeepingInstance leaving = start(1);
        KeepingInstance staying = start(2);
        awaitShares();
        Position position = produce(20);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            position =
                    position.merge(send(new ProducerRecord<>(source.name(), partition, "k", KeepingInstance.NOTHING)));
        }
        join(staying.router().awaitPosition(store, position, PATIENCE));
        stop(leaving);

        join(staying.router().awaitPosition(store, position, PATIENCE));

        for (Map.Entry<TopicPartition, Long> reached : position.offsets().entrySet()) {
            PartitionStore kept = staying.store(reached.getKey().partition());
            assertThat(kept).isNotNull();
            assertThat(kept.position()).isGreaterThanOrEqualTo(reached.getValue());
        }
    }

    @Test
    void aPositionThatIsNeverReachedIsToldInTime() {
        Router router = start(1).router();
        Position position = produce("key", "value");
        join(router.awaitPosition(store, position, PATIENCE));
        TopicPartition partition = position.offsets().firstKey();
        Position beyond = Position.of(partition, 1_000_000);

        CompletionStage<Answer<Kept>> asked = router.ask(
                store,
                partition.partition(),
                new Get("key".getBytes(UTF_8)),
                within(Duration.ofMillis(400)).atLeast(beyond));

        assertThatThrownBy(() -> join(asked)).hasCauseInstanceOf(PositionNotReachedException.class);
    }

    @Test
    void partitionsWithoutAnOwnerAreNamedAndNeverLeftOutInSilence() {
        KeepingInstance only = start(1);
        join(only.router().awaitPosition(store, produce("key", "value"), PATIENCE));
        only.all().forEach(application -> application.streams().close());
        ReadOptions whole = within(Duration.ofMillis(300));
        ReadOptions partial = new ReadOptions(Position.empty(), Duration.ofMillis(300), null, true);

        CompletionStage<Gathered<Listed>> failing = only.router().askAll(store, new Keys(), whole);
        Gathered<Listed> missing = join(only.router().askAll(store, new Keys(), partial));

        assertThatThrownBy(() -> join(failing))
                .hasCauseInstanceOf(PartitionUnavailableException.class)
                .hasMessageContaining("[0, 1, 2, 3]");
        assertThat(missing.answers()).isEmpty();
        assertThat(missing.missing()).containsExactly(0, 1, 2, 3);
    }

    private KeepingInstance start(int number) {
        HostInfo self = new HostInfo("localhost", number);
        KeepingInstance started = new KeepingInstance(
                BOOTSTRAP,
                applicationId,
                source.name(),
                directory.resolve(Integer.toString(number)),
                self,
                admin,
                (peer, request, timeout) -> call(peer, request));
        instances.put(self, started);
        return started;
    }

    private CompletionStage<byte[]> call(HostInfo peer, byte[] request) {
        KeepingInstance called = instances.get(peer);
        return called == null
                ? CompletableFuture.failedFuture(new IllegalStateException("nobody listens"))
                : called.router().serve(request);
    }

    private void stop(KeepingInstance leaving) {
        instances.values().remove(leaving);
        leaving.close();
    }

    /** Waits until every instance has a part of the partitions, and every partition an owner. */
    private void awaitShares() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (KeepingInstance instance : instances.values()) {
                List<Placement> placements = instance.router().topology().get(0).partitions();
                assertThat(placements).hasSize(PARTITIONS);
                assertThat(placements).extracting(Placement::owner).containsAll(instances.keySet());
            }
        });
    }

    private Position produce(int keys) {
        Position position = Position.empty();
        for (int i = 0; i < keys; i++) {
            position = position.merge(produce("key" + i, "value" + i));
        }
        return position;
    }

    private Position produce(String key, String value) {
        return send(new ProducerRecord<>(source.name(), key, value));
    }

    private Position send(ProducerRecord<String, String> record) {
        try {
            RecordMetadata written = producer.send(record).get();
            return Position.of(new TopicPartition(written.topic(), written.partition()), written.offset());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String get(Router router, String key, Position atLeast) {
        byte[] bytes = key.getBytes(UTF_8);
        Answer<Kept> answer = join(router.ask(
                store,
                source.partitionFor(bytes),
                new Get(bytes),
                within(PATIENCE).atLeast(atLeast)));
        byte[] value = answer.value().value();
        return value == null ? "" : new String(value, UTF_8);
    }

    private static ReadOptions within(Duration timeout) {
        return ReadOptions.within(timeout);
    }

    private static Set<String> keys(Gathered<Listed> gathered) {
        Set<String> keys = new TreeSet<>();
        gathered.answers().forEach(answer -> keys.addAll(answer.value().keys()));
        return keys;
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
