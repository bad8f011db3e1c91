package io.forebay.it.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.schemas.position.Position;
import io.forebay.stream.Feed;
import io.forebay.stream.SnapshotPage;
import io.forebay.stream.StreamChange;
import io.forebay.stream.StreamHub;
import io.forebay.stream.StreamHubConfig;
import io.forebay.stream.StreamRequest;
import io.forebay.stream.StreamStart;
import io.forebay.stream.TooManyStreamsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamHubIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BOOTSTRAP = ClusterProvider.shared().bootstrapServers();

    private final String topic = ClusterProvider.freshPrefix() + "sync";
    private final Feed feed = new Feed("input", topic, StreamHubIT::decode);
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) BOOTSTRAP));
    private final KafkaProducer<String, String> flow = new KafkaProducer<>(
            Map.of("bootstrap.servers", BOOTSTRAP, "transactional.id", topic),
            new StringSerializer(),
            new StringSerializer());
    private final StreamHub hub = hub(20, 3);

    @BeforeEach
    void createTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty())))
                .all()
                .get();
        flow.initTransactions();
    }

    @AfterEach
    void close() {
        hub.close();
        flow.close();
        admin.close();
    }

    @Test
    void committedChangesArriveAndAbortedOnesDoNot() {
        CollectingSink reader = open(StreamStart.now(), null, 0);
        emit(0, 1, true);
        emit(0, 2, false);
        emit(0, 3, true);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reader.changes()).containsExactly("1", "3"));
    }

    @Test
    void aReaderWithoutASnapshotIsCaughtUpAtOnceWithWhatWasThere() {
        emit(0, 4, true);
        emit(1, 7, true);
        emit(0, 5, true);

        CollectingSink reader = open(StreamStart.now(), null, 0, 1);
        emit(0, 6, true);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reader.changes()).containsExactly("6"));
        Position there =
                Position.of(new TopicPartition("input", 0), 5).merge(Position.of(new TopicPartition("input", 1), 7));
        assertThat(reader.events()).startsWith("caught-up {\"position\":\"" + there.token() + "\"}");
    }

    @Test
    void aReaderOfTwoPartitionsGoesOnInBothWhereItStopped() {
        CollectingSink first = open(StreamStart.now(), null, 0, 1);
        emit(0, 1, true);
        emit(1, 2, true);
        await().atMost(PATIENCE).until(() -> first.changes().size() == 2);
        first.disconnect();
        emit(0, 3, true);
        emit(1, 4, true);

        CollectingSink second = open(StreamStart.now(), first.lastId(), 0, 1);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.changes()).containsExactlyInAnyOrder("3", "4"));
    }

    @Test
    void whatLeftTheWindowIsReadFromTheTopic() {
        CollectingSink first = open(StreamStart.now(), null, 0);
        emit(0, 1, true);
        await().atMost(PATIENCE).until(() -> first.changes().size() == 1);
        first.disconnect();
        for (int unit = 2; unit <= 300; unit++) {
            emit(0, unit, unit % 10 != 5);
        }

        CollectingSink second = open(StreamStart.now(), first.lastId(), 0);

        List<String> expected = LongStream.rangeClosed(2, 300)
                .filter(unit -> unit % 10 != 5)
                .mapToObj(Long::toString)
                .toList();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.changes()).isEqualTo(expected));
        assertThat(second.events()).noneMatch(event -> event.startsWith("must-refetch"));
        assertThat(hub.stats().catchUps()).isPositive();
    }

    @Test
    void whatLeftTheTopicIsToldAndAFreshSnapshotFollows() throws Exception {
        CollectingSink first = open(StreamStart.now(), null, 0);
        emit(0, 1, true);
        await().atMost(PATIENCE).until(() -> first.changes().size() == 1);
        first.disconnect();
        for (int unit = 2; unit <= 100; unit++) {
            emit(0, unit, true);
        }
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(150)))
                .all()
                .get();

        CollectingSink second = open(StreamStart.now(), first.lastId(), 0);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(second.events()).first().isEqualTo("must-refetch {\"reason\":\"expired\"}"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.events()).anyMatch(event -> event.startsWith("caught-up")));
    }

    @Test
    void aStreamBeginsBeyondAnyPositionThatTheTopicStillTells() {
        flow.beginTransaction();
        for (int unit = 1; unit <= 1_200; unit++) {
            send(0, unit);
        }
        flow.commitTransaction();

        CollectingSink reader = open(StreamStart.after(Position.of(new TopicPartition("input", 0), 100)), null, 0);

        List<String> expected =
                LongStream.rangeClosed(101, 1_200).mapToObj(Long::toString).toList();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reader.changes()).isEqualTo(expected));
    }

    @Test
    void changesAfterTheSnapshotAreThoseBeyondItsPosition() {
        CollectingSink reader = new CollectingSink();
        hub.open(request(StreamStart.snapshot(), null, 7, 0), reader);
        await().atMost(PATIENCE).until(() -> reader.events().size() == 2);
        for (int unit = 1; unit <= 10; unit++) {
            emit(0, unit, true);
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reader.changes()).containsExactly("8", "9", "10"));
        assertThat(reader.events()).startsWith("snapshot [7]");
    }

    @Test
    void aReaderThatDoesNotReadIsDisconnectedAndMayComeBack() {
        CollectingSink stuck = open(StreamStart.now(), null, 0);
        CollectingSink other = open(StreamStart.now(), null, 0);
        stuck.fill(true);
        for (int unit = 1; unit <= 50; unit++) {
            emit(0, unit, true);
        }
        await().atMost(PATIENCE).until(stuck::isClosed);

        CollectingSink again = open(StreamStart.now(), stuck.lastId(), 0);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(again.changes()).hasSize(50));
        assertThat(other.changes()).hasSize(50);
        assertThat(stuck.events()).hasSize(2).endsWith("disconnect {\"reason\":\"slow_reader\"}");
    }

    @Test
    void heartbeatsCarryAnIdThatDoesNotAge() {
        CollectingSink reader = new CollectingSink();
        StreamRequest everything = request(StreamStart.now(), null, 0, 0);
        hub.open(
                new StreamRequest(
                        feed, everything.partitions(), change -> false, everything.pager(), StreamStart.now(), null),
                reader);
        await().atMost(PATIENCE).until(reader::isOpen);
        String before = reader.lastId();
        emit(0, 1, true);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(reader.lastId()).isNotEqualTo(before));
        assertThat(reader.changes()).isEmpty();
    }

    @Test
    void noMoreStreamsAreServedThanConfigured() {
        try (StreamHub small = hub(20, 1)) {
            small.open(request(StreamStart.now(), null, 0, 0), new CollectingSink());

            assertThatThrownBy(() -> small.open(request(StreamStart.now(), null, 0, 0), new CollectingSink()))
                    .isInstanceOf(TooManyStreamsException.class);
        }
    }

    private CollectingSink open(StreamStart start, @Nullable String lastId, int... partitions) {
        CollectingSink sink = new CollectingSink();
        hub.open(request(start, lastId, 1, partitions), sink);
        await().atMost(PATIENCE).until(sink::isOpen);
        return sink;
    }

    private StreamRequest request(StreamStart start, @Nullable String lastId, long position, int... partitions) {
        TreeSet<Integer> followed = new TreeSet<>();
        for (int partition : partitions) {
            followed.add(partition);
        }
        return new StreamRequest(
                feed,
                followed,
                change -> true,
                (partition, cursor, atLeast) -> {
                    long at = Math.max(position, atLeast);
                    byte[] json = ("[" + at + "]").getBytes(UTF_8);
                    return CompletableFuture.completedFuture(new SnapshotPage(json, new byte[0], true, at, null));
                },
                start,
                lastId);
    }

    /** Emits a unit of one change, in a transaction of its own. */
    private void emit(int partition, long unit, boolean committed) {
        flow.beginTransaction();
        send(partition, unit);
        if (committed) {
            flow.commitTransaction();
        } else {
            flow.flush();
            flow.abortTransaction();
        }
    }

    private void send(int partition, long unit) {
        var unused = flow.send(new ProducerRecord<>(topic, partition, "key", Long.toString(unit)));
    }

    private static StreamChange decode(ConsumerRecord<byte[], byte[]> record) {
        long unit = Long.parseLong(new String(record.value(), UTF_8));
        return new StreamChange(record.key(), unit, unit, true, record.value());
    }

    private static StreamHub hub(int windowChanges, int maxStreams) {
        StreamHubConfig config = new StreamHubConfig(
                maxStreams,
                1 << 20,
                windowChanges,
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                1_000,
                2);
        return new StreamHub(config, Map.of("bootstrap.servers", BOOTSTRAP), System::nanoTime);
    }
}
