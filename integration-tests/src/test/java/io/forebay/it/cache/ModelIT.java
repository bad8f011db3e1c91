package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.cache.CacheModel.Entry;
import io.forebay.it.cache.CacheModel.Told;
import io.forebay.it.client.AtOnce;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.client.OwnWrites;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.keys.KeyLog;
import io.forebay.it.keys.KeyTopics;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clients read, load, fill, give up and invalidate at random, at once, by call and by topic, with lifetimes and leases that end meanwhile;
 * then what they were answered is checked against a model in log order. A read has a time of its own, somewhere between request and answer:
 * an entry whose age comes to its lifetime within that may be found or not.
 */
class ModelIT {
    private static final int CLIENTS = 6;
    private static final int OPERATIONS = 2_400;
    private static final String CACHE = "model";

    /** How far the instance's idea of the brokers' time may be behind: what the quickest record took to get there. */
    private static final long CLOCK_BEHIND_MS = 250;

    /** What a command was answered with. */
    private record Answered(TopicPartition partition, long offset, EnumSet<Told> told, String call) {}

    /** What a read found. */
    private record Read(
            int partition,
            long offset,
            String key,
            String value,
            @Nullable Long lifetime,
            long from,
            List<String> differences)
            implements KeyLog.Seen<CacheModel> {
        @Override
        public void check(CacheModel model) {
            Entry entry = model.entries().get(key);
            if (entry == null || !entry.value().equals(value) || !entry.isFresh(lifetime, from - CLOCK_BEHIND_MS)) {
                differences.add(key + " was read as " + value + " for " + lifetime + " s at " + from + ", model has "
                        + entry + " at " + partition + "@" + offset);
            }
        }
    }

    @Test
    void everyAnswerIsThatOfTheLogOrder() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayStack stack = ForebayStack.small(
                        ClusterProvider.shared(), Map.of("forebay.only", "keys", "forebay.cache.lease", "300ms"));
                KeyTopics topics = new KeyTopics(stack)) {
            List<Client> clients = Stream.iterate(0, i -> i + 1)
                    .limit(CLIENTS)
                    .map(i -> new Client(stack.client(), topics, new Random(seed + i)))
                    .toList();
            AtOnce.run(clients);

            Map<Integer, CacheModel> models = KeyLog.replay(
                    topics,
                    CacheModel::new,
                    clients.stream().flatMap(client -> client.reads.stream()).toList());

            assertThat(clients).as("seed=%d", seed).allSatisfy(client -> {
                assertThat(client.differences).isEmpty();
                assertThat(client.answers)
                        .allSatisfy(answer -> assertThat(
                                        models.get(answer.partition().partition()))
                                .satisfies(model -> assertThat(model.answer(answer.offset()))
                                        .as("%s", answer)
                                        .containsAnyElementsOf(answer.told())));
            });
            assertThat(told(clients))
                    .as("seed=%d: what the run came to", seed)
                    .contains(Told.LEASE, Told.KEPT, Told.NOT_KEPT, Told.NOT_HELD, Told.DONE);
            assertThat(clients).anySatisfy(client -> assertThat(client.reads).isNotEmpty());
            assertThat(topics.changes()).as("seed=%d", seed).isEmpty();
            assertThat(topics.deadLetters())
                    .as("seed=%d", seed)
                    .allSatisfy(letter -> assertThat(KeyTopics.header(letter, "forebay.reason"))
                            .isIn("lease_not_held", "reserved_namespace"));
        }
    }

    private static Set<Told> told(List<Client> clients) {
        EnumSet<Told> told = EnumSet.noneOf(Told.class);
        clients.forEach(client -> client.answers.forEach(answer -> told.addAll(answer.told())));
        return told;
    }

    private static final class Client implements Callable<Client> {
        private static final int GROUPS = 2;
        private static final int KEYS = 3;
        private static final int TAGS = 2;

        /** A load under way, or one that took too long. */
        private record Load(String key, String lease) {}

        private final ForebayClient http;
        private final CacheCalls calls;
        private final KeyTopics topics;
        private final TopicSpec input;
        private final Random random;
        private final List<Read> reads = new ArrayList<>();
        private final List<Answered> answers = new ArrayList<>();
        private final List<String> differences = new ArrayList<>();
        private final List<Load> loads = new ArrayList<>();
        private final OwnWrites own = new OwnWrites();

        Client(ForebayClient http, KeyTopics topics, Random random) {
            this.http = http;
            this.calls = new CacheCalls(http, CACHE);
            this.topics = topics;
            this.input = topics.input();
            this.random = random;
        }

        @Override
        public Client call() {
            for (int i = 0; i < OPERATIONS / CLIENTS; i++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> fill();
                    case 3 -> giveUp();
                    case 4 -> invalidate();
                    case 5 -> invalidateMany();
                    case 6 -> putAsKey();
                    default -> read();
                }
            }
            return this;
        }

        private String key() {
            return "g" + random.nextInt(GROUPS) + "/k" + random.nextInt(KEYS);
        }

        private static String path(String key) {
            return "cache%3A" + CACHE + "/" + key;
        }

        private String tag() {
            return "t" + random.nextInt(TAGS);
        }

        private void read() {
            String key = key();
            Long[] lifetimes = {null, null, 0L, 1L, 2L, 600L};
            Long lifetime = lifetimes[random.nextInt(lifetimes.length)];
            long from = System.currentTimeMillis();
            Reply reply = calls.ask(
                    key,
                    lifetime == null ? "\"infinity\"" : Long.toString(lifetime),
                    random.nextInt(4) == 0 ? 1 : 0,
                    own.token());
            if (reply.isSuccess()) {
                int partition = input.partitionFor(Path.parse(path(key)));
                reads.add(new Read(
                        partition, offset(reply, partition), path(key), reply.text(), lifetime, from, differences));
            } else if (!reply.code().equals("load_in_progress")) {
                loads.add(new Load(key, CacheCalls.lease(reply)));
                answered(reply, EnumSet.of(Told.LEASE), "read " + key);
            }
        }

        private void fill() {
            if (loads.isEmpty()) {
                return;
            }
            Load load = loads.get(random.nextInt(loads.size()));
            if (random.nextInt(4) != 0) {
                loads.remove(load);
            }
            String value = "\"" + Long.toHexString(random.nextLong()) + "\"";
            Reply reply = random.nextBoolean()
                    ? calls.fill(load.key(), load.lease(), value, tag())
                    : calls.fill(load.key(), load.lease(), value);
            Told told = reply.text().equals("{\"kept\":true}")
                    ? Told.KEPT
                    : reply.text().equals("{\"kept\":false}") ? Told.NOT_KEPT : notHeld(reply);
            answered(reply, EnumSet.of(told), "fill " + load);
        }

        private void giveUp() {
            if (loads.isEmpty()) {
                return;
            }
            Load load = loads.remove(random.nextInt(loads.size()));
            Reply reply = calls.giveUp(load.key(), load.lease());
            answered(reply, EnumSet.of(reply.isSuccess() ? Told.DONE : notHeld(reply)), "give up " + load);
        }

        private static Told notHeld(Reply reply) {
            assertThat(reply.code()).as(reply.toString()).isEqualTo("lease_not_held");
            return Told.NOT_HELD;
        }

        private void invalidate() {
            String key = key();
            if (random.nextBoolean()) {
                answered(calls.invalidate(key).orFail(), EnumSet.of(Told.DONE), "invalidate " + key);
                return;
            }
            RecordMetadata appended = KeyTopics.get(
                    topics.send(path(key), new KeyCommand(new CacheCommand(new InvalidateKeys(List.of(path(key)))))));
            own.add(appended);
        }

        private void invalidateMany() {
            String tag = tag();
            String match = random.nextBoolean() ? "*/k" + random.nextInt(KEYS) : "g" + random.nextInt(GROUPS) + "/**";
            Reply reply = random.nextBoolean() ? calls.invalidateTag(tag) : calls.invalidateMatch(match);
            answered(reply.orFail(), EnumSet.of(Told.DONE), "invalidate " + tag + " or " + match);
        }

        /** What keys are asked to do with an entry they refuse, and nothing comes of it. */
        private void putAsKey() {
            String key = path(key());
            if (random.nextBoolean()) {
                Reply reply = http.put("/v1/keys/" + key, "\"no entry\"");
                assertThat(reply.code()).isEqualTo("reserved_namespace");
                return;
            }
            PutKey put = PutKey.newBuilder()
                    .setKey(key)
                    .setValue(ByteBuffer.wrap("\"no entry\"".getBytes(StandardCharsets.UTF_8)))
                    .build();
            KeyTopics.get(topics.send(key, new KeyCommand(new PutKeys(List.of(put)))));
        }

        private void answered(Reply reply, EnumSet<Told> told, String call) {
            own.add(reply)
                    .offsets()
                    .forEach((partition, offset) -> answers.add(new Answered(partition, offset, told, call)));
        }

        private long offset(Reply reply, int partition) {
            return own.offset(reply, new TopicPartition(input.name(), partition));
        }
    }
}
