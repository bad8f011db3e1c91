package io.forebay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.position.Position;
import io.forebay.stream.StreamReader.Resume;
import io.forebay.stream.StreamReader.Services;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readers against everything that can come between: pages of any position, commits and windows that lag, full sinks, connections cut anywhere, topics
 * truncated. Whatever the order of events, each change's old value is what the client has, and in the end the client has the state. A client that wants
 * no snapshot reads the state by itself when it is told that it is caught up; what it reads may have changes that it is yet to be sent.
 */
class StreamReaderModelTest {

    private static final ChangeCodec CODEC = record -> {
        throw new UnsupportedOperationException();
    };
    private static final Feed FEED = new Feed("input", "sync", CODEC);
    private static final Feed LOG = new Feed("input", "sync", CODEC, true, ChangeOpener.NONE);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aClientThatAppliesWhatItIsSentHasTheState(int partitions) {
        play(partitions, FEED, 1_500);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aClientOfALogThatGoesOnInTheMiddleOfASnapshotHasItWhole(int partitions) {
        play(partitions, LOG, 300);
    }

    private static void play(int partitions, Feed feed, int rounds) {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int round = 0; round < rounds; round++) {
            long of = seed + round;
            try {
                new Run(new Random(of), partitions, feed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + of + " with " + partitions + " partitions", e);
            }
        }
    }

    private static final class Run {

        private final Random random;
        private final Feed feed;
        private final List<SimulatedPartition> partitions;
        private final SimulatedLog log;
        private final Deque<Runnable> work = new ArrayDeque<>();
        private final List<Runnable> pages = new ArrayList<>();
        private final String prefix;
        private final Services services;
        private final int pageSize;
        private StreamStart start = StreamStart.snapshot();
        private long now;
        private final Client client;

        Run(Random random, int count, Feed feed) {
            this.random = random;
            this.feed = new Feed(feed.sourceTopic(), feed.syncTopic(), feed.codec(), feed.isLog(), this::opened);
            this.client = new Client(this::stateSince, feed.isLog());
            this.partitions = IntStream.range(0, count)
                    .mapToObj(i -> new SimulatedPartition(i, random, feed.isLog()))
                    .toList();
            this.log = new SimulatedLog(partitions, 8 + random.nextInt(40));
            this.prefix = random.nextBoolean() && !feed.isLog() ? "a" : "";
            this.pageSize = 6 + random.nextInt(10);
            StreamHubConfig config = StreamHubConfig.defaults();
            this.services = new Services(
                    config, log, work::add, (task, after) -> work.add(task), () -> now, new Counters(), reader -> {});
            for (int i = random.nextInt(40); i > 0; i--) {
                step();
            }
            int way = random.nextInt(6);
            if (way < 2) {
                this.start = StreamStart.after(clientHasStateSince());
            } else if (way == 2) {
                this.start = StreamStart.now(random.nextBoolean() ? Position.empty() : decided());
            }
            connect();
        }

        /** How far owners are, who may be ahead of the topic. */
        private Position decided() {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (SimulatedPartition partition : partitions) {
                if (partition.position() >= 0) {
                    offsets.put(
                            new TopicPartition(FEED.sourceTopic(), partitions.indexOf(partition)),
                            partition.position());
                }
            }
            return Position.of(offsets);
        }

        /** Gives the client the state of some position, as if it had read it by itself. */
        private Position clientHasStateSince() {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (int i = 0; i < partitions.size(); i++) {
                SimulatedPartition partition = partitions.get(i);
                partition.process();
                long offset = random.nextInt((int) partition.position() + 1);
                offsets.put(new TopicPartition(FEED.sourceTopic(), i), offset);
                client.state.putAll(partition.stateAt(offset));
            }
            client.state.keySet().removeIf(key -> !key.startsWith(prefix));
            client.inSnapshot = false;
            client.hasSnapshot = true;
            return Position.of(offsets);
        }

        /** What a read answers that wants at least this position. */
        private Map<String, String> stateSince(Position position) {
            Map<String, String> state = new TreeMap<>();
            for (int i = 0; i < partitions.size(); i++) {
                SimulatedPartition partition = partitions.get(i);
                long least = position.offset(new TopicPartition(FEED.sourceTopic(), i))
                        .orElse(-1);
                assertThat(least).isLessThanOrEqualTo(partition.position());
                state.putAll(partition.stateAt(least + random.nextInt((int) (partition.position() - least) + 1)));
            }
            state.keySet().removeIf(key -> !key.startsWith(prefix));
            return state;
        }

        private void connect() {
            String lastId = client.lastId;
            Resume resume = lastId == null ? null : new Resume(StreamToken.parse(lastId));
            TreeSet<Integer> all =
                    IntStream.range(0, partitions.size()).boxed().collect(Collectors.toCollection(TreeSet::new));
            StreamRequest request = new StreamRequest(
                    feed, all, change -> text(change.key()).startsWith(prefix), this::page, start, lastId);
            new StreamReader(request, client.connected(), resume, services).start();
        }

        private CompletableFuture<SnapshotPage> page(int partition, @Nullable Object cursor, long atLeast) {
            CompletableFuture<SnapshotPage> page = new CompletableFuture<>();
            pages.add(() -> {
                SimulatedPartition from = partitions.get(partition);
                // Now and then an owner that was deposed answers, and has not seen what it should.
                long least = random.nextInt(8) == 0 ? Math.max(-1, atLeast - 3) : atLeast;
                long position = least + random.nextInt((int) (from.position() - least) + 1);
                page.complete(pageAt(from.stateAt(position), position, (String) cursor));
            });
            return page;
        }

        /** Opens changes in a while; now and then it does not work out. */
        private CompletableFuture<List<byte[]>> opened(
                int partition, List<StreamChange> changes, Iterable<StreamChange> ahead, long since) {
            assertThat(changes).isNotEmpty().allMatch(StreamChange::closed);
            assertThat(ahead).allMatch(StreamChange::closed).doesNotContainAnyElementsOf(changes);
            CompletableFuture<List<byte[]>> opened = new CompletableFuture<>();
            pages.add(() -> {
                if (random.nextInt(4) == 0) {
                    opened.completeExceptionally(new IllegalStateException("not now"));
                } else {
                    opened.complete(changes.stream()
                            .map(change -> SimulatedPartition.reversed(change.json()))
                            .toList());
                }
            });
            return opened;
        }

        private SnapshotPage pageAt(Map<String, String> state, long position, @Nullable String after) {
            List<Map.Entry<String, String>> rest = new TreeMap<>(state)
                    .entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith(prefix)
                                    && (after == null || entry.getKey().compareTo(after) > 0))
                            .toList();
            List<Map.Entry<String, String>> shown = rest.subList(0, Math.min(pageSize, rest.size()));
            boolean last = shown.size() == rest.size();
            String lastKey = last ? "" : shown.get(shown.size() - 1).getKey();
            String json = shown.stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(","));
            long lastSource = last || !feed.isLog()
                    ? -1
                    : SimulatedPartition.writtenAt(shown.get(shown.size() - 1).getValue());
            return new SnapshotPage(bytes(json), bytes(lastKey), last, position, last ? null : lastKey, lastSource);
        }

        void play() {
            for (int i = 0; i < 300; i++) {
                step();
                if (random.nextInt(60) == 0) {
                    client.cut();
                }
                if (random.nextInt(100) == 0) {
                    log.truncate();
                }
                if (client.closed && random.nextInt(3) == 0) {
                    connect();
                }
            }
            settle();
            Map<String, String> expected = new TreeMap<>();
            for (SimulatedPartition partition : partitions) {
                expected.putAll(partition.stateAt(partition.position()));
            }
            expected.keySet().removeIf(key -> !key.startsWith(prefix));
            assertThat(client.hasSnapshot || feed.isLog()).isTrue();
            assertThat(client.state).isEqualTo(expected);
        }

        private void step() {
            int partition = random.nextInt(partitions.size());
            switch (random.nextInt(8)) {
                case 0, 1 -> partitions.get(partition).process();
                case 2 -> partitions.get(partition).commit();
                case 3 -> log.tail(partition, random.nextInt(6));
                case 4 -> answerPage();
                case 5 -> client.read(random.nextInt(5));
                default -> runSome(random.nextInt(4));
            }
        }

        private void answerPage() {
            if (!pages.isEmpty()) {
                pages.remove(random.nextInt(pages.size())).run();
            }
        }

        private void runSome(int most) {
            for (int left = most; left > 0 && !work.isEmpty(); left--) {
                work.remove().run();
            }
        }

        private void settle() {
            partitions.forEach(SimulatedPartition::finish);
            for (int i = 0; i < 10_000; i++) {
                for (int partition = 0; partition < partitions.size(); partition++) {
                    log.tail(partition, 5);
                }
                if (client.closed) {
                    connect();
                }
                runSome(50);
                answerPage();
                client.read(100);
                boolean quiet = work.isEmpty() && pages.isEmpty() && client.isEmpty() && !client.closed;
                if (quiet && i > 1_000) {
                    return;
                }
            }
            throw new AssertionError("it does not settle");
        }

        /** A client that applies messages to a map, a unit at a time, and remembers the last id. */
        private static final class Client {

            private static final int ROOM = 3;

            private final Map<String, String> state = new TreeMap<>();
            private final Deque<Message> arriving = new ArrayDeque<>();
            private final List<String> unit = new ArrayList<>();
            private @Nullable String lastId;
            private boolean closed = true;
            private final Function<Position, Map<String, String>> reads;
            private boolean hasSnapshot;
            private boolean inSnapshot = true;
            private boolean paged;
            /** Whether the state may be ahead of the changes, as one that was read by itself is. */
            private boolean ahead;

            private final boolean ofLog;

            private Connection connection = new Connection(this);

            Client(Function<Position, Map<String, String>> reads, boolean ofLog) {
                this.reads = reads;
                this.ofLog = ofLog;
            }

            private record Message(
                    @Nullable String id, @Nullable String event, String data) {}

            EventSink connected() {
                closed = false;
                connection = new Connection(this);
                unit.clear();
                arriving.clear();
                return connection;
            }

            void cut() {
                if (!closed) {
                    closed = true;
                    arriving.clear();
                    connection.ended.run();
                }
            }

            boolean isEmpty() {
                return arriving.isEmpty();
            }

            void read(int most) {
                for (int left = most; left > 0 && !arriving.isEmpty(); left--) {
                    boolean wasFull = isFull();
                    receive(arriving.remove());
                    if (wasFull && !isFull()) {
                        connection.drained.run();
                    }
                }
            }

            private void receive(Message message) {
                boolean moved = message.id() != null && !message.id().equals(lastId);
                if (message.event() != null) {
                    switch (message.event()) {
                        case "must-refetch" -> startOver();
                        case "snapshot" -> takePage(message.data());
                        case "caught-up" -> catchUp(message.data());
                        case "change" -> {
                            unit.add(message.data());
                            if (moved) {
                                unit.forEach(this::apply);
                                unit.clear();
                            }
                        }
                        case "disconnect" -> {}
                        default -> throw new AssertionError(message.event());
                    }
                }
                if (message.id() != null) {
                    lastId = message.id();
                }
            }

            /** A client that is sent no pages reads the state, at the position that it is told or beyond. */
            private void catchUp(String data) {
                if (!paged) {
                    ahead = true;
                    state.putAll(reads.apply(Position.parse(data.replaceAll(".*\"position\":\"(.*)\"}", "$1"))));
                }
                inSnapshot = false;
                hasSnapshot = true;
            }

            private void startOver() {
                state.clear();
                unit.clear();
                paged = false;
                ahead = false;
                inSnapshot = true;
                hasSnapshot = false;
            }

            private void takePage(String data) {
                assertThat(inSnapshot).isTrue();
                paged = true;
                for (String entry : data.split(",", -1)) {
                    if (!entry.isEmpty()) {
                        String[] parts = entry.split("=", -1);
                        assertThat(state.put(parts[0], parts[1])).isNull();
                    }
                }
            }

            private void apply(String change) {
                String[] parts = change.split("\\|", -1);
                if (ofLog) {
                    // Whoever was cut off in its snapshot goes on with changes.
                    inSnapshot = false;
                }
                assertThat(inSnapshot).isFalse();
                if (!ahead) {
                    assertThat(state.getOrDefault(parts[0], "")).as(change).isEqualTo(parts[1]);
                }
                if (parts[2].isEmpty()) {
                    state.remove(parts[0]);
                } else {
                    state.put(parts[0], parts[2]);
                }
            }

            boolean isFull() {
                return arriving.size() >= ROOM;
            }
        }

        /** One connection of the client; what a reader sends on a former one is lost. */
        private static final class Connection implements EventSink {

            private final Client client;
            private Runnable drained = () -> {};
            private Runnable ended = () -> {};

            Connection(Client client) {
                this.client = client;
            }

            private boolean isCurrent() {
                return client.connection == this && !client.closed;
            }

            @Override
            public boolean isFull() {
                return isCurrent() && client.isFull();
            }

            @Override
            public void send(@Nullable String id, @Nullable String event, byte @Nullable [] data) {
                if (isCurrent()) {
                    client.arriving.add(new Client.Message(id, event, data == null ? "" : text(data)));
                }
            }

            @Override
            public void onDrain(Runnable action) {
                drained = action;
            }

            @Override
            public void onClose(Runnable action) {
                ended = action;
            }

            @Override
            public void close() {
                if (isCurrent()) {
                    // What was sent still arrives.
                    client.read(Integer.MAX_VALUE);
                    client.closed = true;
                }
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
