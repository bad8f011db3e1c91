package io.forebay.it.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.events.RandomAppends.Answered;
import io.forebay.it.events.RandomAppends.Append;
import io.forebay.it.stack.ForebayProcess;
import io.forebay.it.stack.KilledRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process, broker and all, is killed five times under appenders that race for the same streams.
 *
 * <p>An append that got no answer is repeated, under its idempotency key or by the ids of its events, until it has one; so at the end
 * everything that was ever sent is decided, and the log is what the answers say: each event at its place, none else, none twice. Of the
 * appends that expected one version of a stream, one was let through. The log is read over HTTP and by a consumer that knows nothing of
 * Forebay.
 */
class CrashIT {
    private static final int KILLS = 5;
    private static final int APPENDERS = 8;

    /** Appends that an appender has under way at a time. */
    private static final int AT_A_TIME = 4;

    private static final int APPENDS = 20_000;

    /** Every so many are repeated at the end, and as many right after they were answered. */
    private static final int REPEATED = 10;

    /** Versions that several appenders expected, at the least: without races nothing would be shown. */
    private static final int RACES = 500;

    private static final Comparator<JsonNode> IN_ORDER = Comparator.comparingLong(CrashIT::sequence);

    private final RandomAppends appends = new RandomAppends();

    @Test
    void theLogIsWhatWasAnswered(@TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayProcess forebay = ForebayProcess.start(data, "--set", "forebay.only=events")) {
            List<KilledRun.Writer<Answered>> appenders = new ArrayList<>();
            for (int appender = 0; appender < APPENDERS; appender++) {
                ForebayClient client = forebay.client();
                for (int line = 0; line < AT_A_TIME; line++) {
                    String name = "w" + appender + "-" + line;
                    Random random = new Random(seed + appenders.size());
                    appenders.add(run -> append(client, name, random, run));
                }
            }
            List<Answered> history =
                    KilledRun.of(forebay, KILLS, APPENDS / (KILLS + 1) + 1, new Random(seed), appenders);

            String as = "seed=" + seed;
            List<JsonNode> log = new EventCalls(forebay.client()).all("limit=1000", null);
            assertThat(history).hasSizeGreaterThanOrEqualTo(APPENDS);
            assertThat(log)
                    .as(as)
                    .isEqualTo(history.stream()
                            .flatMap(answered -> answered.events().stream())
                            .sorted(IN_ORDER)
                            .toList());
            assertThat(gapsAndRepetitions(log)).as(as).isEmpty();
            assertThat(wronglyLetThrough(history)).as(as).isEmpty();
            assertThat(wrongStreams(forebay.client(), log)).as(as).isEmpty();
            assertThat(wrongRecords(PlainConsumer.readLog(forebay, log.size(), Map.of()), log))
                    .as(as)
                    .isEmpty();
            assertThat(wronglyRepeated(forebay.client(), history)).as(as).isEmpty();
        }
    }

    private List<Answered> append(ForebayClient client, String appender, Random random, KilledRun run) {
        List<Answered> history = new ArrayList<>();
        for (int n = 0; !run.isOver(); n++) {
            Append append = appends.next(appender + "-" + n, random);
            Answered answered = new Answered(append, untilAnswered(client, append));
            if (random.nextInt(REPEATED) == 0) {
                Reply again = untilAnswered(client, append);
                assertThat(answered.isRepeatedBy(again))
                        .as("%s, then %s", answered, again)
                        .isTrue();
            }
            appends.told(answered);
            history.add(answered);
            run.acknowledged();
        }
        return history;
    }

    private static Reply untilAnswered(ForebayClient client, Append append) {
        return KilledRun.untilAnswered(() -> append.call(client), RandomAppends::isConflict);
    }

    /** Numbers and versions that do not count from one, ids that are there twice, events that are. */
    private static List<String> gapsAndRepetitions(List<JsonNode> log) {
        List<String> wrong = new ArrayList<>();
        Map<String, Long> versions = new HashMap<>();
        Set<String> once = new HashSet<>();
        for (int i = 0; i < log.size(); i++) {
            JsonNode event = log.get(i);
            String stream = text(event, "instance_id");
            boolean counts = sequence(event) == i + 1
                    && event.required("stream_version").asLong() == versions.merge(stream, 1L, Long::sum);
            if (!counts || !once.add(stream + " " + text(event, "id")) || !once.add(text(event, "data"))) {
                wrong.add(event.toString());
            }
        }
        return wrong;
    }

    /** Versions of a stream of which not one append made the next, although several expected them, or one too many. */
    private static List<String> wronglyLetThrough(List<Answered> history) {
        Map<String, Integer> last = new HashMap<>();
        Map<String, List<Answered>> byExpectation = new TreeMap<>();
        for (Answered answered : history) {
            answered.append()
                    .expected()
                    .forEach((stream, version) -> byExpectation
                            .computeIfAbsent(stream + "@" + version, one -> new ArrayList<>())
                            .add(answered));
            for (JsonNode event : answered.events()) {
                last.merge(
                        text(event, "instance_id"),
                        event.required("stream_version").asInt(),
                        Math::max);
            }
        }
        List<String> wrong = new ArrayList<>();
        byExpectation.forEach((expectation, tried) -> {
            String[] parts = expectation.split("@", 2);
            boolean isLast = Integer.parseInt(parts[1]) == last.getOrDefault(parts[0], 0);
            List<Answered> won = tried.stream().filter(Answered::isRecorded).toList();
            if (won.size() != (isLast ? 0 : 1)) {
                wrong.add(expectation + " was met by " + won);
            }
        });
        assertThat(byExpectation.values()).filteredOn(tried -> tried.size() > 1).hasSizeGreaterThan(RACES);
        return wrong;
    }

    /** Streams that have other events when they are read by version. */
    private static List<String> wrongStreams(ForebayClient client, List<JsonNode> log) {
        Map<String, List<JsonNode>> streams = new TreeMap<>();
        log.forEach(event -> streams.computeIfAbsent(text(event, "instance_id"), one -> new ArrayList<>())
                .add(event));
        List<String> wrong = new ArrayList<>();
        streams.forEach((stream, events) -> {
            if (!new EventCalls(client).stream(stream).equals(events)) {
                wrong.add(stream);
            }
        });
        return wrong;
    }

    /** Records of the log that are not the events that are read. */
    private static List<String> wrongRecords(List<ConsumerRecord<String, GenericRecord>> records, List<JsonNode> log) {
        assertThat(records).hasSameSizeAs(log);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            JsonNode event = log.get(i);
            GenericRecord record = records.get(i).value();
            boolean unitLast =
                    i + 1 == log.size() || !log.get(i + 1).required("position").equals(event.required("position"));
            boolean right = records.get(i).key().equals(key(event))
                    && Objects.equals(record.get("sequence_number"), sequence(event))
                    && Objects.equals(
                            record.get("stream_version"),
                            event.required("stream_version").asLong())
                    && isText(record, event, "id")
                    && isText(record, event, "type")
                    && isText(record, event, "domain")
                    && isText(record, event, "instance_id")
                    && isText(record, event, "data")
                    && Objects.equals(record.get("unit_last"), unitLast)
                    && Objects.equals(
                            record.get("inserted_at"),
                            Instant.parse(text(event, "inserted_at")).toEpochMilli());
            if (!right) {
                wrong.add(record + " for " + event);
            }
        }
        return wrong;
    }

    private static String key(JsonNode event) {
        return io.forebay.schemas.path.Path.of(
                        text(event, "domain"), text(event, "instance_id"), text(event, "stream_version"))
                .toString();
    }

    private static boolean isText(GenericRecord record, JsonNode event, String field) {
        return String.valueOf(record.get(field)).equals(text(event, field));
    }

    private static List<String> wronglyRepeated(ForebayClient client, List<Answered> history) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < history.size(); i += REPEATED) {
            Answered answered = history.get(i);
            Reply again = untilAnswered(client, answered.append());
            if (!answered.isRepeatedBy(again)) {
                wrong.add(answered + ", then " + again);
            }
        }
        return wrong;
    }

    private static long sequence(JsonNode event) {
        return event.required("sequence_number").asLong();
    }

    /** A string as it is, anything else as its JSON. */
    private static String text(JsonNode event, String member) {
        JsonNode value = event.required(member);
        return value.isTextual() ? value.asText() : value.toString();
    }
}
