package io.forebay.it.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Real events, appended over HTTP and by a plain producer in turn: what is read of them is what a filter leaves of the file,
 * whatever combination of members asks.
 */
class GithubEventsIT {
    private static final Path FILE = Path.of("..", "..", "shared", "data", "github-events.ndjson");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int COMBINATIONS = 32;
    private static final int SAMPLES = 6;

    /** One line of the file. */
    private record Line(String type, String domain, String instance, String data) {
        static Line of(String text) {
            JsonObject line = JsonObject.parse(text);
            return new Line(
                    text(line, "type"),
                    text(line, "domain"),
                    text(line, "instance_id"),
                    member(line, "data").raw());
        }

        private static String text(JsonObject line, String name) {
            return member(line, name).asText();
        }

        private static JsonValue member(JsonObject line, String name) {
            return Objects.requireNonNull(line.member(name), name);
        }

        ObjectNode json() {
            ObjectNode event =
                    Json.object().put("type", type).put("domain", domain).put("instance_id", instance);
            event.putRawValue("data", new RawValue(data));
            return event;
        }

        NewEvent event() {
            return NewEvent.newBuilder()
                    .setType(type)
                    .setDomain(domain)
                    .setInstanceId(instance)
                    .setData(data)
                    .build();
        }
    }

    private static @Nullable ForebayStack stack;
    private static List<Line> lines = List.of();
    private static List<JsonNode> recorded = List.of();

    @BeforeAll
    static void appendAll() throws Exception {
        assumeTrue(Files.isReadable(FILE), FILE + " is not here: its events are not shown");
        lines = Files.readAllLines(FILE).stream().map(Line::of).toList();
        stack = ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "events"));
        String position = null;
        try (EventTopics topics = new EventTopics(stack)) {
            int from = 0;
            for (int turn = 0; from < lines.size(); turn++) {
                List<Line> some = lines.subList(from, Math.min(lines.size(), from + 1 + turn % 12));
                if (turn % 2 == 0) {
                    JsonNode[] events = some.stream().map(Line::json).toArray(JsonNode[]::new);
                    position = calls().append(events).orFail().position();
                } else {
                    position = EventTopics.position(
                            topics.append(some.stream().map(Line::event).toList()));
                }
                from += some.size();
            }
        }
        recorded = calls().all("limit=50", position);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void everythingIsRecordedInOrderAndToTheLetter() {
        List<String> read = new ArrayList<>();
        recorded.forEach(event -> read.add(event.required("sequence_number") + " " + name(event, "type") + " "
                + name(event, "domain") + " " + name(event, "instance_id")));
        String text = client().get("/v1/events?limit=1000").orFail().text();

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            expected.add(i + 1 + " " + line.type() + " " + line.domain() + " " + line.instance());
        }
        assertThat(read).isEqualTo(expected);
        assertThat(text)
                .contains(lines.stream()
                        .map(line -> "\"data\":" + line.data() + ",")
                        .toList());
    }

    @Test
    void everyCombinationAnswersWhatAFilterLeaves() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int combination = 0; combination < COMBINATIONS; combination++) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                Asked asked = Asked.of(combination, recorded.get(random.nextInt(recorded.size())), random);
                boolean backward = random.nextBoolean();
                int limit = 20 + random.nextInt(80);
                List<Long> expected = new ArrayList<>(recorded.stream()
                        .filter(asked::isMetBy)
                        .map(GithubEventsIT::sequence)
                        .toList());
                if (backward) {
                    Collections.reverse(expected);
                }
                String query =
                        asked.query() + "limit=" + limit + "&explain=true" + (backward ? "&direction=backward" : "");

                JsonNode page = calls().page(query, null);
                List<Long> paged = calls().all(query, null).stream()
                        .map(GithubEventsIT::sequence)
                        .toList();

                assertThat(paged).as("seed %d %s", seed, query).isEqualTo(expected);
                assertThat(page.at("/pagination/total_count").asInt())
                        .as("seed %d %s", seed, query)
                        .isEqualTo(expected.size());
                assertThat(page.at("/explain/index").asText()).isEqualTo(asked.index());
            }
        }
    }

    /** What of a query's members is given: a bit of the combination each. */
    private record Asked(
            @Nullable String type,
            @Nullable String domain,
            @Nullable String instance,
            @Nullable Instant from,
            @Nullable Instant to) {
        static Asked of(int combination, JsonNode sample, Random random) {
            Instant time = time(sample);
            Instant other = time(recorded.get(random.nextInt(recorded.size())));
            return new Asked(
                    (combination & 1) == 0 ? null : name(sample, "type"),
                    (combination & 2) == 0 ? null : name(sample, "domain"),
                    (combination & 4) == 0 ? null : name(sample, "instance_id"),
                    (combination & 8) == 0 ? null : time.isBefore(other) ? time : other,
                    (combination & 16) == 0 ? null : time.isBefore(other) ? other : time.plusMillis(1));
        }

        boolean isMetBy(JsonNode event) {
            Instant time = time(event);
            return (type == null || type.equals(name(event, "type")))
                    && (domain == null || domain.equals(name(event, "domain")))
                    && (instance == null || instance.equals(name(event, "instance_id")))
                    && (from == null || !time.isBefore(from))
                    && (to == null || time.isBefore(to));
        }

        String query() {
            return parameter("type", type)
                    + parameter("domain", domain)
                    + parameter("instance_id", instance)
                    + parameter("from", from)
                    + parameter("to", to);
        }

        private static String parameter(String name, @Nullable Object value) {
            return value == null ? "" : name + "=" + ForebayClient.encode(value.toString()) + "&";
        }

        String index() {
            List<String> names = new ArrayList<>();
            if (type != null) {
                names.add("type");
            }
            if (domain != null) {
                names.add("domain");
            }
            if (instance != null) {
                names.add("instance_id");
            }
            return names.isEmpty() ? "all" : String.join(",", names);
        }
    }

    /** What a record of the log tells of an event. */
    private record Logged(String key, long sequence, long insertedAt, String id, String data) {}

    @Test
    void aPlainConsumerReadsTheChangelogAsTheLog() {
        List<ConsumerRecord<String, GenericRecord>> log =
                PlainConsumer.readLog(Objects.requireNonNull(stack), lines.size(), Map.of());

        assertThat(log.stream()
                        .map(record -> new Logged(
                                record.key(),
                                (Long) record.value().get("sequence_number"),
                                (Long) record.value().get("inserted_at"),
                                record.value().get("id").toString(),
                                record.value().get("data").toString()))
                        .toList())
                .isEqualTo(logged());
        assertThat(log.stream().map(ConsumerRecord::key)).doesNotHaveDuplicates();
    }

    @Test
    void aPlainConsumerReadsTheLogAsItsClass() {
        List<ConsumerRecord<String, RecordedEvent>> log = PlainConsumer.readLog(
                Objects.requireNonNull(stack), lines.size(), Map.of("specific.avro.reader", true));

        assertThat(log.stream()
                        .map(record -> new Logged(
                                record.key(),
                                record.value().getSequenceNumber(),
                                record.value().getInsertedAt().toEpochMilli(),
                                record.value().getId(),
                                (String) record.value().getData()))
                        .toList())
                .isEqualTo(logged());
    }

    private static List<Logged> logged() {
        List<Logged> logged = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode read = recorded.get(i);
            String key = io.forebay.schemas.path.Path.of(
                            lines.get(i).domain(),
                            lines.get(i).instance(),
                            read.required("stream_version").asText())
                    .toString();
            logged.add(new Logged(
                    key,
                    sequence(read),
                    time(read).toEpochMilli(),
                    name(read, "id"),
                    lines.get(i).data()));
        }
        return logged;
    }

    @Test
    void aStreamTellsWhatAFilterLeaves() {
        List<Long> told = new ArrayList<>();
        try (EventStream stream = client().stream("/v1/events?type=issues.opened", null)) {
            for (EventStream.Message message : stream.until("caught-up", SOON)) {
                message.json().path("events").forEach(event -> told.add(sequence(event)));
            }
        }

        assertThat(told)
                .isEqualTo(recorded.stream()
                        .filter(event -> name(event, "type").equals("issues.opened"))
                        .map(GithubEventsIT::sequence)
                        .toList());
    }

    private static long sequence(JsonNode event) {
        return event.required("sequence_number").asLong();
    }

    private static String name(JsonNode event, String member) {
        return event.required(member).asText();
    }

    private static Instant time(JsonNode event) {
        return Instant.parse(name(event, "inserted_at"));
    }

    private static EventCalls calls() {
        return new EventCalls(client());
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }
}
