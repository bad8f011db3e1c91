package io.forebay.it.bench;

import io.forebay.it.bench.Load.Result;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.it.sync.Models;
import io.forebay.it.sync.ToldTopics;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.avro.ToldOperation;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Changes of rows on their way to a subscriber, who hears of all of them, while others subscribed to records that do not change. What is
 * timed is committed output: from the append of a change to when a consumer of committed records has what the subscriber is told.
 */
final class SyncBenchmarks {
    private static final String MODEL = """
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
              posts:
                columns: [id, user_id, n, body]
            """;

    private static final String POSTS = "posts";
    private static final int ROWS = 10_000;
    private static final int USERS = 1_000;
    private static final int FEW = 1_000;
    private static final String BODY = "x".repeat(150);
    private static final long FIRST_ELSEWHERE = 1_000_000_000L;
    private static final Duration POLL = Duration.ofMillis(100);

    private final long changes;
    private final long subscriptions;
    private final Duration duration;
    private final double rate;
    private final long commitMs;
    private final Report report;
    private long made;

    SyncBenchmarks(Arguments arguments, Report report) {
        this.changes = arguments.number("records", 300_000) / 4;
        this.subscriptions = arguments.number("subscriptions", 100_000);
        this.duration = Duration.ofSeconds(arguments.number("seconds", 10));
        this.rate = arguments.number("writes", 200);
        this.commitMs = arguments.number("commit", 25);
        this.report = report;
    }

    /** What the instance is started with. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(Models.setting(MODEL));
        settings.put("forebay.sync.commit.interval", commitMs + "ms");
        return settings;
    }

    /** Throughput and latency with nobody else subscribed, with a few, and with many. */
    void routing(ForebayInstance forebay, ToldTopics topics) throws Exception {
        try (AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", forebay.registryUrl()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", forebay.bootstrapServers(), "acks", "all", "linger.ms", "1"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                Told told = new Told(forebay, serdes)) {
            forebay.client()
                    .post("/v1/subscriptions/all:add", "{\"table\":\"posts\"}")
                    .orFail();
            flow(ROWS, topics, producer, told);
            double alone = flow(changes, topics, producer, told);
            report.throughput("row changes to a subscriber, nobody else subscribed", "changes/s", alone);
            latency("nobody else subscribed", topics, producer, told);
            long before = 0;
            for (long others : List.of(Math.min(FEW, subscriptions), subscriptions)) {
                double subscribed = subscribe(before, others, forebay, serdes, producer, told);
                before = others;
                if (others == subscriptions) {
                    report.throughput("subscriptions by topic, until they hold", "subscriptions/s", subscribed);
                }
                String beside = others + " others to other records";
                double flow = flow(changes, topics, producer, told);
                report.throughput("row changes to a subscriber, " + beside, "changes/s", flow);
                report.ratio("row changes, " + beside + " / nobody else", flow / alone);
                latency(beside, topics, producer, told);
            }
        }
    }

    /** Changes a second, from the first append to the last one told. */
    private double flow(long count, ToldTopics topics, KafkaProducer<byte[], byte[]> producer, Told told) {
        long before = System.nanoTime();
        for (long i = 0; i < count; i++) {
            send(topics, producer, null);
        }
        told.await(count, SyncBenchmarks::isChange);
        return count / ((System.nanoTime() - before) / 1e9);
    }

    /** On a fixed schedule; each is timed from when it was due, so that a stall is charged for all that wait meanwhile. */
    private void latency(String beside, ToldTopics topics, KafkaProducer<byte[], byte[]> producer, Told told) {
        Histogram nanos = new Histogram(3);
        long count = (long) (rate * duration.toSeconds());
        long start = System.nanoTime();
        long sent = 0;
        long heard = 0;
        while (heard < count) {
            for (; sent < count && due(start, sent) <= System.nanoTime(); sent++) {
                send(topics, producer, Long.toString(sent));
            }
            for (RecordTold message : told.poll(Duration.ofMillis(1))) {
                if (isChange(message)) {
                    long number = Long.parseLong(message.getBy());
                    nanos.recordValue(System.nanoTime() - due(start, number));
                    heard++;
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        report.latency("row change to a subscriber, " + beside, rate, new Result(count / seconds, nanos, 0));
    }

    private long due(long start, long number) {
        return start + (long) (number / rate * 1e9);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what does not arrive is waited for in vain
    private void send(ToldTopics topics, KafkaProducer<byte[], byte[]> producer, @Nullable String by) {
        long id = made % ROWS;
        RowChange change = RowChange.newBuilder()
                .setOp(made < ROWS ? RowOperation.inserted : RowOperation.updated)
                .setTable(POSTS)
                .setKeyColumns(List.of("id"))
                .setAfter("{\"id\":" + id + ",\"user_id\":" + made % USERS + ",\"n\":" + made + ",\"body\":\"" + BODY
                        + "\"}")
                .setBy(by)
                .build();
        made++;
        producer.send(new ProducerRecord<>(
                topics.input().name(), Path.of(POSTS, Long.toString(id)).toBytes(), topics.encode(change)));
    }

    /** Subscribes others, one each, to records that are not there; answers how many a second. */
    @SuppressWarnings("FutureReturnValueIgnored") // who is not subscribed is waited for in vain
    private static double subscribe(
            long from,
            long to,
            ForebayInstance forebay,
            AvroSerdes serdes,
            KafkaProducer<byte[], byte[]> producer,
            Told told) {
        String topic = forebay.topics().subscriptions().name();
        Serializer<SubscriptionCommand> serializer = serdes.serializer(SubscriptionCommand.class);
        long before = System.nanoTime();
        for (long i = from; i < to; i++) {
            String record = Long.toString(FIRST_ELSEWHERE + i);
            WatchedRows rows = WatchedRows.newBuilder()
                    .setTable(POSTS)
                    .setEvent(RowOperation.updated)
                    .setScope(WatchedScope.record)
                    .setValues(List.of(record))
                    .build();
            producer.send(new ProducerRecord<>(
                    topic,
                    Path.of("s" + i, "watcher", POSTS, "updated", "record", record)
                            .toBytes(),
                    serializer.serialize(
                            topic,
                            new SubscriptionCommand(
                                    Subscribe.newBuilder().setRows(rows).build()))));
        }
        told.await(to - from, SyncBenchmarks::isCaughtUp);
        return (to - from) / ((System.nanoTime() - before) / 1e9);
    }

    private static boolean isCaughtUp(RecordTold message) {
        return message.getOp() == ToldOperation.caught_up;
    }

    private static boolean isChange(RecordTold message) {
        return message.getOp() == ToldOperation.inserted || message.getOp() == ToldOperation.updated;
    }

    /** What subscribers are told from now on. */
    private static final class Told implements AutoCloseable {
        private final String topic;
        private final AvroSerdes serdes;
        private final KafkaConsumer<byte[], byte[]> consumer;

        Told(ForebayInstance forebay, AvroSerdes serdes) {
            this.topic = forebay.topics().recordsSync().name();
            this.serdes = serdes;
            this.consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", forebay.bootstrapServers(), "isolation.level", "read_committed"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        List<RecordTold> poll(Duration atMost) {
            List<RecordTold> messages = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
                messages.add(serdes.deserializer(RecordTold.class).deserialize(topic, record.value()));
            }
            return messages;
        }

        void await(long count, Predicate<RecordTold> wanted) {
            long heard = 0;
            while (heard < count) {
                heard += poll(POLL).stream().filter(wanted).count();
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
