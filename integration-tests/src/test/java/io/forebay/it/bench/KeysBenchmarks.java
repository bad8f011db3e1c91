package io.forebay.it.bench;

import io.forebay.it.bench.Load.Result;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Sessions of users as keys, beside the same in Redis. The two promise different things: a put here is in a replicated log and decided
 * when it is answered, a SET there is in memory and on disk within a second. The ratios say what that costs.
 */
final class KeysBenchmarks {
    private static final String NAMESPACE = "bench";
    private static final int SESSIONS = 5;
    private static final int SEVERAL = 10;
    private static final String VALUE = "{\"user\":\"1\",\"pad\":\"" + "x".repeat(180) + "\"}";

    private final Arguments arguments;
    private final Report report;
    private final long keys;
    private final Duration duration;
    private final int connections;

    KeysBenchmarks(Arguments arguments, Report report) {
        this.arguments = arguments;
        this.report = report;
        this.keys = arguments.number("keys", 1_000_000);
        this.duration = Duration.ofSeconds(arguments.number("seconds", 10));
        this.connections = (int) arguments.number("connections", 32);
    }

    /** Figures of one system by what was done. */
    private record Figures(double puts, double gets, double severalGets, double matches) {}

    void both(ForebayInstance forebay, Redis redis) throws Exception {
        Figures theirs = redis(redis);
        Figures ours = forebay(forebay);
        report.ratio("PUT of a key / SET", ours.puts() / theirs.puts());
        report.ratio("GET of a key / GET", ours.gets() / theirs.gets());
        report.ratio("GET of " + SEVERAL + " keys / MGET", ours.severalGets() / theirs.severalGets());
        report.ratio("match of " + SESSIONS + " of " + keys + " keys / SCAN MATCH", ours.matches() / theirs.matches());
    }

    Figures forebay(ForebayInstance forebay) throws Exception {
        ForebayClient client = forebay.client();
        HttpRequests http = new HttpRequests(client.base());
        double loaded = timed(keys, () -> awaitPosition(client, putAll(forebay)));
        report.throughput("puts by topic, until they are readable", "keys/s", loaded);
        Figures figures = measure(
                http.load(connections),
                i -> http.request("PUT", path(i), VALUE),
                i -> http.request("GET", path(i)),
                i -> http.request("POST", "/v1/keys/" + NAMESPACE + ":get", severalPaths(i)),
                "PUT of a key, to its outcome",
                "GET of a key",
                "GET of " + SEVERAL + " keys");
        double matches = timed(
                500,
                () -> repeat(
                        500, i -> match(client, "/v1/keys/" + NAMESPACE + "?match=users/" + user(i) + "/session/*")));
        report.throughput("match of " + SESSIONS + " of " + keys + " keys", "matches/s", matches);
        double rate = arguments.number("writes", 200);
        report.latency(
                "PUT of a key, to its outcome",
                rate,
                http.load(connections).atRate(i -> http.request("PUT", path(i), VALUE), duration, rate));
        return new Figures(figures.puts(), figures.gets(), figures.severalGets(), matches);
    }

    private Figures redis(Redis redis) throws Exception {
        double loaded = timed(keys, () -> redis.pipeline(keys, i -> Redis.command("SET", name(i), VALUE)));
        report.throughput("redis: SET, pipelined", "keys/s", loaded);
        Figures figures = measure(
                redis.load(connections),
                i -> Redis.command("SET", name(i), VALUE),
                i -> Redis.command("GET", name(i)),
                i -> Redis.command(severalNames(i)),
                "redis: SET",
                "redis: GET",
                "redis: MGET of " + SEVERAL);
        double matches = timed(5, () -> repeat(5, i -> found(redis.scan("users:" + user(i) + ":session:*"))));
        report.throughput("redis: SCAN MATCH of " + SESSIONS + " of " + keys + " keys", "matches/s", matches);
        return new Figures(figures.puts(), figures.gets(), figures.severalGets(), matches);
    }

    private Figures measure(
            Load load,
            LongFunction<byte[]> put,
            LongFunction<byte[]> get,
            LongFunction<byte[]> severalGets,
            String putName,
            String getName,
            String severalName) {
        double puts = flatOut(load, put, putName);
        double gets = flatOut(load, get, getName);
        double several = flatOut(load, severalGets, severalName);
        return new Figures(puts, gets, several, 0);
    }

    private double flatOut(Load load, LongFunction<byte[]> request, String name) {
        load.flatOut(request, duration.dividedBy(2));
        Result result = load.flatOut(request, duration);
        if (result.failures() > 0) {
            throw new IllegalStateException(name + ": " + result.failures() + " requests failed");
        }
        report.throughput(name, "requests/s", result.perSecond());
        return result.perSecond();
    }

    /** Puts all keys by topic as fast as the producer takes them; answers the position of the last of each partition. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every result
    private String putAll(ForebayInstance forebay) {
        TopicSpec topic = forebay.topics().keys();
        Map<Integer, Long> last = new ConcurrentHashMap<>();
        ByteBuffer value = ByteBuffer.wrap(VALUE.getBytes(StandardCharsets.UTF_8));
        try (AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", forebay.registryUrl()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", forebay.bootstrapServers(), "acks", "all", "linger.ms", "5"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Serializer<KeyCommand> serializer = serdes.serializer(KeyCommand.class);
            for (long i = 0; i < keys; i++) {
                Path key = Path.of(NAMESPACE, "users", user(i), "session", session(i));
                PutKey put = PutKey.newBuilder()
                        .setKey(key.toString())
                        .setValue(value.duplicate())
                        .build();
                byte[] command = serializer.serialize(topic.name(), new KeyCommand(new PutKeys(List.of(put))));
                producer.send(new ProducerRecord<>(topic.name(), key.toBytes(), command), (metadata, failure) -> {
                    if (failure == null) {
                        last.merge(metadata.partition(), metadata.offset(), Math::max);
                    }
                });
            }
            producer.flush();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        last.forEach((partition, offset) -> offsets.put(new TopicPartition(topic.name(), partition), offset));
        return Position.of(offsets).token();
    }

    private static void awaitPosition(ForebayClient client, String position) {
        Reply reply;
        do {
            reply = client.get("/v1/keys/" + NAMESPACE + "?match=users/0/session/*", position);
        } while (reply.status() == 503);
        reply.orFail();
    }

    private static void match(ForebayClient client, String path) {
        found(client.get(path).orFail().json().required("records").size());
    }

    private static void found(long sessions) {
        if (sessions != SESSIONS) {
            throw new IllegalStateException("a match found " + sessions + " keys, not " + SESSIONS);
        }
    }

    private interface Step {
        void run(long number) throws IOException;
    }

    private static void repeat(long times, Step step) throws IOException {
        for (long i = 0; i < times; i++) {
            step.run(i);
        }
    }

    private interface Timed {
        void run() throws Exception;
    }

    private static double timed(long count, Timed work) throws Exception {
        long before = System.nanoTime();
        work.run();
        return count / ((System.nanoTime() - before) / 1e9);
    }

    private String path(long i) {
        return "/v1/keys/" + NAMESPACE + "/users/" + user(i) + "/session/" + session(i);
    }

    private String name(long i) {
        return "users:" + user(i) + ":session:" + session(i);
    }

    private String severalPaths(long i) {
        List<String> paths = new ArrayList<>();
        for (long j = 0; j < SEVERAL; j++) {
            paths.add("[\"users\",\"" + user(i + j * 7919) + "\",\"session\",\"" + session(i + j) + "\"]");
        }
        return "{\"keys\":[" + String.join(",", paths) + "]}";
    }

    private String[] severalNames(long i) {
        List<String> words = new ArrayList<>(List.of("MGET"));
        for (long j = 0; j < SEVERAL; j++) {
            words.add("users:" + user(i + j * 7919) + ":session:" + session(i + j));
        }
        return words.toArray(String[]::new);
    }

    /** Consecutive numbers are sessions of users far apart, as callers are. */
    private String user(long i) {
        return Long.toString(i % (keys / SESSIONS));
    }

    private String session(long i) {
        return Long.toString(i / (keys / SESSIONS) % SESSIONS);
    }
}
