package io.forebay.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.keys.query.CountKeys;
import io.forebay.keys.query.GetKeys;
import io.forebay.keys.query.KeyEntry;
import io.forebay.keys.query.MatchKeys;
import io.forebay.schemas.avro.PutKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lifetimes that reads start anew, and what the log hears of it. */
class SlidingKeysTest {

    @TempDir
    Path dir;

    @Test
    void aReadStartsTheLifetimeAnew() {
        with(keys -> {
            keys.put(sliding("n/k", 1_000));
            keys.told();
            for (int i = 0; i < 5; i++) {
                pass(keys, 999);
                assertThat(keys.find("n/k").expiresAt()).isEqualTo(keys.flow.now() + 1_000);
                keys.flow.runTicks();
            }
            pass(keys, 999);
            assertThat(keys.match("n/*", 10)).as("a list starts nothing anew").hasSize(1);
            assertThat(keys.flow.ask(new CountKeys("n"))).isEqualTo(1);
            pass(keys, 1);
            assertThat(keys.match("n/*", 10)).isEmpty();
            assertThat(keys.flow.ask(new CountKeys("n"))).isZero();
            assertThat(keys.get("n/k")).isNull();
            assertThat(keys.told()).isEmpty();
            pass(keys, 500);
            keys.flow.runTicks();
            assertThat(keys.told()).containsExactly("expired n/k=v");
        });
    }

    @Test
    void readsOfSeveralKeysStartTheirLifetimesAnew() {
        with(keys -> {
            keys.put(sliding("n/a", 1_000), sliding("n/b", 1_000), KeysDriver.put("n/c", "v", 1_000L));
            pass(keys, 999);
            keys.flow.ask(new GetKeys(List.of("n/a", "n/b", "n/c")));
            pass(keys, 1);
            assertThat(keys.match("n/*", 10)).containsExactly("n/a=v", "n/b=v");
        });
    }

    @Test
    void theLogHearsOfAKeyOnceInATenthOfItsLifetime() {
        with(keys -> {
            keys.put(sliding("n/k", 100_000));
            keys.flow.runTicks();
            int appended = 0;
            for (int i = 0; i < 300; i++) {
                pass(keys, 100);
                assertThat(keys.get("n/k")).isEqualTo("v");
                appended += keys.flow.runTicks();
            }
            assertThat(appended).as("30 of 100 seconds").isEqualTo(3);
        });
    }

    @Test
    void aReadJustBeforeTheEndIsToldBeforeTheEndIs() {
        with(keys -> {
            keys.put(sliding("n/k", 1_000));
            keys.told();
            pass(keys, 999);
            assertThat(keys.get("n/k")).isEqualTo("v");
            pass(keys, 400);
            keys.flow.runTicks();
            keys.flow.runTicks();
            assertThat(keys.told()).isEmpty();
            keys.flow.restart();
            assertThat(keys.match("n/*", 10)).hasSize(1);
            pass(keys, 600);
            assertThat(keys.match("n/*", 10)).isEmpty();
        });
    }

    @Test
    void aFailoverShortensALifetimeByATenthAtTheMost() {
        with(keys -> {
            keys.put(sliding("n/k", 1_000));
            pass(keys, 99);
            keys.get("n/k");
            keys.flow.runTicks();
            keys.flow.restart();
            pass(keys, 900);
            assertThat(keys.match("n/*", 10)).as("999 after the put").hasSize(1);
            pass(keys, 1);
            assertThat(keys.match("n/*", 10)).isEmpty();
        });
    }

    @Test
    void aPutBeginsALifeOfItsOwn() {
        with(keys -> {
            keys.put(sliding("n/k", 10_000));
            pass(keys, 5_000);
            keys.get("n/k");
            keys.put(sliding("n/k", 1_000));
            pass(keys, 1_000);
            assertThat(keys.get("n/k")).isNull();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsAgreeWithAMapOfLastReads(long seed) {
        Random random = new Random(seed);
        with(keys -> {
            Map<String, Long> ends = new HashMap<>();
            Map<String, Long> lifetimes = new HashMap<>();
            for (int step = 0; step < 600; step++) {
                String when = "seed " + seed + ", step " + step;
                String key = "n/" + random.nextInt(6);
                long now = keys.flow.now();
                Map<String, Long> before = Map.copyOf(ends);
                switch (random.nextInt(20)) {
                    case 0, 1 -> {
                        long lifetime = 500L * (1 + random.nextInt(4));
                        keys.put(sliding(key, lifetime));
                        ends.put(key, now + lifetime);
                        lifetimes.put(key, lifetime);
                    }
                    case 2 -> {
                        keys.delete(key);
                        ends.remove(key);
                    }
                    case 3 -> {
                        keys.flow.restart();
                        ends.replaceAll((path, end) -> stored(keys, path, end, lifetimes.getOrDefault(path, 0L), when));
                    }
                    case 4, 5, 6, 7, 8 -> {
                        boolean live = ends.getOrDefault(key, 0L) > now;
                        assertThat(keys.get(key) != null)
                                .as("%s: %s", when, key)
                                .isEqualTo(live);
                        if (live) {
                            ends.put(key, now + lifetimes.getOrDefault(key, 0L));
                        }
                    }
                    default -> pass(keys, random.nextInt(200));
                }
                keys.flow.runTicks();
                long later = keys.flow.now();
                assertThat(keys.match("n/*", 10))
                        .as(when)
                        .containsExactlyElementsOf(ends.entrySet().stream()
                                .filter(end -> end.getValue() > later)
                                .map(end -> end.getKey() + "=v")
                                .sorted()
                                .toList());
                for (String told : keys.told()) {
                    if (told.startsWith("expired")) {
                        String path = told.substring(8, told.indexOf('='));
                        assertThat(before.getOrDefault(path, 0L))
                                .as("%s: %s", when, told)
                                .isLessThanOrEqualTo(later);
                    }
                }
            }
        });
    }

    /** The end that a new owner knows: at the most a tenth of the lifetime earlier. */
    private static long stored(KeysDriver keys, String key, long end, long lifetime, String when) {
        long now = keys.flow.now();
        List<KeyEntry> entries = keys.flow.ask(new MatchKeys(key, null, 1)).entries();
        if (entries.isEmpty()) {
            assertThat(end - lifetime / 10).as("%s: %s", when, key).isLessThanOrEqualTo(now);
            return Math.min(end, now);
        }
        long stored = Objects.requireNonNull(entries.get(0).expiresAt());
        assertThat(stored).as("%s: %s", when, key).isBetween(end - lifetime / 10, end);
        return stored;
    }

    private static PutKey sliding(String key, long lifetime) {
        return PutKey.newBuilder(KeysDriver.put(key, "v", lifetime))
                .setSliding(true)
                .build();
    }

    private static void pass(KeysDriver keys, long millis) {
        keys.flow.advance(Duration.ofMillis(millis));
    }

    private void with(Consumer<KeysDriver> test) {
        try (KeysDriver keys = new KeysDriver(dir)) {
            test.accept(keys);
        }
    }
}
