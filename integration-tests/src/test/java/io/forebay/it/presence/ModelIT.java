package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.AtOnce;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.client.OwnWrites;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clients write and read at random, at once, by call and by topic; then their history is checked against a model.
 *
 * <p>No client waits for another, and still the outcome is not a matter of luck: every write answers the position of its record, and
 * the log of a partition is the order in which its single writer decided. So the history is put in log order and run through the model
 * alone, each outcome compared to what the model answers there, each read to the model's state at the position the read answered, each
 * change in the sync topic to what the model changed at its source.
 */
class ModelIT {
    private static final int CLIENTS = 8;
    private static final int OPERATIONS = 20_000;

    /** What a client saw. Of a write: its record's offset. Of a read: the offset its state was at. */
    private record Seen(
            int partition, long offset, @Nullable Operation write, Check check) {
        /** Reads see the state after the write at the same offset. */
        int rank() {
            return write == null ? 1 : 0;
        }
    }

    /** Compares what a client saw to the model; answers a description of the difference, or null. */
    private interface Check {
        @Nullable
        String against(PresenceModel model, @Nullable JsonNode answer);
    }

    @Test
    void everyOutcomeAndReadIsThatOfTheLogOrder() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayStack stack = ForebayStack.start(ClusterProvider.shared());
                PresenceTopics topics = new PresenceTopics(stack)) {
            List<Client> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> new Client(stack.client(), topics, new RandomPresences(seed + i)))
                    .toList();
            List<Seen> history = new ArrayList<>();
            AtOnce.run(clients).forEach(history::addAll);

            Map<TopicPartition, Map<Long, List<PresenceModel.Change>>> expectedChanges = new HashMap<>();
            List<String> differences = replay(history, topics.input(), expectedChanges);

            assertThat(differences).as("seed=%d", seed).isEmpty();
            assertThat(changeDifferences(topics, expectedChanges))
                    .as("seed=%d", seed)
                    .isEmpty();
            assertThat(topics.deadLetters()).as("seed=%d", seed).isEmpty();
        }
    }

    private static List<String> replay(
            List<Seen> history,
            TopicSpec input,
            Map<TopicPartition, Map<Long, List<PresenceModel.Change>>> expectedChanges) {
        history.sort(Comparator.<Seen>comparingInt(seen -> seen.partition())
                .thenComparingLong(Seen::offset)
                .thenComparingInt(Seen::rank));
        PresenceModel model = new PresenceModel();
        List<String> differences = new ArrayList<>();
        for (Seen seen : history) {
            JsonNode answer = seen.write() == null ? null : seen.write().apply(model);
            List<PresenceModel.Change> changes = model.takeChanges();
            if (!changes.isEmpty()) {
                expectedChanges
                        .computeIfAbsent(new TopicPartition(input.name(), seen.partition()), tp -> new TreeMap<>())
                        .put(seen.offset(), changes);
            }
            String difference = seen.check().against(model, answer);
            if (difference != null) {
                differences.add(seen.partition() + "@" + seen.offset() + " " + seen.write() + ": " + difference);
            }
        }
        return differences;
    }

    /** Compares, source record by source record, what was told with what the model changed. */
    private static List<String> changeDifferences(
            PresenceTopics topics, Map<TopicPartition, Map<Long, List<PresenceModel.Change>>> expected) {
        Map<TopicPartition, Map<Long, List<PresenceModel.Change>>> told = new HashMap<>();
        for (ConsumerRecord<byte[], PresenceChanged> record : topics.changes()) {
            PresenceChanged change = record.value();
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(change.getGuildId());
            told.computeIfAbsent(
                            new TopicPartition(
                                    topics.input().name(), change.getSource().getPartition()),
                            tp -> new TreeMap<>())
                    .computeIfAbsent(change.getSource().getOffset(), offset -> new ArrayList<>())
                    .add(new PresenceModel.Change(
                            change.getGuildId(),
                            change.getUserId(),
                            change.getOld() == null ? null : Json.parse(change.getOld()),
                            change.getNew$() == null ? null : Json.parse(change.getNew$())));
        }
        List<String> differences = new ArrayList<>();
        for (TopicPartition partition : union(expected, told)) {
            Map<Long, List<PresenceModel.Change>> wanted = expected.getOrDefault(partition, Map.of());
            Map<Long, List<PresenceModel.Change>> got = told.getOrDefault(partition, Map.of());
            for (Long offset : union(wanted, got)) {
                Map<String, PresenceModel.Change> byUser = byUser(got.getOrDefault(offset, List.of()), differences);
                Map<String, PresenceModel.Change> wantedByUser =
                        byUser(wanted.getOrDefault(offset, List.of()), differences);
                for (String user : union(byUser, wantedByUser)) {
                    PresenceModel.Change want = wantedByUser.get(user);
                    PresenceModel.Change have = byUser.get(user);
                    if (want == null
                            || have == null
                            || !Json.sameValue(want.before(), have.before())
                            || !Json.sameValue(want.after(), have.after())) {
                        differences.add(partition + "@" + offset + ": expected " + want + ", told " + have);
                    }
                }
            }
        }
        return differences;
    }

    private static Map<String, PresenceModel.Change> byUser(
            List<PresenceModel.Change> changes, List<String> differences) {
        Map<String, PresenceModel.Change> byUser = new TreeMap<>();
        for (PresenceModel.Change change : changes) {
            if (byUser.put(change.guild() + "/" + change.user(), change) != null) {
                differences.add("two changes of one presence at one record: " + change);
            }
        }
        return byUser;
    }

    private static <K, V> List<K> union(Map<K, V> one, Map<K, V> other) {
        java.util.LinkedHashSet<K> keys = new java.util.LinkedHashSet<>(one.keySet());
        keys.addAll(other.keySet());
        return List.copyOf(keys);
    }

    /** One client: half of its operations by topic, half by call, every read at or after its own last write. */
    private static final class Client implements Callable<List<Seen>> {
        private final ForebayClient http;
        private final PresenceCalls calls;
        private final PresenceTopics topics;
        private final RandomPresences random;
        private final TopicSpec input;
        private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
        private final OwnWrites own = new OwnWrites();

        Client(ForebayClient http, PresenceTopics topics, RandomPresences random) {
            this.http = http;
            this.calls = new PresenceCalls(http);
            this.topics = topics;
            this.random = random;
            this.input = topics.input();
        }

        @Override
        public List<Seen> call() {
            for (int i = 0; i < OPERATIONS / CLIENTS; i++) {
                if (random.oneIn(2)) {
                    writeByTopic(random.operation());
                } else if (random.oneIn(3)) {
                    read();
                } else {
                    writeByCall(random.operation());
                }
            }
            return seen;
        }

        private void writeByTopic(Operation operation) {
            RecordMetadata appended = PresenceTopics.get(topics.send(operation.guild(), operation.command()));
            own.add(appended);
            seen.add(new Seen(appended.partition(), appended.offset(), operation, (model, answer) -> null));
        }

        private void writeByCall(Operation operation) {
            Reply reply = operation.call(http).send().orFail();
            TopicPartition partition = partitionOf(operation.guild());
            long offset = own.add(reply).offset(partition).orElseThrow();
            seen.add(new Seen(partition.partition(), offset, operation, (model, answer) -> {
                if (answer == null) {
                    return null;
                }
                return describe(Json.differences(answer, reply.json()));
            }));
        }

        private void read() {
            String guild = random.guild();
            String user = random.user();
            if (random.oneIn(3)) {
                PresenceCalls.Listing listing = calls.list("guild=" + guild, 1000, own.token());
                see(guild, listing.position(), model -> Json.differences(model.list(guild), listing.presences()));
            } else if (random.oneIn(3)) {
                Reply reply = calls.counts(guild, own.token()).orFail();
                see(
                        guild,
                        reply.position(),
                        model -> count(reply) == model.count(guild)
                                ? List.of()
                                : List.of("expected " + model.count(guild) + ", was " + reply.text()));
            } else {
                Reply reply = http.get(PresenceCalls.path(guild, user), own.token());
                see(guild, reply.position(), model -> getDifferences(model.get(guild, user), reply));
            }
        }

        private static List<String> getDifferences(@Nullable JsonNode expected, Reply reply) {
            if (reply.status() == 404 && reply.code().equals("presence_not_found")) {
                return expected == null ? List.of() : List.of("expected " + expected + ", was not found");
            }
            return Json.differences(expected, reply.orFail().json());
        }

        private static int count(Reply reply) {
            return reply.json().required("total").asInt();
        }

        private void see(String guild, @Nullable String position, Function<PresenceModel, List<String>> check) {
            TopicPartition partition = partitionOf(guild);
            long at = own.offset(position, partition);
            seen.add(new Seen(partition.partition(), at, null, (model, answer) -> describe(check.apply(model))));
        }

        private TopicPartition partitionOf(String guild) {
            return new TopicPartition(input.name(), input.partitionFor(guild.getBytes(StandardCharsets.UTF_8)));
        }

        private static @Nullable String describe(List<String> differences) {
            return differences.isEmpty() ? null : String.join("; ", differences);
        }
    }
}
