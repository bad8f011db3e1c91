package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.state.CacheKey;
import io.forebay.cache.state.Limits;
import io.forebay.command.Outcome;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.query.CountKeys;
import io.forebay.schemas.avro.CacheLimit;
import io.forebay.schemas.avro.LimitCaches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many entries a cache may have, and which go. */
class CacheLimitsTest {

    private static final int NAMES = 8;
    private static final int CARRIED_PER_TICK = 2;
    private static final KeysConfig SMALL = new KeysConfig(1024, 1024, 100, 100, 3, CARRIED_PER_TICK);

    @TempDir
    Path dir;

    private void given(Consumer<CacheDriver> test) {
        try (CacheDriver caches = new CacheDriver(dir, SMALL)) {
            test.accept(caches);
        }
    }

    private static String key(Object name) {
        return "cache%3Aposts/" + name;
    }

    private static void load(CacheDriver caches, Object... names) {
        for (Object name : names) {
            caches.load(key(name), null, "\"" + name + "\"");
            caches.advance(1);
        }
    }

    private static List<Integer> there(CacheDriver caches, int names) {
        return IntStream.range(0, names)
                .filter(name -> caches.get(key(name)) != null)
                .boxed()
                .toList();
    }

    private static long count(CacheDriver caches) {
        return caches.flow.ask(new CountKeys(CacheKey.namespace("posts")));
    }

    private static long evictions(CacheDriver caches) {
        return caches.stats.of("posts").evictions();
    }

    @Test
    void theOneThatWasUsedTheLongestAgoMakesRoom() {
        given(caches -> {
            caches.limit("posts", 3);
            load(caches, 0, 1, 2);
            caches.touch(key(0), caches.flow.now());

            load(caches, 3);

            assertThat(there(caches, 4)).containsExactly(0, 2, 3);
            assertThat(count(caches)).isEqualTo(3);
            assertThat(evictions(caches)).isEqualTo(1);
        });
    }

    @Test
    void aFreshReadCountsAsUseAndAStaleOneDoesNot() {
        given(caches -> {
            caches.limit("posts", 3);
            load(caches, 0, 1, 2);
            caches.advance(5_000);
            caches.beginStale(key(0), 5, 60_000);
            caches.begin(key(1), 60L, "");

            load(caches, 3, 4);

            assertThat(there(caches, 5)).containsExactly(1, 3, 4);
        });
    }

    @Test
    void oneThatIsFilledAnewTakesNoRoom() {
        given(caches -> {
            caches.limit("posts", 2);
            load(caches, 0, 1);

            caches.load(key(0), 0L, "new");

            assertThat(there(caches, 2)).containsExactly(0, 1);
            assertThat(evictions(caches)).isZero();
        });
    }

    @Test
    void aCacheOfOneEntryHasTheLast() {
        given(caches -> {
            caches.limit("posts", 1);

            load(caches, 0, 1, 2);

            assertThat(there(caches, 3)).containsExactly(2);
        });
    }

    @Test
    void theLimitIsOfOneCache() {
        given(caches -> {
            caches.limit("posts", 1);
            caches.load("cache%3Aother/0", null, "0");
            caches.load("cache%3Aother/1", null, "1");
            load(caches, 0, 1);

            assertThat(caches.get("cache%3Aother/0")).isEqualTo("0");
            caches.limit("other", 2);
            load(caches, 2);
            assertThat(there(caches, 3)).containsExactly(1, 2);
        });
    }

    @Test
    void anEntryThatIsTakenOutIsLoadedAgainAndNothingIsTold() {
        given(caches -> {
            caches.limit("posts", 1);
            load(caches, 0, 1);

            assertThat(caches.begin(key(0), null, "")).startsWith("{\"lease\":");
            assertThat(caches.flow.told()).isEmpty();
        });
    }

    @Test
    void aRefreshFillsWhatWasTakenOutMeanwhile() {
        given(caches -> {
            caches.limit("posts", 2);
            caches.load(key(0), 5L, "old");
            caches.advance(5_000);
            String told = caches.beginStale(key(0), 5, 60_000);
            load(caches, 1, 2);
            assertThat(caches.get(key(0))).isNull();

            caches.fill(key(0), Long.parseLong(told.substring(10, told.indexOf('"', 10))), "new");

            assertThat(caches.get(key(0))).isEqualTo("new");
            assertThat(there(caches, 3)).containsExactly(0, 2);
        });
    }

    @Test
    void aLimitSurvivesARestart() {
        given(caches -> {
            caches.limit("posts", 3);
            load(caches, 0, 1, 2);

            caches.flow.restart();
            load(caches, 3);

            assertThat(there(caches, 4)).containsExactly(1, 2, 3);
        });
    }

    @Test
    void aLowerLimitAfterARestartIsReachedPieceByPiece() {
        given(caches -> {
            caches.limit("posts", 100);
            load(caches, IntStream.range(0, 20).boxed().toArray());
            caches.flow.restart();

            caches.limit("posts", 5);
            List<Long> counts = new ArrayList<>();
            for (int ticks = 0; ticks < 10; ticks++) {
                caches.flow.runOneTick();
                counts.add(count(caches));
            }

            assertThat(counts).containsExactly(18L, 16L, 14L, 12L, 10L, 8L, 6L, 5L, 5L, 5L);
            assertThat(there(caches, 20)).containsExactly(15, 16, 17, 18, 19);
            assertThat(evictions(caches)).isEqualTo(15);
            assertThat(caches.flow.runTicks()).isZero();
        });
    }

    @Test
    void fillsReachALowerLimitToo() {
        given(caches -> {
            load(caches, IntStream.range(0, 10).boxed().toArray());
            caches.limit("posts", 7);

            load(caches, 10);
            assertThat(count(caches)).isEqualTo(9);
            load(caches, 11, 12);
            assertThat(count(caches)).isEqualTo(7);
            load(caches, 13);

            assertThat(there(caches, 14)).containsExactly(7, 8, 9, 10, 11, 12, 13);
        });
    }

    @Test
    void withoutItsLimitACacheGrows() {
        given(caches -> {
            caches.limit("posts", 2);
            load(caches, 0, 1, 2);
            caches.limit("other", 2);

            load(caches, 3, 4);

            assertThat(there(caches, 5)).containsExactly(1, 2, 3, 4);
        });
    }

    @Test
    void whatIsInvalidatedIsCarriedAwayBeforeAnythingIsTakenOut() {
        given(caches -> {
            for (int name = 0; name < 8; name++) {
                caches.load(key(name), null, "1", name < 2 ? "kept" : "gone");
                caches.advance(1);
            }
            caches.invalidateTag("posts", "gone");

            caches.limit("posts", 2);
            assertThat(caches.flow.runTicks()).isPositive();

            assertThat(there(caches, 8)).containsExactly(0, 1);
            assertThat(count(caches)).isEqualTo(2);
            assertThat(evictions(caches)).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void thereAreNeverMoreAndThoseOfTheLatestUseStay(long seed) {
        int limit = 4;
        int steps = 80;
        Random random = new Random(seed);
        Map<Integer, Long> uses = new TreeMap<>();
        given(caches -> {
            caches.limit("posts", limit);
            for (int step = 0; step < steps; step++) {
                if (step == steps / 2) {
                    caches.flow.restart();
                }
                caches.advance(1);
                use(caches, random, uses, limit);
                assertThat(there(caches, NAMES))
                        .as("seed %d, step %d", seed, step)
                        .containsExactlyElementsOf(uses.keySet());
                assertThat(count(caches)).as("seed %d, step %d", seed, step).isEqualTo(uses.size());
            }
        });
    }

    /** One command to a random entry, and what it means for when the entries of a cache with a limit were last used. */
    private static void use(CacheDriver caches, Random random, Map<Integer, Long> uses, int limit) {
        int name = random.nextInt(NAMES);
        long now = caches.flow.now();
        switch (random.nextInt(8)) {
            case 0 -> {
                caches.invalidate(key(name));
                uses.remove(name);
            }
            case 1, 2 -> {
                caches.touch(key(name), now);
                uses.computeIfPresent(name, (present, before) -> now);
            }
            default -> {
                caches.load(key(name), 0L, "1");
                uses.put(name, now);
                if (uses.size() > limit) {
                    uses.values().remove(Collections.min(uses.values()));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 4", "4, 4", "1000003, 8", "7, 1"})
    void theSharesOfAllPartitionsAddUp(long entries, int partitions) {
        List<Long> shares = IntStream.range(0, partitions)
                .mapToObj(partition -> Limits.share(entries, partitions, partition))
                .toList();

        assertThat(shares.stream().mapToLong(Long::longValue).sum()).isEqualTo(entries);
        assertThat(shares).allMatch(share -> share >= 1);
    }

    @Test
    void whatIsWrongIsRefusedAndTheOldLimitStays() {
        given(caches -> {
            caches.limit("posts", 1);

            assertThat(refused(caches, new CacheLimit("posts", 0L))).isEqualTo("invalid /limits/0/entries");
            assertThat(refused(caches, new CacheLimit("", 5L))).isEqualTo("invalid /limits/0/cache");
            assertThat(refused(caches, new CacheLimit("a", 5L), new CacheLimit("a", 6L)))
                    .isEqualTo("invalid /limits/1/cache");
            CacheLimit[] many = LongStream.range(0, 1_001)
                    .mapToObj(name -> new CacheLimit("c" + name, 5L))
                    .toArray(CacheLimit[]::new);
            assertThat(refused(caches, many)).isEqualTo("too_large /limits");

            load(caches, 0, 1);
            assertThat(there(caches, 2)).containsExactly(1);
        });
    }

    private static String refused(CacheDriver caches, CacheLimit... limits) {
        Outcome outcome = caches.decide(null, new LimitCaches(List.of(limits)));
        return outcome.code() + " " + outcome.field();
    }
}
