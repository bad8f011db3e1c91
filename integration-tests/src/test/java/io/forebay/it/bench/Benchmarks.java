package io.forebay.it.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.bench.HttpLoad.Result;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.json.Json;
import io.forebay.it.presence.PresenceCalls;
import io.forebay.it.presence.PresenceTopics;
import io.forebay.it.process.ChildJvm;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.position.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What presences carry, beside what their parts carry in the same run: this process drives, the broker and Forebay have processes of
 * their own. Arguments, all optional, as {@code name=value}: {@code records} (of a throughput run), {@code seconds} (of an HTTP run),
 * {@code connections}, {@code rate} (gets a second of the latency run), {@code writes} (writes a second of the latency run), {@code out}
 * (file for the JSON).
 */
public final class Benchmarks {
    private static final int GUILDS = 1_000;
    private static final int USERS_PER_GUILD = 20;
    private static final int VALUE_BYTES = 200;
    private static final int PARTITIONS = 8;

    private final Map<String, String> arguments;
    private final ArrayNode results = Json.array();

    private Benchmarks(Map<String, String> arguments) {
        this.arguments = arguments;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> arguments = new HashMap<>();
        for (String argument : args) {
            String[] parts = argument.split("=", 2);
            if (parts.length == 2) {
                arguments.put(parts[0], parts[1]);
            }
        }
        new Benchmarks(arguments).run();
        Runtime.getRuntime().exit(0);
    }

    private void run() throws Exception {
        Path state = Files.createTempDirectory("bench");
        try (TestCluster cluster = ClusterProvider.inAnotherProcess()) {
            rawProducer(cluster);
            bareTopology(cluster, state);
            try (ForebayInstance forebay = ForebayInstance.start(cluster);
                    PresenceTopics topics = new PresenceTopics(forebay)) {
                presenceFlow(forebay, topics);
                gets(forebay);
                writes(forebay);
            }
        }
        report();
    }

    private void rawProducer(TestCluster cluster) throws Exception {
        String topic = createTopic(cluster);
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster)) {
            produce(producer, topic, number("records", 300_000) / 10);
            double perSecond =
                    timed(number("records", 300_000), () -> produce(producer, topic, number("records", 300_000)));
            throughput("producer alone, " + VALUE_BYTES + " B, acks=all", "records/s", perSecond);
        }
    }

    private void bareTopology(TestCluster cluster, Path state) throws Exception {
        String topic = createTopic(cluster);
        long records = number("records", 300_000);
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
            throughput("bare Streams get and put, exactly-once", "records/s", perSecond);
        }
    }

    private void presenceFlow(ForebayInstance forebay, PresenceTopics topics) throws Exception {
        long records = number("records", 300_000);
        try (KafkaProducer<byte[], byte[]> producer = producer(forebay::bootstrapServers)) {
            double perSecond =
                    timed(records, () -> awaitPosition(forebay.client(), updates(producer, topics, records)));
            throughput("presence flow, updates by topic", "records/s", perSecond);
        }
    }

    private void gets(ForebayInstance forebay) {
        HttpLoad load = new HttpLoad(forebay.client().base(), (int) number("connections", 32));
        Duration duration = Duration.ofSeconds(number("seconds", 10));
        LongFunction<byte[]> get = i -> load.request("GET", PresenceCalls.path(guild(i), user(i)));
        LongFunction<byte[]> fixed = i -> load.request("GET", "/livez");
        load.flatOut(get, duration.dividedBy(2));
        load.flatOut(fixed, duration.dividedBy(2));
        Result fixedFlatOut = load.flatOut(fixed, duration);
        Result getFlatOut = load.flatOut(get, duration);
        throughput("GET of a fixed answer (/livez)", "requests/s", fixedFlatOut.perSecond());
        throughput("GET of a presence", "requests/s", getFlatOut.perSecond());
        double rate = number("rate", (long) (getFlatOut.perSecond() / 4));
        latency("GET of a fixed answer", rate, load.atRate(fixed, duration, rate));
        latency("GET of a presence", rate, load.atRate(get, duration, rate));
    }

    private void writes(ForebayInstance forebay) {
        HttpLoad load = new HttpLoad(forebay.client().base(), (int) number("connections", 32));
        Duration duration = Duration.ofSeconds(number("seconds", 10));
        double rate = number("writes", 200);
        LongFunction<byte[]> patch = i -> load.request(
                "PATCH",
                PresenceCalls.path(guild(i), user(i)),
                "{\"status\":\"" + (i % 2 == 0 ? "idle" : "dnd") + "\",\"n\":" + i + "}");
        load.atRate(patch, duration.dividedBy(2), rate);
        latency("PATCH to its outcome", rate, load.atRate(patch, duration, rate));
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

    private long number(String name, long fallback) {
        String value = arguments.get(name);
        return value == null ? fallback : Long.parseLong(value);
    }

    private void throughput(String what, String unit, double perSecond) {
        results.addObject().put("what", what).put("unit", unit).put("value", Math.round(perSecond));
    }

    private void latency(String what, double rate, Result result) {
        Histogram nanos = result.nanos();
        ObjectNode entry = results.addObject()
                .put("what", what + " at " + Math.round(rate) + "/s")
                .put("unit", "ms")
                .put("achieved_per_second", Math.round(result.perSecond()))
                .put("failures", result.failures());
        entry.put("p50", nanos.getValueAtPercentile(50) / 1e6);
        entry.put("p99", nanos.getValueAtPercentile(99) / 1e6);
        entry.put("max", nanos.getMaxValue() / 1e6);
    }

    private void report() throws IOException {
        System.out.printf("%-50s %12s %10s %10s %10s%n", "what", "per second", "p50 ms", "p99 ms", "max ms");
        results.forEach(entry -> {
            if (entry.has("p50")) {
                System.out.printf(
                        Locale.ROOT,
                        "%-50s %12d %10.2f %10.2f %10.2f%n",
                        entry.get("what").asText(),
                        entry.get("achieved_per_second").asLong(),
                        entry.get("p50").asDouble(),
                        entry.get("p99").asDouble(),
                        entry.get("max").asDouble());
            } else {
                System.out.printf(
                        Locale.ROOT,
                        "%-50s %12d%n",
                        entry.get("what").asText(),
                        entry.get("value").asLong());
            }
        });
        Path out = Path.of(arguments.getOrDefault("out", "integration-tests/target/benchmark.json"));
        if (out.getParent() != null) {
            Files.createDirectories(out.getParent());
        }
        Files.writeString(out, Json.write(results));
        System.out.println("written to " + out);
    }
}
