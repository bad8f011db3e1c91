package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of bad records in docs/topics.md: each is dead-lettered as it was, with the reason, and the flow goes on. */
class PoisonTopicIT {
    private static final String GUILD = "700";

    private static @Nullable ForebayStack stack;
    private static @Nullable PresenceTopics topics;

    @BeforeAll
    static void start() {
        stack = ForebayStack.start(ClusterProvider.shared());
        topics = new PresenceTopics(stack);
    }

    @AfterAll
    static void stop() {
        topics().close();
        stack().close();
    }

    /** One bad record; {@code partition} null leaves it to the default partitioner. */
    @SuppressWarnings("ArrayRecordComponent") // a row of the table; nothing compares it
    private record Poison(
            String name,
            String reason,
            @Nullable String key,
            @Nullable Integer partitionShift,
            byte @Nullable [] value) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Poison> table() {
        byte[] good = topics().encode(create("1", "{\"guild_id\":\"700\",\"user\":{\"id\":\"1\"}}"));
        return Stream.of(
                new Poison("not Avro", "not_avro", GUILD, null, utf8("{\"user\":{\"id\":\"1\"}}")),
                new Poison("empty value", "not_avro", GUILD, null, new byte[0]),
                new Poison("tombstone", "invalid", GUILD, null, null),
                new Poison("unknown schema id", "unknown_schema", GUILD, null, withSchemaId(good, 1_000_000)),
                new Poison("cut short", "undecodable", GUILD, null, java.util.Arrays.copyOf(good, 8)),
                new Poison("no key", "key_missing", null, null, good),
                new Poison("key that is no guild id", "wrong_key", "guild", null, good),
                new Poison("key of two parts", "wrong_key", "700/1", null, good),
                new Poison("key with leading zero", "wrong_key", "0700", null, good),
                new Poison("key not canonical", "key_not_canonical", "%37%30%30", null, good),
                new Poison("key of 2^64", "wrong_key", "18446744073709551616", null, good),
                new Poison("key of another guild than the body's", "wrong_key", GUILD, null, bodyOfGuild("701")),
                new Poison("wrong partition", "wrong_partition", GUILD, 1, good),
                json("oversized presence", "too_large", "{\"x\":\"" + "a".repeat(300_000) + "\"}"),
                json("deep nesting", "too_deep", "{\"x\":" + "[".repeat(500) + "]".repeat(500) + "}"),
                json("NUL", "nul", "{\"x\":\"a\\u0000b\"}"),
                json("lone surrogate", "lone_surrogate", "{\"x\":\"\\ud800\"}"),
                json("duplicate members", "duplicate_member", "{\"x\":1,\"x\":2}"),
                json("invalid JSON", "invalid_json", "{\"x\":}"),
                json("not an object", "not_an_object", "[]"),
                new Poison(
                        "user id of 2^64",
                        "invalid",
                        GUILD,
                        null,
                        topics().encode(new PresenceCommand(new RemovePresence("18446744073709551616", null)))),
                new Poison(
                        "one bad presence in a bulk",
                        "invalid",
                        GUILD,
                        null,
                        topics().encode(new PresenceCommand(BulkCreatePresences.newBuilder()
                                .setPresences(List.of("{\"user\":{\"id\":\"8\"}}", "{\"user\":{}}"))
                                .build()))),
                new Poison(
                        "dispatch of unknown type",
                        "unknown_dispatch",
                        GUILD,
                        null,
                        topics().encode(new PresenceCommand(new GatewayDispatch("TYPING_START", "{}")))));
    }

    @ParameterizedTest
    @MethodSource("table")
    void isDeadLetteredAndTheFlowGoesOn(Poison poison) {
        RecordMetadata appended = PresenceTopics.get(topics().sendRaw(partition(poison), key(poison), poison.value()));

        String after = PresenceTopics.position(topics().send(GUILD, create("9", "{\"user\":{\"id\":\"9\"}}")));
        assertThat(stack().client().get(PresenceCalls.path(GUILD, "9"), after).status())
                .isEqualTo(200);
        ConsumerRecord<byte[], byte[]> letter = letterOf(appended);
        assertThat(PresenceTopics.header(letter, HeaderNames.REASON)).isEqualTo(poison.reason());
        assertThat(letter.key()).isEqualTo(key(poison));
        assertThat(letter.value()).isEqualTo(poison.value());
        assertThat(PresenceTopics.header(letter, HeaderNames.TOPIC)).isEqualTo(appended.topic());
        assertThat(PresenceTopics.header(letter, HeaderNames.DETAIL)).isNotEmpty();
    }

    private static ConsumerRecord<byte[], byte[]> letterOf(RecordMetadata appended) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> topics().deadLetters().stream()
                                .filter(letter -> Integer.toString(appended.partition())
                                                .equals(PresenceTopics.header(letter, HeaderNames.PARTITION))
                                        && Long.toString(appended.offset())
                                                .equals(PresenceTopics.header(letter, HeaderNames.OFFSET)))
                                .toList(),
                        letters -> letters.size() == 1)
                .get(0);
    }

    private static @Nullable Integer partition(Poison poison) {
        Integer shift = poison.partitionShift();
        return shift == null
                ? null
                : (topics().input().partitionFor(utf8(GUILD)) + shift)
                        % topics().input().partitions();
    }

    private static byte @Nullable [] key(Poison poison) {
        return poison.key() == null ? null : utf8(poison.key());
    }

    private static Poison json(String name, String reason, String presence) {
        return new Poison(name, reason, GUILD, null, topics().encode(create("1", presence)));
    }

    private static byte[] bodyOfGuild(String guild) {
        return topics().encode(new PresenceCommand(CreatePresence.newBuilder()
                .setPresence("{\"guild_id\":\"" + guild + "\",\"user\":{\"id\":\"1\"}}")
                .build()));
    }

    private static PresenceCommand create(String user, String presence) {
        return new PresenceCommand(CreatePresence.newBuilder()
                .setUserId(user)
                .setPresence(presence)
                .build());
    }

    private static byte[] withSchemaId(byte[] value, int id) {
        return ByteBuffer.wrap(value.clone()).putInt(1, id).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ForebayStack stack() {
        return Objects.requireNonNull(stack);
    }

    private static PresenceTopics topics() {
        return Objects.requireNonNull(topics);
    }
}
