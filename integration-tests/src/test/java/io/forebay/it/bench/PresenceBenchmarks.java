package io.forebay.it.bench;

import io.forebay.it.bench.Load.Result;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.presence.PresenceCalls;
import io.forebay.it.presence.PresenceTopics;
import io.forebay.it.process.ChildJvm;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.position.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Presences, beside what their parts carry. */
final class PresenceBenchmarks {
    private static final int GUILDS = 1_000;
    private static final int USERS_PER_GUILD = 20;
    private static final int VALUE_BYTES = 200;
    private static final int PARTITIONS = 8;

    private final Arguments arguments;
    private final Report report;

    PresenceBenchmarks(Arguments arguments, Report report) {
        this.arguments = arguments;
        this.report = report;
    }

    void rawProducer(TestCluster cluster) throws Exception {
        String topic = createTopic(cluster);
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster)) {
            produce(producer, topic, arguments.number("records", 300_000) / 10);
            double perSecond = timed(
                    arguments.number("records", 300_000),
                    () -> produce(producer, topic, arguments.number("records", 300_000)));
            report.throughput("producer alone, " + VALUE_BYTES + " B, acks=all", "records/s", perSecond);
        }
    }

    void bareTopology(TestCluster cluster, Path state) throws Exception {
        String topic = createTopic(cluster);
        long records = arguments.number("records", 300_000);
        try (ChildJvm bare = ChildJvm.java(
                        "bare",
                        List.of("-Xmx1g"),
                        BareTopology.class.getName(),
                        List.of(cluster.bootstrapServers(), topic, state.toString(), Long.toString(records)));
                KafkaProducer<byte[], byte[]> producer = producer(cluster)) {
            bare.awaitOutput(Pattern.compile("running"), Duration.ofSeconds(60));
            double perSecond = timed(records, () -> {
                produce(producer, topic, records);
                bare.awaitOutput(Pattern.compile("done"), Duration.ofMinutes(5));
            });
            report.throughput("bare Streams get and put, exactly-once", "records/s", perSecond);
        }
    }

    void flow(ForebayInstance forebay, PresenceTopics topics) throws Exception {
        long records = arguments.number("records", 300_000);
        try (KafkaProducer<byte[], byte[]> producer = producer(forebay::bootstrapServers)) {
            double perSecond =
                    timed(records, () -> awaitPosition(forebay.client(), updates(producer, topics, records)));
            report.throughput("presence flow, updates by topic", "records/s", perSecond);
        }
    }

    void gets(ForebayInstance forebay) {
        HttpRequests http = new HttpRequests(forebay.client().base());
        Load load = http.load((int) arguments.number("connections", 32));
        Duration duration = Duration.ofSeconds(arguments.number("seconds", 10));
        LongFunction<byte[]> get = i -> http.request("GET", PresenceCalls.path(guild(i), user(i)));
        LongFunction<byte[]> fixed = i -> http.request("GET", "/livez");
        load.flatOut(get, duration.dividedBy(2));
        load.flatOut(fixed, duration.dividedBy(2));
        Result fixedFlatOut = load.flatOut(fixed, duration);
        Result getFlatOut = load.flatOut(get, duration);
        report.throughput("GET of a fixed answer (/livez)", "requests/s", fixedFlatOut.perSecond());
        report.throughput("GET of a presence", "requests/s", getFlatOut.perSecond());
        double rate = arguments.number("rate", (long) (getFlatOut.perSecond() / 4));
        report.latency("GET of a fixed answer", rate, load.atRate(fixed, duration, rate));
        report.latency("GET of a presence", rate, load.atRate(get, duration, rate));
    }

    void writes(ForebayInstance forebay) {
        HttpRequests http = new HttpRequests(forebay.client().base());
        Load load = http.load((int) arguments.number("connections", 32));
        Duration duration = Duration.ofSeconds(arguments.number("seconds", 10));
        double rate = arguments.number("writes", 200);
        LongFunction<byte[]> patch = i -> http.request(
                "PATCH",
                PresenceCalls.path(guild(i), user(i)),
                "{\"status\":\"" + (i % 2 == 0 ? "idle" : "dnd") + "\",\"n\":" + i + "}");
        load.atRate(patch, duration.dividedBy(2), rate);
        report.latency("PATCH to its outcome", rate, load.atRate(patch, duration, rate));
    }

    private static void awaitPosition(ForebayClient client, String position) {
        Reply reply;
        do {
            reply = client.get("/v1/presences?limit=1", position);
        } while (reply.status() == 503);
        reply.orFail();
    }

    /** Produces updates as fast as the producer takes them; answers the position of the last of each partition. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every result
    private static String updates(KafkaProducer<byte[], byte[]> producer, PresenceTopics topics, long records) {
        Map<Integer, Long> last = new ConcurrentHashMap<>();
        String padding = "x".repeat(VALUE_BYTES - 100);
        for (long i = 0; i < records; i++) {
            byte[] value = topics.encode(new PresenceCommand(UpdatePresence.newBuilder()
                    .setUserId(user(i))
                    .setPresence("{\"user\":{\"id\":\"" + user(i) + "\"},\"status\":\""
                            + (i / (GUILDS * USERS_PER_GUILD) % 2 == 0 ? "online" : "idle")
                            + "\",\"activities\":[],\"pad\":\""
                            + padding + "\"}")
                    .build()));
            producer.send(
                    new ProducerRecord<>(topics.input().name(), guild(i).getBytes(StandardCharsets.UTF_8), value),
                    (metadata, failure) -> {
                        if (failure == null) {
                            last.merge(metadata.partition(), metadata.offset(), Math::max);
                        }
                    });
        }
        producer.flush();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        last.forEach((partition, offset) ->
                offsets.put(new TopicPartition(topics.input().name(), partition), offset));
        return Position.of(offsets).token();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every failure
    private static void produce(KafkaProducer<byte[], byte[]> producer, String topic, long records) {
        for (long i = 0; i < records; i++) {
            byte[] value = ByteBuffer.allocate(VALUE_BYTES)
                    .putLong(i % (GUILDS * USERS_PER_GUILD))
                    .putLong(i)
                    .array();
            producer.send(
                    new ProducerRecord<>(topic, guild(i).getBytes(StandardCharsets.UTF_8), value), (m, failure) -> {
                        if (failure != null) {
                            throw new IllegalStateException(failure);
                        }
                    });
        }
        producer.flush();
    }

    private static KafkaProducer<byte[], byte[]> producer(TestCluster cluster) {
        return producer(cluster::bootstrapServers);
    }

    private static KafkaProducer<byte[], byte[]> producer(java.util.function.Supplier<String> servers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.get(), "acks", "all", "linger.ms", "5", "batch.size", "65536"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static String createTopic(TestCluster cluster) throws ExecutionException, InterruptedException {
        String topic = ClusterProvider.freshPrefix() + "bench";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) cluster.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get();
        }
        return topic;
    }

    private static String guild(long i) {
        return Long.toString(1_000_000 + i % GUILDS);
    }

    private static String user(long i) {
        return Long.toString(1 + i / GUILDS % USERS_PER_GUILD);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static double timed(long count, Step step) throws Exception {
        long before = System.nanoTime();
        step.run();
        return count / ((System.nanoTime() - before) / 1e9);
    }
}
