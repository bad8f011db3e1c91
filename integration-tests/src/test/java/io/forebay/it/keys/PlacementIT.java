package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.app.Forebay;
import io.forebay.app.ForebayConfig;
import io.forebay.config.ConfigReader;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.DeleteWhere;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.ReplaceKeys;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.KeysPartitioner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A namespace that is kept together, from its producer's partitioner to an instance that has it otherwise. */
class PlacementIT {

    private static final String COLOCATE = "sessions:1";

    @TempDir
    Path state;

    private final TestCluster cluster = ClusterProvider.shared();

    @Test
    void sessionsAreReplacedWhereTheyAreAndStayThere() throws Exception {
        String prefix = ClusterProvider.freshPrefix();
        Map<String, String> settings = new TreeMap<>(settings(prefix, "sessions"));
        try (ForebayStack stack = start(prefix, COLOCATE);
                AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", stack.registryUrl()))) {
            settings.put("schema.registry.url", stack.registryUrl());
            for (String user : List.of("1", "2", "3")) {
                replace(stack, serdes, user, "first");
                replace(stack, serdes, user, "second");
            }
            assertThat(changes(stack, serdes, 9))
                    .containsExactlyInAnyOrder(
                            "put sessions/1/first",
                            "deleted sessions/1/first",
                            "put sessions/1/second",
                            "put sessions/2/first",
                            "deleted sessions/2/first",
                            "put sessions/2/second",
                            "put sessions/3/first",
                            "deleted sessions/3/first",
                            "put sessions/3/second");
        }
        settings.put("bootstrap.servers", cluster.bootstrapServers());
        settings.put("forebay.http.port", "0");
        settings.put("forebay.topics.partitions", "2");
        settings.put("forebay.state.dir", state.toString());
        try (Forebay otherwise = Forebay.start(ForebayConfig.read(ConfigReader.of(settings)), failure -> {})) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(otherwise.notReady())
                            .containsExactly(
                                    "keys: the namespace sessions is stored together by 1 parts and not empty: empty it"
                                            + " first"));
        }
    }

    private ForebayStack start(String prefix, String colocate) {
        return ForebayStack.small(cluster, settings(prefix, colocate));
    }

    private static Map<String, String> settings(String prefix, String colocate) {
        return Map.of("forebay.topics.prefix", prefix, KeysPartitioner.COLOCATE, colocate);
    }

    private static void replace(ForebayStack stack, AvroSerdes serdes, String user, String session) throws Exception {
        String topic = stack.topics().keys().name();
        KeyCommand command = new KeyCommand(new ReplaceKeys(
                List.of(new DeleteWhere("sessions/" + user + "/*", "/fingerprint:eq:\"f\"")),
                List.of(PutKey.newBuilder()
                        .setKey("sessions/" + user + "/" + session)
                        .setValue(ByteBuffer.wrap(utf8("{\"fingerprint\":\"f\"}")))
                        .build())));
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                stack.bootstrapServers(),
                "partitioner.class",
                KeysPartitioner.class.getName(),
                KeysPartitioner.COLOCATE,
                COLOCATE);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] value = serdes.serializer(KeyCommand.class).serialize(topic, command);
            producer.send(new ProducerRecord<>(topic, utf8("sessions/" + user + "/" + session), value))
                    .get();
        }
    }

    private static List<String> changes(ForebayStack stack, AvroSerdes serdes, int count) {
        String topic = stack.topics().keysSync().name();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(
                            0, stack.topics().keysSync().partitions())
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> changes = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    KeyChanged change = serdes.deserializer(KeyChanged.class).deserialize(topic, record.value());
                    assertThat(change.getSource().getPartition()).isEqualTo(record.partition());
                    changes.add(change.getType() + " " + change.getKey());
                });
                return changes.size() >= count;
            });
            return changes;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
