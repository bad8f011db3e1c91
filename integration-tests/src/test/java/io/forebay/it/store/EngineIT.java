package io.forebay.it.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.process.ChildJvm;
import io.forebay.store.PartitionStore;
import io.forebay.store.Role;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An unclean death under exactly-once: nothing is lost, nothing counted twice, no half of a write set is left. */
class EngineIT {
    private static final int KEYS = 50;
    private static final int ROUND = 4_000;
    private static final int KILLS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path stateDirectory;

    private final String bootstrapServers = ClusterProvider.shared().bootstrapServers();
    private final String prefix = ClusterProvider.freshPrefix();
    private final TopicPartition output = new TopicPartition(CountingApplication.output(prefix), 0);
    private final Map<String, Long> expected = new TreeMap<>();
    private final Map<String, List<Long>> emitted = new HashMap<>();
    private int emittedInAll;
    private int sent;
    private KafkaConsumer<String, byte[]> consumer;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers))) {
            admin.createTopics(List.of(
                            new NewTopic(CountingApplication.input(prefix), Optional.of(1), Optional.empty()),
                            new NewTopic(output.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(output));
        consumer.seekToBeginning(List.of(output));
    }

    @AfterEach
    void stop() {
        producer.close();
        consumer.close();
    }

    @Test
    void countsEveryRecordOnceThroughKills() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildJvm child = child()) {
                produceRound();
                // In the middle: there are uncommitted writes in the store and on their way.
                awaitEmitted(kill * ROUND + ROUND / 2);
                child.kill();
            }
        }
        try (ChildJvm child = child()) {
            awaitEmitted(KILLS * ROUND);
            // What was emitted may all be of the child before: this one may have only just started.
            await("the store of the killed child to be taken for corrupted")
                    .atMost(PATIENCE)
                    .until(() -> child.output().contains("are corrupted and hence need to be re-initialized"));
            assertThat(child.stop(PATIENCE)).isEqualTo(143);
        }

        try (CountingApplication application = CountingApplication.start(bootstrapServers, prefix, stateDirectory)) {
            PartitionStore store = awaitActive(application);

            assertThat(emitted)
                    .allSatisfy((key, counts) -> assertThat(counts)
                            .containsExactlyElementsOf(
                                    LongStream.rangeClosed(1, Objects.requireNonNull(expected.get(key)))
                                            .boxed()
                                            .toList()));
            assertThat(store.position()).isEqualTo(KILLS * ROUND - 1);
            assertHoldsWhatWasCounted(store);
        }
    }

    private void assertHoldsWhatWasCounted(PartitionStore store) {
        expected.forEach((key, count) -> {
            assertThat(CountingApplication.count(store.get(CountingApplication.countKey(key))))
                    .isEqualTo(count);
            assertThat(CountingApplication.count(store.get(CountingApplication.twinKey(key))))
                    .isEqualTo(count);
        });
        try (StoreView view = store.snapshot();
                Scan index = view.scanIndex(new byte[0], null)) {
            int entries = 0;
            while (index.next()) {
                entries++;
            }
            assertThat(entries).isEqualTo(2 * KEYS);
            assertThat(view.count(new byte[] {1})).isEqualTo((long) KILLS * ROUND);
            assertThat(view.count(new byte[] {2})).isEqualTo((long) KILLS * ROUND);
        }
    }

    private ChildJvm child() {
        return ChildJvm.java(
                "counting",
                // The distribution's own logging leaves out what this test looks for.
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dlogback.configurationFile=logback-child.xml"),
                CountingApplication.class.getName(),
                List.of(bootstrapServers, prefix, stateDirectory.toString()));
    }

    private PartitionStore awaitActive(CountingApplication application) {
        await().atMost(PATIENCE).until(() -> {
            PartitionStore store = application.partition(0);
            return store != null && store.role() == Role.ACTIVE;
        });
        return Objects.requireNonNull(application.partition(0));
    }

    private void produceRound() throws Exception {
        List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            String key = "key-" + sent++ % KEYS;
            expected.merge(key, 1L, Long::sum);
            acknowledged.add(producer.send(
                    new ProducerRecord<>(CountingApplication.input(prefix), key.getBytes(UTF_8), new byte[0])));
        }
        for (Future<RecordMetadata> one : acknowledged) {
            one.get();
        }
    }

    private void awaitEmitted(int count) {
        await().atMost(PATIENCE).until(() -> {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                emitted.computeIfAbsent(record.key(), key -> new ArrayList<>())
                        .add(ByteBuffer.wrap(record.value()).getLong());
                emittedInAll++;
            }
            return emittedInAll >= count;
        });
    }
}
