package io.forebay.it.bench;

import io.forebay.it.bench.Load.Result;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.events.EventTopics;
import io.forebay.it.process.ChildJvm;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Events in one log: appends, reads, and what an empty disk takes to be restored beside a consumer of the same topic. */
final class EventsBenchmarks {
    private static final int STREAMS = 10_000;
    private static final int TYPES = 100;
    private static final int DOMAINS = 10;
    private static final int BATCH = 100;
    private static final int PAGE = 100;
    private static final String DATA = "{\"pad\":\"" + "x".repeat(180) + "\"}";
    private static final Pattern RESTORED = Pattern.compile("^restored (\\d+) in (\\d+)$", Pattern.MULTILINE);

    private final Arguments arguments;
    private final Report report;
    private final Duration duration;
    private final int connections;

    EventsBenchmarks(Arguments arguments, Report report) {
        this.arguments = arguments;
        this.report = report;
        this.duration = Duration.ofSeconds(arguments.number("seconds", 10));
        this.connections = (int) arguments.number("connections", 32);
    }

    /** Appends by topic, and tells from when on they could be read. */
    void flow(ForebayInstance forebay, EventTopics topics) throws Exception {
        long events = arguments.number("records", 300_000);
        long before = System.nanoTime();
        awaitPosition(forebay.client(), appendAll(forebay, topics, events));
        report.throughput(
                "events by topic to " + STREAMS + " streams, until they are readable",
                "events/s",
                events / seconds(before));
    }

    void appends(ForebayInstance forebay) {
        HttpRequests http = new HttpRequests(forebay.client().base());
        LongFunction<byte[]> oneStream = i -> http.request("POST", "/v1/events", "{\"event\":" + json(i, 0) + "}");
        LongFunction<byte[]> anyStream =
                i -> http.request("POST", "/v1/events", "{\"event\":" + json(i, stream(i)) + "}");
        LongFunction<byte[]> batch = i -> http.request("POST", "/v1/events", batch(i, false));
        LongFunction<byte[]> batchToAny = i -> http.request("POST", "/v1/events", batch(i, true));
        flatOut(http, oneStream, 1, "POST of an event to one stream, to its outcome", "events/s");
        flatOut(http, anyStream, 1, "POST of an event to one of " + STREAMS + " streams", "events/s");
        flatOut(http, batch, BATCH, "POST of " + BATCH + " events to one stream", "events/s");
        flatOut(http, batchToAny, BATCH, "POST of " + BATCH + " events to " + BATCH + " streams", "events/s");
        double rate = arguments.number("writes", 200);
        report.latency(
                "POST of an event, to its outcome", rate, http.load(connections).atRate(anyStream, duration, rate));
    }

    void reads(ForebayInstance forebay) {
        HttpRequests http = new HttpRequests(forebay.client().base());
        String limit = "limit=" + PAGE;
        String middle = forebay.client()
                .get("/v1/events?limit=1&offset=" + arguments.number("records", 300_000) / 2)
                .orFail()
                .json()
                .at("/events/0/inserted_at")
                .asText();
        String cursor = forebay.client()
                .get("/v1/events?limit=1")
                .orFail()
                .json()
                .required("next")
                .asText();
        flatOut(http, i -> http.request("GET", "/livez"), 1, "GET of a fixed answer (/livez)", "requests/s");
        Map<String, LongFunction<String>> pages = Map.of(
                "GET of an event of a stream by version",
                i -> path(0) + "?limit=1&from_version=" + (1 + i % 1000),
                "GET of " + PAGE + " events of a stream by version",
                i -> path(0) + "?" + limit + "&from_version=" + (1 + i % 1000),
                "GET of " + PAGE + " events of a type, with totals",
                i -> "/v1/events?type=" + type(i) + "&" + limit,
                "GET of " + PAGE + " events of a domain and a type, with totals",
                i -> "/v1/events?domain=" + domain(stream(i)) + "&type=" + type(i) + "&" + limit,
                "GET of " + PAGE + " events of all, by cursor",
                i -> "/v1/events?" + limit + "&cursor=" + cursor,
                "GET of " + PAGE + " events of a type since the middle, with totals",
                i -> "/v1/events?type=" + type(i) + "&from=" + ForebayClient.encode(middle) + "&" + limit);
        pages.keySet().stream()
                .sorted()
                .forEach(name -> flatOut(
                        http,
                        i -> http.request(
                                "GET", Objects.requireNonNull(pages.get(name)).apply(i)),
                        1,
                        name,
                        "requests/s"));
    }

    /** After Forebay has ended, whose place in its group a bare run of the same topology takes, on an empty disk. */
    void restore(ForebayInstance ended, java.nio.file.Path state) throws Exception {
        double consumed = consume(ended);
        report.throughput("a consumer of the log alone", "events/s", consumed);
        try (ChildJvm restoring = ChildJvm.java(
                "restoring",
                List.of("-Xmx1g"),
                RestoredLog.class.getName(),
                List.of(
                        ended.bootstrapServers(),
                        ended.registryUrl(),
                        ended.topics().settings().prefix(),
                        state.toString()))) {
            Matcher restored = restoring.awaitOutput(RESTORED, Duration.ofMinutes(5));
            double perSecond = Long.parseLong(restored.group(1)) * 1e3 / Long.parseLong(restored.group(2));
            report.throughput("restore of the log and its indexes", "events/s", perSecond);
            report.ratio("restore of the log / a consumer of it", perSecond / consumed);
        }
    }

    private static double consume(ForebayInstance forebay) {
        TopicPartition log = new TopicPartition(forebay.topics().eventLog().name(), 0);
        Map<String, Object> config = Map.of(
                "bootstrap.servers", forebay.bootstrapServers(),
                "isolation.level", "read_committed",
                "max.poll.records", "1000");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(log));
            consumer.seekToBeginning(List.of(log));
            long end = consumer.endOffsets(List.of(log)).getOrDefault(log, 0L);
            long before = System.nanoTime();
            long events = 0;
            while (consumer.position(log) < end) {
                events += consumer.poll(Duration.ofMillis(200)).count();
            }
            return events / seconds(before);
        }
    }

    private void flatOut(HttpRequests http, LongFunction<byte[]> request, int events, String name, String unit) {
        Load load = http.load(connections);
        load.flatOut(request, duration.dividedBy(2));
        Result result = load.flatOut(request, duration);
        if (result.failures() > 0) {
            throw new IllegalStateException(name + ": " + result.failures() + " requests failed");
        }
        report.throughput(name, unit, result.perSecond() * events);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every result
    private static String appendAll(ForebayInstance forebay, EventTopics topics, long events) {
        String topic = topics.input().name();
        AtomicLong last = new AtomicLong();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", forebay.bootstrapServers(), "acks", "all", "linger.ms", "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long i = 0; i < events; i++) {
                NewEvent event = NewEvent.newBuilder()
                        .setType(type(i))
                        .setDomain(domain(stream(i)))
                        .setInstanceId(instance(stream(i)))
                        .setData(DATA)
                        .build();
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                Path.of(event.getDomain(), event.getInstanceId())
                                        .toBytes(),
                                topics.encode(new EventCommand(new AppendEvents(List.of(event), List.of())))),
                        (metadata, failure) -> {
                            if (failure == null) {
                                last.accumulateAndGet(metadata.offset(), Math::max);
                            }
                        });
            }
            producer.flush();
        }
        return Position.of(topic, 0, last.get()).token();
    }

    private static void awaitPosition(ForebayClient client, String position) {
        Reply reply;
        do {
            reply = client.get("/v1/events?limit=1", position);
        } while (reply.status() == 503);
        reply.orFail();
    }

    private static String batch(long i, boolean toAny) {
        List<String> events = new ArrayList<>(BATCH);
        LongStream.range(i * BATCH, (i + 1) * BATCH).forEach(n -> events.add(json(n, toAny ? stream(n) : 0)));
        return "{\"events\":[" + String.join(",", events) + "]}";
    }

    private static String json(long i, int stream) {
        return "{\"type\":\"" + type(i) + "\",\"domain\":\"" + domain(stream) + "\",\"instance_id\":\""
                + instance(stream) + "\",\"data\":" + DATA + "}";
    }

    private static String path(int stream) {
        return "/v1/events/" + domain(stream) + "/" + instance(stream);
    }

    private static String type(long i) {
        return "type-" + i % TYPES;
    }

    /** Consecutive numbers are streams far apart. */
    private static int stream(long i) {
        return (int) (i * 7919 % STREAMS);
    }

    private static String domain(int stream) {
        return "domain-" + stream / TYPES % DOMAINS;
    }

    private static String instance(int stream) {
        return "instance-" + stream;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
