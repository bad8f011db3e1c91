package io.forebay.it.poison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.topic.HeaderNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of what is wrong in docs/topics.md, by topic and by call. A bad record is dead-lettered as it was, with the reason, and the
 * flow goes on; a bad request gets a problem document that names the field, and the next request is answered.
 */
class PoisonIT {
    /** What nobody brings about from outside; {@code FaultTest} has it. */
    private static final Set<String> OWN_FAULTS = Set.of("a fault of Forebay's own while deciding");

    private static @Nullable ForebayStack stack;
    private static List<PoisonTable> tables = List.of();

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>(KeysPoison.LIMITS);
        settings.putAll(ChangesPoison.DEPENDENCY);
        settings.putAll(EventsPoison.LIMITS);
        settings.putAll(SyncPoison.settings());
        stack = ForebayStack.small(ClusterProvider.shared(), settings);
        KeysPoison keys = new KeysPoison(stack);
        tables = List.of(
                new PresencePoison(stack),
                keys,
                new CachePoison(keys),
                new ChangesPoison(stack),
                new EventsPoison(stack),
                new SyncPoison(stack),
                new SubscriptionsPoison(stack));
    }

    @AfterAll
    static void stop() {
        tables.forEach(table -> table.topics().close());
        Objects.requireNonNull(stack).close();
    }

    static Stream<Arguments> records() {
        return tables.stream().flatMap(table -> table.records().stream().map(record -> Arguments.of(record, table)));
    }

    static Stream<BadRequest> requests() {
        return tables.stream().flatMap(table -> table.requests().stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void aRecordIsDeadLetteredAndTheFlowGoesOn(BadRecord record, PoisonTable table) {
        RecordMetadata appended = CapabilityTopics.get(
                table.topics().sendRaw(partition(record, table), record.key(), record.value(), record.requestId()));

        assertThat(table.goesOn(appended.partition())).isTrue();
        ConsumerRecord<byte[], byte[]> letter = letterOf(appended, table);
        assertThat(CapabilityTopics.header(letter, HeaderNames.REASON)).isEqualTo(record.reason());
        assertThat(letter.key()).isEqualTo(record.key());
        assertThat(letter.value()).isEqualTo(record.value());
        assertThat(CapabilityTopics.header(letter, HeaderNames.DETAIL)).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void aRequestGetsAProblemThatNamesTheField(BadRequest request) {
        ForebayClient client = Objects.requireNonNull(stack).client();

        Reply reply = request.send(client);

        assertThat(reply.status()).as(reply.text()).isEqualTo(request.status());
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(reply.code()).as(reply.text()).isEqualTo(request.code());
        String expected = request.field();
        if (expected != null) {
            assertThat(reply.json().path("errors").findValuesAsText("field"))
                    .as(reply.text())
                    .anyMatch(field -> field.startsWith(expected));
        }
        assertThat(client.get("/livez").status()).isEqualTo(200);
    }

    @Test
    void everyLineIsTestedByTopic() {
        List<BadRecord> records =
                tables.stream().flatMap(table -> table.records().stream()).toList();

        assertThat(DocumentedLine.all())
                .filteredOn(line -> !OWN_FAULTS.contains(line.text()))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(reasons(line.text(), records)).isEqualTo(line.reasons()));
        assertThat(records).extracting(BadRecord::line).isSubsetOf(documented());
    }

    @Test
    void everyLineIsTestedByCall() {
        List<BadRequest> requests = requests().toList();

        assertThat(DocumentedLine.all())
                .filteredOn(line -> !OWN_FAULTS.contains(line.text()))
                .allSatisfy(line -> {
                    List<BadRequest> tested = requests.stream()
                            .filter(request -> request.line().equals(line.text()))
                            .toList();
                    assertThat(tested.isEmpty()).isEqualTo(line.status() == null);
                    assertThat(tested).extracting(BadRequest::status).allMatch(status -> status.equals(line.status()));
                    assertThat(tested).extracting(BadRequest::code).allMatch(code -> code.equals(line.code()));
                    assertThat(tested).extracting(BadRequest::field).containsAll(line.fields());
                });
        assertThat(requests).extracting(BadRequest::line).isSubsetOf(documented());
    }

    private static List<String> documented() {
        return DocumentedLine.all().stream().map(DocumentedLine::text).toList();
    }

    private static Set<String> reasons(String line, List<BadRecord> records) {
        return records.stream()
                .filter(record -> record.line().equals(line))
                .map(BadRecord::reason)
                .collect(Collectors.toSet());
    }

    private static @Nullable Integer partition(BadRecord record, PoisonTable table) {
        byte[] key = record.key();
        return record.beside() == 0 || key == null
                ? null
                : (table.topics().input().partitionFor(key) + record.beside())
                        % table.topics().input().partitions();
    }

    private static ConsumerRecord<byte[], byte[]> letterOf(RecordMetadata appended, PoisonTable table) {
        List<String> place =
                List.of(appended.topic(), Integer.toString(appended.partition()), Long.toString(appended.offset()));
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> table.topics().deadLetters().stream()
                                .filter(letter -> place.equals(placeIn(letter)))
                                .toList(),
                        letters -> letters.size() == 1)
                .get(0);
    }

    private static List<String> placeIn(ConsumerRecord<?, ?> letter) {
        return Stream.of(HeaderNames.TOPIC, HeaderNames.PARTITION, HeaderNames.OFFSET)
                .map(name -> String.valueOf(CapabilityTopics.header(letter, name)))
                .toList();
    }
}
