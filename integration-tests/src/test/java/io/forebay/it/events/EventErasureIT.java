package io.forebay.it.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.process.ChildJvm;
import io.forebay.it.stack.ErasureCommand;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.it.topic.TopicTexts;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Events of a domain that can be erased, each test on instances of its own. */
class EventErasureIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** A start of the program, a look of the broker's cleaner every 15 s, and a machine that does other things as well. */
    private static final Duration ERASED_WITHIN = Duration.ofMinutes(3);

    private static final Map<String, String> SETTINGS =
            Map.of("forebay.only", "events", "forebay.events.erasable.domains", "users");

    private static final String SECRET = "s3cret";

    private static @Nullable ForebayStack stack;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(ClusterProvider.shared(), SETTINGS);
    }

    @AfterAll
    static void stop() {
        stack().close();
    }

    @Test
    void whatEventsHoldIsReadAndNotInTheLog() {
        Reply appended = append(client(), secret("a", 1), image("a"));
        String position;
        try (EventTopics topics = new EventTopics(stack())) {
            position = EventTopics.position(topics.append(List.of(NewEvent.newBuilder()
                    .setType("created")
                    .setDomain("users")
                    .setInstanceId("a")
                    .setData("{\"name\":\"" + SECRET + "\",\"n\":3}")
                    .build())));
        }

        JsonNode stream = read(client(), "/v1/events/users/a", position);
        JsonNode list = read(client(), "/v1/events?domain=users&instance_id=a&type=created", position);

        assertThat(stream.size()).isEqualTo(3);
        assertThat(List.of(stream.get(0), stream.get(1)))
                .isEqualTo(
                        List.of(appended.json().at("/events/0"), appended.json().at("/events/1")));
        assertThat(stream.get(0).at("/data/name").asText()).isEqualTo(SECRET);
        assertThat(stream.get(0).at("/metadata/by").asText()).isEqualTo(SECRET);
        assertThat(stream.get(1).path("data_base64").asText()).isEqualTo("AP8=");
        assertThat(stream.get(1).path("content_type").asText()).isEqualTo("image/png");
        assertThat(list.get(1)).isEqualTo(stream.get(2));
        assertThat(stream.findValue("erased")).isNull();
        assertThat(TopicTexts.of(stack(), stack().topics().eventLog()))
                .isNotEmpty()
                .noneMatch(text -> text.contains(SECRET) || text.contains("image/png"));
    }

    /** What docs/topics.md says, by a consumer that has nothing of Forebay. */
    @Test
    void aPlainConsumerOpensEventsWithTheTopicOfKeys() throws Exception {
        append(client(), secret("b", 1), secret("b2", 2));
        append(client(), secret("b", 3));
        await("the last event to be committed")
                .atMost(SOON)
                .until(() -> readTopic(stack().topics().eventLog()).stream()
                        .anyMatch(record -> record.key().equals("users/b/2")));
        Map<String, GenericRecord> keys = new HashMap<>();
        readTopic(stack().topics().eventKeys()).forEach(record -> keys.put(record.key(), record.value()));

        List<String> opened = new ArrayList<>();
        for (ConsumerRecord<String, GenericRecord> record :
                readTopic(stack().topics().eventLog())) {
            if (record.key().startsWith("users/b/") || record.key().startsWith("users/b2/")) {
                GenericRecord event = record.value();
                GenericRecord key = Objects.requireNonNull(keys.get("users/" + event.get("instance_id")));
                assertThat(event.get("sealed_by")).isEqualTo(key.get("key_version"));
                opened.add(open(record.key(), bytes(event.get("data")), bytes(key.get("key"))));
            }
        }

        assertThat(opened)
                .containsExactly(
                        "{\"name\":\"s3cret\",\"n\":1} {\"by\":\"s3cret\"}",
                        "{\"name\":\"s3cret\",\"n\":2} {\"by\":\"s3cret\"}",
                        "{\"name\":\"s3cret\",\"n\":3} {\"by\":\"s3cret\"}");
    }

    private static String open(String recordKey, byte[] sealed, byte[] key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, sealed, 0, 12));
        cipher.updateAAD(recordKey.getBytes(StandardCharsets.UTF_8));
        byte[] plain = cipher.doFinal(sealed, 12, sealed.length - 12);
        try (KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
            deserializer.configure(Map.of("schema.registry.url", stack().registryUrl()), false);
            GenericRecord content = (GenericRecord) deserializer.deserialize("", plain);
            return content.get("data") + " " + content.get("metadata");
        }
    }

    private static byte[] bytes(Object value) {
        byte[] bytes = new byte[((ByteBuffer) value).remaining()];
        ((ByteBuffer) value).duplicate().get(bytes);
        return bytes;
    }

    private static List<ConsumerRecord<String, GenericRecord>> readTopic(TopicSpec topic) {
        return PlainConsumer.read(stack(), topic, 0, Map.of());
    }

    @Test
    void anErasureTellsWhatItTookAndWhatItDidNot() {
        append(client(), secret("c", 1), secret("c2", 2), secret("c", 3));
        append(client(), EventCalls.event("created", "c", 4).put("domain", "orders"));

        Reply erased = client().delete("/v1/events/users/c").orFail();
        Reply inClear = client().delete("/v1/events/orders/c").orFail();
        Reply nothing = client().delete("/v1/events/users/nobody").orFail();

        assertThat(erased.text()).isEqualTo("{\"events\":2,\"erased\":2,\"in_clear\":0}");
        assertThat(inClear.text()).isEqualTo("{\"events\":1,\"erased\":0,\"in_clear\":1}");
        assertThat(nothing.text()).isEqualTo("{\"events\":0,\"erased\":0,\"in_clear\":0}");
        assertErased(read(client(), "/v1/events/users/c", erased.position()));
        assertInClear(read(client(), "/v1/events/users/c2", erased.position()));
        assertThat(EventCalls.numbers(read(client(), "/v1/events/orders/c", inClear.position())))
                .containsExactly(4);
    }

    @Test
    void everyReadAndStreamTellsThatEventsAreErased() {
        String before = Objects.requireNonNull(
                append(client(), event("x", "d0")).orFail().position());
        String appended = Objects.requireNonNull(
                append(client(), secret("d", 1), secret("d", 2)).orFail().position());
        String erased = client().delete("/v1/events/users/d").orFail().position();

        assertErased(read(client(), "/v1/events?domain=users&instance_id=d", erased));
        assertErased(read(client(), "/v1/events?instance_id=d&direction=backward&limit=1", erased));
        assertErased(read(client(), "/v1/events?instance_id=d&as_of=" + appended, erased));
        assertErased(read(client(), "/v1/events/users/d?from_version=2", erased));
        assertErased(read(client(), "/v1/events/users/d?as_of=" + appended, erased));
        try (EventStream snapshot = client().stream("/v1/events/users/d", null);
                EventStream changes = client().stream("/v1/events/users/d?start=" + before, null)) {
            assertErased(snapshot.next(SOON).json().required("events"));
            assertErased(Json.array()
                    .add(changes.next(SOON).json())
                    .add(changes.next(SOON).json()));
        }
    }

    @Test
    void aStreamTellsWhatIsSealedWhileItIsAppendedAndAfterAnErasureWhatComesThen() {
        try (EventStream stream = client().stream("/v1/events/users/e", null)) {
            stream.until("caught-up", SOON);
            append(client(), secret("e", 1), secret("e", 2)).orFail();
            Message first = stream.next(SOON);
            Message second = stream.next(SOON);
            assertInClear(Json.array().add(first.json()).add(second.json()));
            client().delete("/v1/events/users/e").orFail();
            append(client(), secret("e", 3)).orFail();

            assertThat(stream.next(SOON).json().at("/data/n").asInt()).isEqualTo(3);
            try (EventStream resumed = client().stream("/v1/events/users/e", first.id())) {
                assertErased(Json.array()
                        .add(resumed.next(SOON).json())
                        .add(resumed.next(SOON).json()));
                assertThat(resumed.next(SOON).json().at("/data/n").asInt()).isEqualTo(3);
            }
        }
    }

    /** Each append is a unit of its own, so keys are asked for ahead of the events that they open. */
    @Test
    void aStreamThatIsBehindOpensOneEventAfterTheOther() {
        String before = Objects.requireNonNull(
                append(client(), event("x", "g")).orFail().position());
        for (int n = 0; n < 60; n++) {
            append(client(), secret("g" + n % 7, n));
        }
        client().delete("/v1/events/users/g3").orFail();

        try (EventStream stream = client().stream("/v1/events?type=created&start=" + before, null)) {
            for (int n = 0; n < 60; n++) {
                JsonNode event = nextOf("g", stream);
                assertThat(event.required("instance_id").asText()).isEqualTo("g" + n % 7);
                if (n % 7 == 3) {
                    assertErased(Json.array().add(event));
                } else {
                    assertInClear(Json.array().add(event));
                    assertThat(event.at("/data/n").asInt()).isEqualTo(n);
                }
            }
        }
    }

    /** The next event of instances that begin so. */
    private static JsonNode nextOf(String instance, EventStream stream) {
        while (true) {
            JsonNode event = stream.next(SOON).json();
            if (event.required("instance_id").asText().startsWith(instance)) {
                return event;
            }
        }
    }

    @Test
    void theCommandHasTheTopicOfKeysCompacted() {
        append(client(), secret("f", 1), secret("f2", 2)).orFail();
        append(client(), secret("f", 3)).orFail();
        try (EventTopics topics = new EventTopics(stack())) {
            await("the keys to be committed")
                    .atMost(SOON)
                    .until(() -> !topics.keys("users/f").isEmpty());
            String erasedKey = text(topics.keys("users/f").get(0));
            String otherKey = text(topics.keys("users/f2").get(0));
            assertThat(TopicTexts.of(stack(), stack().topics().eventKeys())).anyMatch(text -> text.contains(erasedKey));

            ChildJvm erasure = ErasureCommand.start(stack(), "events", "users", "f");
            int status = erasure.awaitExit(ERASED_WITHIN);

            assertThat(status).as(erasure.output()).isZero();
            assertThat(TopicTexts.of(stack(), stack().topics().eventKeys()))
                    .noneMatch(text -> text.contains(erasedKey))
                    .anyMatch(text -> text.contains(otherKey));
            assertErased(read(client(), "/v1/events/users/f", null));
            assertInClear(read(client(), "/v1/events/users/f2", null));
            assertThat(erasure.output())
                    .contains(
                            "users/f: 2 events erased",
                            stack().topics().eventKeys().name() + ": no key",
                            stack().topics().eventLog().name() + ": the events")
                    .containsPattern("events: the commands that appended events, gone by 2")
                    .containsPattern("dead-letters: .*, gone by 2")
                    .doesNotContain(SECRET);
        }
    }

    private static String text(InstanceKey key) {
        return new String(bytes(key.getKey()), StandardCharsets.ISO_8859_1);
    }

    /** The owner of a key may be the other instance; one that starts on an empty disk has the keys from their topic. */
    @Test
    void anErasureHoldsOnEveryInstanceAndOnAnEmptyDisk() {
        Map<String, String> spread = new HashMap<>(SETTINGS);
        spread.put("forebay.events.order", "stream");
        ForebayStack first = ForebayStack.small(ClusterProvider.shared(), spread);
        String position;
        try (TwoInstances both = TwoInstances.with(first, "events")) {
            append(both.first(), secret("a", 1), secret("b", 2), secret("c", 3), secret("d", 4))
                    .orFail();
            position = both.second().delete("/v1/events/users/a").orFail().position();
            both.first().delete("/v1/events/users/b").orFail();
            String again = append(both.second(), secret("b", 5)).orFail().position();
            for (ForebayClient client : List.of(both.first(), both.second())) {
                assertErased(read(client, "/v1/events/users/a", position));
                assertErasedAndNot(client, again);
            }
        }
        try (ForebayStack anew = first.another()) {
            assertErased(read(anew.client(), "/v1/events/users/a", position));
            assertErasedAndNot(anew.client(), null);
            try (EventStream stream = anew.client().stream("/v1/events?domain=users", null)) {
                List<JsonNode> told = new ArrayList<>();
                for (Message message : stream.until("caught-up", SOON)) {
                    message.json().path("events").forEach(told::add);
                }
                assertThat(told).hasSize(5);
                assertThat(told.stream().filter(event -> event.path("erased").asBoolean()))
                        .hasSize(2);
            }
        }
    }

    private static void assertErasedAndNot(ForebayClient client, @Nullable String position) {
        JsonNode all = read(client, "/v1/events", position);
        JsonNode reused = read(client, "/v1/events/users/b", position);
        assertThat(StreamSupport.stream(all.spliterator(), false)
                        .filter(event -> event.path("erased").asBoolean()))
                .extracting(event -> event.required("instance_id").asText())
                .containsExactlyInAnyOrder("a", "b");
        assertErased(Json.array().add(reused.get(0)));
        assertInClear(Json.array().add(reused.get(1)));
    }

    private static void assertErased(JsonNode events) {
        assertThat(events).isNotEmpty().allSatisfy(event -> {
            assertThat(event.path("erased").asBoolean()).as("%s", event).isTrue();
            assertThat(event.required("data").isNull()).isTrue();
            assertThat(event.toString()).doesNotContain(SECRET);
        });
    }

    private static void assertInClear(JsonNode events) {
        assertThat(events).isNotEmpty().allSatisfy(event -> {
            assertThat(event.has("erased")).as("%s", event).isFalse();
            assertThat(event.at("/data/name").asText()).isEqualTo(SECRET);
        });
    }

    private static JsonNode read(ForebayClient client, String path, @Nullable String position) {
        return client.get(path, position).orFail().json().required("events");
    }

    private static Reply append(ForebayClient client, JsonNode... events) {
        return new EventCalls(client).append(events).orFail();
    }

    private static ObjectNode event(String type, String instance) {
        return EventCalls.event(type, instance, 0);
    }

    private static ObjectNode secret(String instance, int n) {
        ObjectNode event = EventCalls.event("created", instance, n);
        event.set("data", Json.object().put("name", SECRET).put("n", n));
        event.set("metadata", Json.object().put("by", SECRET));
        return event;
    }

    private static ObjectNode image(String instance) {
        ObjectNode event = EventCalls.event("drawn", instance, 0);
        event.remove("data");
        return event.put("data_base64", "AP8=").put("content_type", "image/png");
    }

    private static ForebayClient client() {
        return stack().client();
    }

    private static ForebayStack stack() {
        return Objects.requireNonNull(stack);
    }
}
