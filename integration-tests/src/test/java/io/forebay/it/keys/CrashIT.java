package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.stack.ForebayProcess;
import io.forebay.it.stack.KilledRun;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.avro.KeyChanged;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process, broker and all, is killed five times under a load of sessions.
 *
 * <p>Each writer opens sessions of its own users: some live for a second or less, some as long as the test, some are put again before
 * their end, some are deleted. A write that got no answer is repeated under its idempotency key until it has one. Whenever a writer
 * looks, a session whose lifetime is over is not there, and one that must live is. What must hold at the end: every session is told as put,
 * and those that ended are told as ended exactly once and after that put, whichever way they ended.
 */
class CrashIT {
    private static final int KILLS = 5;
    private static final int WRITERS = 4;
    private static final int WRITES_BETWEEN_KILLS = 300;
    private static final Duration SHORT = Duration.ofMillis(800);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(20);

    /** How a session ends. */
    private enum End {
        EXPIRED,
        RENEWED,
        DELETED,
        NEVER
    }

    /**
     * @param goneAtNanos from when on it may not be read; for one that expires only
     */
    private record Session(String key, String value, End end, long goneAtNanos) {
        String path() {
            return "/v1/keys/" + key;
        }
    }

    @Test
    void noSessionIsLostOrReadableAfterItsEnd(@TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayProcess forebay = ForebayProcess.start(data)) {
            List<KilledRun.Writer<Session>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String user = "u" + writer;
                Random random = new Random(seed + writer);
                writers.add(run -> write(forebay.client(), user, random, run));
            }
            List<Session> sessions = KilledRun.of(forebay, KILLS, WRITES_BETWEEN_KILLS, new Random(seed), writers);

            Map<String, String> live = sessions.stream()
                    .filter(session -> session.end() == End.NEVER || session.end() == End.RENEWED)
                    .collect(Collectors.toMap(Session::key, Session::value, (a, b) -> b, TreeMap::new));
            await("short lifetimes to be over")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(stored(forebay.client()))
                            .as("seed=%d", seed)
                            .isEqualTo(live));
            await("every end to be told")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(wronglyTold(forebay, sessions))
                            .as("seed=%d", seed)
                            .isEmpty());
        }
    }

    private static List<Session> write(ForebayClient client, String user, Random random, KilledRun run) {
        List<Session> sessions = new ArrayList<>();
        for (int n = 0; !run.isOver(); n++) {
            End end = End.values()[random.nextInt(End.values().length)];
            Session session = open(client, "sessions/users/" + user + "/" + n, "\"" + user + "-" + n + "\"", end);
            sessions.add(session);
            run.acknowledged();
            look(client, sessions.get(random.nextInt(sessions.size())));
        }
        return sessions;
    }

    private static Session open(ForebayClient client, String key, String value, End end) {
        Duration ttl = end == End.EXPIRED ? SHORT : LONG;
        put(client, key, value, end == End.RENEWED ? Duration.ofSeconds(30) : ttl, "open");
        if (end == End.RENEWED) {
            put(client, key, value, LONG, "again");
        }
        if (end == End.DELETED) {
            KilledRun.untilAnswered(
                    () -> client.call("DELETE", "/v1/keys/" + key).idempotencyKey(key + "-delete"));
        }
        return new Session(key, value, end, System.nanoTime() + ttl.toNanos());
    }

    private static void put(ForebayClient client, String key, String value, Duration ttl, String step) {
        KilledRun.untilAnswered(() -> client.call("PUT", "/v1/keys/" + key + "?ttl_ms=" + ttl.toMillis())
                .json(value)
                .idempotencyKey(key + "-" + step));
    }

    /** What is answered about a session fits its life; nothing is said where no answer comes. */
    private static void look(ForebayClient client, Session session) {
        long before = System.nanoTime();
        Reply reply;
        try {
            reply = client.get(session.path());
        } catch (java.io.UncheckedIOException e) {
            return;
        }
        if (reply.status() == 503) {
            return;
        }
        boolean mustBeGone =
                session.end() == End.DELETED || (session.end() == End.EXPIRED && before > session.goneAtNanos());
        boolean mustBeThere = session.end() == End.NEVER || session.end() == End.RENEWED;
        if (mustBeGone) {
            assertThat(reply.status()).as("%s", session).isEqualTo(404);
        }
        if (mustBeThere) {
            assertThat(reply.text()).as("%s", session).isEqualTo(session.value());
        }
    }

    private static Map<String, String> stored(ForebayClient client) {
        Map<String, String> stored = new TreeMap<>();
        new KeyCalls(client)
                .list("sessions", "**", 1000, null)
                .orFail()
                .records()
                .forEach(record -> stored.put(
                        "sessions/users/" + record.at("/key/1").asText() + "/"
                                + record.at("/key/2").asText(),
                        record.path("value").toString()));
        return stored;
    }

    /** Sessions whose committed changes are not those of their life, in order and each once. */
    private static List<String> wronglyTold(ForebayProcess forebay, List<Session> sessions) {
        Map<String, List<String>> told = new TreeMap<>();
        try (KeyTopics topics = new KeyTopics(forebay)) {
            for (ConsumerRecord<byte[], KeyChanged> record : topics.changes()) {
                KeyChanged change = record.value();
                told.computeIfAbsent(change.getKey(), key -> new ArrayList<>())
                        .add(change.getType() + "="
                                + StandardCharsets.UTF_8.decode(
                                        change.getValue().duplicate()));
            }
        }
        List<String> wrong = new ArrayList<>();
        for (Session session : sessions) {
            List<String> expected = new ArrayList<>(List.of(KeyChange.put + "=" + session.value()));
            switch (session.end()) {
                case EXPIRED -> expected.add(KeyChange.expired + "=" + session.value());
                case DELETED -> expected.add(KeyChange.deleted + "=" + session.value());
                case RENEWED -> expected.add(KeyChange.put + "=" + session.value());
                case NEVER -> {}
            }
            List<String> got = Objects.requireNonNullElse(told.get(session.key()), List.of());
            if (!got.equals(expected)) {
                wrong.add(session + " was told as " + got);
            }
        }
        return wrong;
    }
}
