package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayProcess;
import io.forebay.it.stack.KilledRun;
import io.forebay.schemas.avro.PresenceChanged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process, broker and all, is killed under load and started again, five times.
 *
 * <p>Each writer owns users and counts: every update carries the next number and another status, so each is a change. A write that got
 * no answer is repeated under its idempotency key until it has one. What must hold at the end: nothing acknowledged is missing, a
 * repeated id answers what it answered before, and the committed changes of a user count from one without a gap or a repetition.
 */
class CrashIT {
    private static final int KILLS = 5;
    private static final int WRITERS = 4;
    private static final int USERS_PER_WRITER = 5;
    private static final int WRITES_BETWEEN_KILLS = 300;

    private record Acknowledged(String path, String key, String body, String answer) {}

    @Test
    void nothingAcknowledgedIsLostAndNothingHappensTwice(@TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayProcess forebay = ForebayProcess.start(data)) {
            List<KilledRun.Writer<Acknowledged>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int own = writer;
                writers.add(run -> write(forebay.client(), own, run));
            }
            List<Acknowledged> history = KilledRun.of(forebay, KILLS, WRITES_BETWEEN_KILLS, new Random(seed), writers);

            Map<String, Long> last = new TreeMap<>();
            history.forEach(write ->
                    last.merge(write.path(), Json.parse(write.body()).path("n").asLong(), Math::max));
            last.forEach((path, n) -> assertThat(
                            forebay.client().get(path).orFail().json().path("n").asLong())
                    .as("seed=%d %s", seed, path)
                    .isEqualTo(n));
            assertThat(repeatedAnswers(forebay.client(), history))
                    .as("seed=%d", seed)
                    .isEmpty();
            assertThat(chainBreaks(forebay, last)).as("seed=%d", seed).isEmpty();
        }
    }

    private static List<Acknowledged> write(ForebayClient client, int writer, KilledRun run) {
        List<Acknowledged> history = new ArrayList<>();
        for (long n = 1; !run.isOver(); n++) {
            for (int user = 1; user <= USERS_PER_WRITER; user++) {
                String path = PresenceCalls.path(Integer.toString(1000 + writer), Integer.toString(user));
                String body = "{\"user\":{\"id\":\"" + user + "\"},\"status\":\"" + (n % 2 == 0 ? "idle" : "online")
                        + "\",\"n\":" + n + "}";
                String key = "writer-" + writer + "-" + user + "-" + n;
                history.add(new Acknowledged(path, key, body, untilAnswered(client, path, key, body)));
                run.acknowledged();
            }
        }
        return history;
    }

    private static String untilAnswered(ForebayClient client, String path, String key, String body) {
        return KilledRun.untilAnswered(
                        () -> client.call("PATCH", path).json(body).idempotencyKey(key))
                .text();
    }

    private static List<String> repeatedAnswers(ForebayClient client, List<Acknowledged> history) {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < history.size(); i += 7) {
            Acknowledged write = history.get(i);
            String again = untilAnswered(client, write.path(), write.key(), write.body());
            if (!again.equals(write.answer())) {
                differences.add(write + " was answered " + again);
            }
        }
        return differences;
    }

    /** Where the committed changes of a user do not count 1, 2, 3 … to the last acknowledged write. */
    private static List<String> chainBreaks(ForebayProcess forebay, Map<String, Long> last) {
        Map<String, Long> counted = new ConcurrentHashMap<>();
        List<String> breaks = new ArrayList<>();
        try (PresenceTopics topics = new PresenceTopics(forebay)) {
            for (ConsumerRecord<byte[], PresenceChanged> record : topics.changes()) {
                PresenceChanged change = record.value();
                String path = PresenceCalls.path(change.getGuildId(), change.getUserId());
                JsonNode now = Json.parse(change.getNew$());
                long expected = counted.getOrDefault(path, 0L) + 1;
                if (now.path("n").asLong() != expected) {
                    breaks.add(path + ": expected " + expected + ", told " + now);
                }
                counted.put(path, now.path("n").asLong());
            }
        }
        last.forEach((path, n) -> {
            if (!n.equals(counted.get(path))) {
                breaks.add(path + ": acknowledged up to " + n + ", told up to " + counted.get(path));
            }
        });
        return breaks;
    }
}
