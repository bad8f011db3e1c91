package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.keys.KeysFlow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances share the partitions of one deployment: an entry is loaded once, whichever of them is asked. */
class TwoInstancesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int KEYS = 8;
    private static final int MOST_ENTRIES = 6;
    private static final int READERS = 10;

    @AutoClose
    private static final TwoInstances BOTH = TwoInstances.with(
            ForebayStack.small(
                    ClusterProvider.shared(),
                    Map.of(
                            "forebay.only",
                            "keys",
                            "forebay.cache.lease",
                            LEASE.toMillis() + "ms",
                            "forebay.cache.entries.stale.stale.while.revalidate",
                            "1h",
                            "forebay.cache.entries.bounded.max",
                            Integer.toString(MOST_ENTRIES))),
            KeysFlow.CAPABILITY);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private String cache = "";

    @BeforeEach
    void nameCache() {
        cache = "c" + System.nanoTime();
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private CacheCalls on(int instance) {
        return new CacheCalls(instance % 2 == 0 ? BOTH.first() : BOTH.second(), cache);
    }

    /** Asks, and loads if it is told to, as a caller does. */
    private String read(int reader, String key, AtomicInteger loads) {
        Reply reply = on(reader).ask(key, "600", 30);
        if (reply.isSuccess()) {
            return reply.text();
        }
        String value = "{\"loaded\":" + loads.incrementAndGet() + "}";
        Reply filled = on(reader).fill(key, CacheCalls.lease(reply), value).orFail();
        assertThat(filled.text()).isEqualTo("{\"kept\":true}");
        return value;
    }

    @Test
    void manyReadersOfBothLoadOnce() {
        List<AtomicInteger> loads = new ArrayList<>();
        List<CompletableFuture<String>> values = new ArrayList<>();
        for (int k = 0; k < KEYS; k++) {
            AtomicInteger loaded = new AtomicInteger();
            loads.add(loaded);
            for (int reader = 0; reader < READERS; reader++) {
                int asked = reader;
                String key = "k" + k;
                values.add(CompletableFuture.supplyAsync(() -> read(asked, key, loaded), threads));
            }
        }

        assertThat(values)
                .allSatisfy(value ->
                        assertThat(value.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo("{\"loaded\":1}"));
        assertThat(loads).allSatisfy(loaded -> assertThat(loaded).hasValue(1));
    }

    @Test
    void whoWaitsIsWokenByAFillOnTheOtherInstance() {
        String lease = CacheCalls.lease(on(0).ask("k", "\"infinity\"", 0));
        CompletableFuture<Reply> waiting =
                CompletableFuture.supplyAsync(() -> on(1).ask("k", "\"infinity\"", 30), threads);
        assertThat(on(1).ask("k", "\"infinity\"", 0).code()).isEqualTo("load_in_progress");

        on(0).fill("k", lease, "null").orFail();

        Reply woken = waiting.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(woken.toString()).isEqualTo("200 null");
        assertThat(on(0).ask("k", "\"infinity\"", 0).header("Cache-Status")).isEqualTo("forebay; hit");
    }

    @Test
    void aLeaseGivenUpGoesToTheNextReader() {
        String lease = CacheCalls.lease(on(0).ask("k", "5", 0));
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> on(1).ask("k", "5", 30), threads);

        assertThat(on(1).giveUp("k", lease).status()).isEqualTo(204);

        String next = CacheCalls.lease(waiting.orTimeout(20, TimeUnit.SECONDS).join());
        assertThat(on(0).fill("k", lease, "1").code()).isEqualTo("lease_not_held");
        assertThat(on(0).fill("k", next, "2").text()).isEqualTo("{\"kept\":true}");
    }

    @Test
    void aLeaseThatIsNotUsedGoesToTheNextReaderAfterItsTime() {
        CacheCalls.lease(on(0).ask("k", "5", 0));

        Reply next = on(1).ask("k", "5", 30);

        assertThat(on(1).fill("k", CacheCalls.lease(next), "1").text()).isEqualTo("{\"kept\":true}");
    }

    @Test
    void whatWasLoadedBeforeAnInvalidationIsNotKept() {
        String byKey = CacheCalls.lease(on(0).ask("k", "5", 0));
        on(1).invalidate("k").orFail();
        String byTag = CacheCalls.lease(on(0).ask("t", "5", 0));
        on(1).invalidateTag("all").orFail();

        assertThat(on(0).fill("k", byKey, "\"old\"").text()).isEqualTo("{\"kept\":false}");
        assertThat(on(0).fill("t", byTag, "\"old\"", "all").text()).isEqualTo("{\"kept\":false}");
        assertThat(on(1).ask("k", "\"infinity\"", 0).code()).isEqualTo("not_cached");
        assertThat(on(1).ask("t", "\"infinity\"", 0).code()).isEqualTo("not_cached");
    }

    @Test
    void aLifetimePassesAndReadingStartsItAnew() {
        on(0).fill("k", CacheCalls.lease(on(0).ask("k", "2", 0)), "1").orFail();
        assertThat(on(1).ask("k", "2", 0).text()).isEqualTo("1");

        await("the entry to expire")
                .atMost(SOON)
                .pollInterval(Duration.ofSeconds(3))
                .until(() -> on(1).ask("k", "2", 0).code().equals("not_cached"));

        assertThat(on(0).ask("k", "\"infinity\"", 0).text()).isEqualTo("1");
    }

    @Test
    void oneReaderOfBothIsToldToLoadWhatIsStaleAndTheOthersTakeIt() {
        cache = "stale";
        on(0).fill("k", CacheCalls.lease(on(0).ask("k", "1", 0)), "1").orFail();
        List<Reply> replies = new ArrayList<>();
        await("the entry to be stale")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(1_500))
                .until(() ->
                        replies.add(on(1).ask("k", "1", 0)) && CacheCalls.isStale(replies.get(replies.size() - 1)));

        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
            int instance = reader;
            asked.add(CompletableFuture.supplyAsync(() -> on(instance).ask("k", "1", 0), threads));
        }
        asked.forEach(reply -> replies.add(reply.orTimeout(60, TimeUnit.SECONDS).join()));

        assertThat(replies).allSatisfy(reply -> assertThat(reply.toString()).isEqualTo("200 1"));
        List<String> leases = replies.stream()
                .flatMap(reply -> Optional.ofNullable(reply.header("Forebay-Lease")).stream())
                .toList();
        assertThat(leases).hasSize(1);
        assertThat(on(0).fill("k", leases.get(0), "2").text()).isEqualTo("{\"kept\":true}");
        assertThat(on(1).ask("k", "60", 0).toString()).isEqualTo("200 2");
    }

    @Test
    void aRefreshThatBeganBeforeAnInvalidationIsNotKeptAndTheOlderValueIsGone() {
        cache = "stale";
        on(0).fill("i", CacheCalls.lease(on(0).ask("i", "1", 0)), "\"old\"").orFail();
        Reply stale = await("the entry to be stale")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(1_500))
                .until(() -> on(1).ask("i", "1", 0), CacheCalls::isStale);
        String lease = Objects.requireNonNull(stale.header("Forebay-Lease"));

        on(0).invalidate("i").orFail();

        String next = CacheCalls.lease(on(1).ask("i", "1", 0));
        assertThat(on(1).fill("i", lease, "\"old\"").text()).isEqualTo("{\"kept\":false}");
        assertThat(on(0).ask("i", "1", 0).code()).isEqualTo("load_in_progress");
        assertThat(on(0).fill("i", next, "\"new\"").text()).isEqualTo("{\"kept\":true}");
    }

    @Test
    void aCacheHasNoMoreEntriesThanItMayHave() {
        cache = "bounded";
        int filled = 20;
        for (int i = 0; i < filled; i++) {
            on(i).fill("e" + i, CacheCalls.lease(on(i).ask("e" + i, "60", 0)), "1")
                    .orFail();
        }

        List<Integer> there = IntStream.range(0, filled)
                .filter(i -> on(i).ask("e" + i, "60", 0).isSuccess())
                .boxed()
                .toList();

        assertThat(there).hasSize(MOST_ENTRIES).contains(filled - 1);
        assertThat(evictions(0) + evictions(1)).isGreaterThanOrEqualTo(filled - MOST_ENTRIES);
    }

    private double evictions(int instance) {
        return CacheCalls.evictions(instance == 0 ? BOTH.first() : BOTH.second(), cache);
    }
}
