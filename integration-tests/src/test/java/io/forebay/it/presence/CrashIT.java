package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayProcess;
import io.forebay.schemas.avro.PresenceChanged;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final Duration BACK = Duration.ofSeconds(90);

    private record Acknowledged(String path, String key, String body, String answer) {}

    @Test
    void nothingAcknowledgedIsLostAndNothingHappensTwice(@TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayProcess forebay = ForebayProcess.start(data)) {
            AtomicLong acknowledged = new AtomicLong();
            AtomicBoolean stop = new AtomicBoolean();
            List<Acknowledged> history = runUnderKills(forebay, acknowledged, stop, new Random(seed));

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

    private static List<Acknowledged> runUnderKills(
            ForebayProcess forebay, AtomicLong acknowledged, AtomicBoolean stop, Random random) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<List<Acknowledged>>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int own = writer;
                writers.add(pool.submit(() -> write(forebay.client(), own, acknowledged, stop)));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                long target = acknowledged.get() + WRITES_BETWEEN_KILLS / 2 + random.nextInt(WRITES_BETWEEN_KILLS);
                awaitWrites(forebay, writers, acknowledged, target);
                forebay.kill();
                forebay.restart();
            }
            awaitWrites(forebay, writers, acknowledged, acknowledged.get() + WRITES_BETWEEN_KILLS);
            stop.set(true);
            List<Acknowledged> history = new ArrayList<>();
            for (Future<List<Acknowledged>> writer : writers) {
                history.addAll(writer.get());
            }
            return history;
        } finally {
            stop.set(true);
            pool.shutdownNow();
        }
    }

    private static void awaitWrites(
            ForebayProcess forebay, List<Future<List<Acknowledged>>> writers, AtomicLong acknowledged, long target) {
        await("%d writes to be acknowledged".formatted(target))
                .atMost(BACK)
                .failFast(() -> {
                    assertThat(forebay.isAlive()).as(forebay.output()).isTrue();
                    for (Future<List<Acknowledged>> writer : writers) {
                        if (writer.isDone()) {
                            writer.get();
                        }
                    }
                })
                .until(() -> acknowledged.get() >= target);
    }

    private static List<Acknowledged> write(
            ForebayClient client, int writer, AtomicLong acknowledged, AtomicBoolean stop) {
        List<Acknowledged> history = new ArrayList<>();
        for (long n = 1; !stop.get(); n++) {
            for (int user = 1; user <= USERS_PER_WRITER; user++) {
                String path = PresenceCalls.path(Integer.toString(1000 + writer), Integer.toString(user));
                String body = "{\"user\":{\"id\":\"" + user + "\"},\"status\":\"" + (n % 2 == 0 ? "idle" : "online")
                        + "\",\"n\":" + n + "}";
                String key = "writer-" + writer + "-" + user + "-" + n;
                history.add(new Acknowledged(path, key, body, untilAnswered(client, path, key, body)));
                acknowledged.incrementAndGet();
            }
        }
        return history;
    }

    private static String untilAnswered(ForebayClient client, String path, String key, String body) {
        return await("an answer to " + key)
                .atMost(BACK)
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .until(() -> attempt(client, path, key, body), answer -> !answer.isEmpty());
    }

    /** The answer, or an empty string where it is not known whether the write happened. */
    private static String attempt(ForebayClient client, String path, String key, String body) {
        try {
            Reply reply =
                    client.call("PATCH", path).json(body).idempotencyKey(key).send();
            if (reply.status() == 200) {
                return reply.text();
            }
            assertThat(reply.status()).as(reply.text()).isIn(202, 503);
            return "";
        } catch (UncheckedIOException e) {
            return "";
        }
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
