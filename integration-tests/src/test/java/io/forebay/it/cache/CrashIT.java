package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.keys.KeyTopics;
import io.forebay.it.stack.ForebayProcess;
import io.forebay.it.stack.KilledRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process, broker and all, is killed three times while entries are filled and invalidated.
 *
 * <p>Each writer loads entries of its own. Some stay; some are invalidated, by key, tag or match; of some the load begins before an
 * invalidation and fills after it. What got no answer is repeated until it has one. After each start, and whenever a writer looks: what
 * was invalidated is not there, and what was filled and not invalidated is. At the end the store holds just these.
 */
class CrashIT {
    private static final int KILLS = 3;
    private static final int WRITERS = 4;
    private static final int WRITES_BETWEEN_KILLS = 50;

    /** Invalidated entries that are asked for after a start; each takes a command. */
    private static final int LOOKED_FOR = 25;

    private static final String CACHE = "crash";
    private static final Duration SOON = Duration.ofSeconds(20);

    /** What becomes of an entry. */
    private enum End {
        STAYS,
        INVALIDATED,
        OUTDATED
    }

    private record Entry(String key, String value, End end) {
        boolean stays() {
            return end == End.STAYS;
        }
    }

    private final Queue<Entry> acknowledged = new ConcurrentLinkedQueue<>();

    @Test
    void nothingInvalidatedIsFoundAndNothingFilledIsLost(@TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        try (ForebayProcess forebay = ForebayProcess.start(data, "--set", "forebay.cache.lease=3s")) {
            List<KilledRun.Writer<Entry>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String name = "w" + writer;
                Random random = new Random(seed + writer);
                writers.add(run -> write(forebay.client(), name, random, run));
            }
            List<Entry> entries = KilledRun.of(
                    forebay,
                    KILLS,
                    WRITES_BETWEEN_KILLS,
                    new Random(seed),
                    writers,
                    () -> assertThat(wrong(forebay.client()))
                            .as("seed=%d", seed)
                            .isEmpty());

            Set<String> staying = entries.stream()
                    .filter(Entry::stays)
                    .map(entry -> "cache%3A" + CACHE + "/" + entry.key())
                    .collect(Collectors.toSet());
            assertThat(wrong(forebay.client())).as("seed=%d", seed).isEmpty();
            try (KeyTopics topics = new KeyTopics(forebay)) {
                await("the store to hold just what stays")
                        .atMost(SOON)
                        .untilAsserted(() ->
                                assertThat(topics.stored()).as("seed=%d", seed).isEqualTo(staying));
                assertThat(topics.changes()).isEmpty();
            }
        }
    }

    private List<Entry> write(ForebayClient client, String writer, Random random, KilledRun run) {
        List<Entry> entries = new ArrayList<>();
        for (int n = 0; !run.isOver(); n++) {
            End end = End.values()[random.nextInt(End.values().length)];
            Entry entry = new Entry(writer + "/" + n, "\"" + writer + "-" + n + "\"", end);
            Call invalidation = invalidation(client, entry.key(), random.nextInt(3));
            if (end == End.OUTDATED) {
                fillAfter(client, entry, invalidation);
            } else {
                fill(client, entry);
            }
            if (end == End.INVALIDATED) {
                KilledRun.untilAnswered(() -> invalidation);
            }
            entries.add(entry);
            acknowledged.add(entry);
            run.acknowledged();
            look(client, entries.get(random.nextInt(entries.size())));
        }
        return entries;
    }

    private static String path(String key) {
        return "/v1/caches/" + CACHE + "/" + key;
    }

    private static Call invalidation(ForebayClient client, String key, int how) {
        String target = switch (how) {
            case 0 -> path(key);
            case 1 -> "/v1/caches/" + CACHE + "?tag=" + tag(key);
            default -> "/v1/caches/" + CACHE + "?match=" + key + "/**";
        };
        return client.call("DELETE", target).idempotencyKey(key + "-invalidation");
    }

    private static String tag(String key) {
        return key.replace('/', '-');
    }

    /** A lease whose answer got lost holds for its time. */
    private static String lease(ForebayClient client, String key) {
        return CacheCalls.lease(KilledRun.untilAnswered(
                () -> client.call("POST", path(key)).prefer("wait=0").json("{}"),
                reply -> reply.code().equals("not_cached")));
    }

    private static Reply fill(ForebayClient client, Entry entry, String lease) {
        return KilledRun.untilAnswered(
                () -> client.call("PUT", path(entry.key()) + "?tag=" + tag(entry.key()))
                        .header("Forebay-Lease", lease)
                        .idempotencyKey(entry.key() + "-" + lease)
                        .json(entry.value()),
                reply -> reply.code().equals("lease_not_held"));
    }

    /** Loads again where the lease had its time while the process was away. */
    private static void fill(ForebayClient client, Entry entry) {
        Reply filled;
        do {
            filled = fill(client, entry, lease(client, entry.key()));
        } while (!filled.isSuccess());
        assertThat(filled.text()).as("%s", entry).isEqualTo("{\"kept\":true}");
    }

    private static void fillAfter(ForebayClient client, Entry entry, Call invalidation) {
        String lease = lease(client, entry.key());
        KilledRun.untilAnswered(() -> invalidation);
        assertThat(fill(client, entry, lease).text()).as("%s", entry).doesNotContain("true");
    }

    /** What is answered about an entry fits what became of it; nothing is said where no answer comes. */
    private static void look(ForebayClient client, Entry entry) {
        Reply reply;
        try {
            reply = ask(client, entry);
        } catch (java.io.UncheckedIOException e) {
            return;
        }
        if (entry.stays() ? reply.status() != 503 : reply.isSuccess()) {
            assertThat(found(reply)).as("%s", entry).isEqualTo(entry.stays() ? entry.value() : "nothing");
        }
    }

    private List<String> wrong(ForebayClient client) {
        List<Entry> all = List.copyOf(acknowledged);
        List<Entry> gone = all.stream().filter(entry -> !entry.stays()).toList();
        List<Entry> looked = new ArrayList<>(all.stream().filter(Entry::stays).toList());
        looked.addAll(gone.subList(Math.max(0, gone.size() - LOOKED_FOR), gone.size()));
        return looked.stream()
                .filter(entry -> !found(ask(client, entry)).equals(entry.stays() ? entry.value() : "nothing"))
                .map(Entry::toString)
                .toList();
    }

    private static Reply ask(ForebayClient client, Entry entry) {
        return client.call("POST", path(entry.key()))
                .prefer("wait=0")
                .json("{}")
                .send();
    }

    private static String found(Reply reply) {
        return reply.isSuccess() ? reply.text() : "nothing";
    }
}
