package io.forebay.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.keys.query.CountKeys;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.path.PathMatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands, a moving clock and restarts against a map, with limits so small that deletions and expiry take several
 * ticks: what is read at any time is what the map holds at that time, and what was told adds up to it, each end once.
 */
class KeysModelTest {

    private static final KeysConfig TINY = new KeysConfig(1_000, 1_000, 10, 1_000, 2, 3);
    private static final String[] PARTS = {"a", "b", "ab", "%00", "*"};

    /** What the store has to have, by path; what has expired stays until its end is told. */
    private final TreeMap<io.forebay.schemas.path.Path, Kept> model = new TreeMap<>();

    /** What consumers of the sync topic know, by path. */
    private final Map<String, KeyChanged> told = new HashMap<>();

    private final Set<String> ended = new HashSet<>();

    /** When each value that was ever stored ends, by version and path. */
    private final Map<String, Long> ends = new HashMap<>();

    /** The time at which each record was appended, by offset. */
    private final List<Long> times = new ArrayList<>();

    private String when = "";

    @TempDir
    Path dir;

    private record Kept(
            long version, String value, @Nullable Long ttl, long expiresAt) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readsAndChangesAgreeWithAMap(long seed) {
        Random random = new Random(seed);
        try (KeysDriver keys = new KeysDriver(dir, TINY)) {
            for (int step = 0; step < 400; step++) {
                when = "seed " + seed + ", step " + step;
                step(random, keys, step);
                listen(keys);
                compare(random, keys);
            }
            when = "seed " + seed + ", at the end";
            keys.flow.advance(Duration.ofDays(1));
            compare(random, keys);
            for (int i = 0; i < 3; i++) {
                keys.flow.runTicks();
                listen(keys);
            }
            compare(random, keys);
            assertThat(told.keySet())
                    .as(when + ": what was told")
                    .containsExactlyInAnyOrderElementsOf(live(keys.flow.now()));
            assertThat(keys.flow.deadLetters()).isEmpty();
        }
    }

    private void step(Random random, KeysDriver keys, int step) {
        switch (random.nextInt(12)) {
            case 0 -> {
                String match = randomMatch(random);
                keys.deleteMatch(match);
                PathMatch parsed = PathMatch.parse(match);
                long now = keys.flow.now();
                model.entrySet()
                        .removeIf(entry -> entry.getValue().expiresAt() > now && parsed.matches(entry.getKey()));
            }
            case 1 -> {
                String key = randomKey(random);
                keys.delete(key);
                model.remove(path(key));
            }
            case 2 -> touch(random, keys);
            case 3, 4 -> keys.flow.runOneTick();
            case 5, 6, 7 -> keys.flow.advance(Duration.ofMillis(random.nextInt(30)));
            case 8 -> {
                if (random.nextInt(4) == 0) {
                    keys.flow.restart();
                }
            }
            default -> put(random, keys, step);
        }
    }

    private void put(Random random, KeysDriver keys, int step) {
        Long[] lifetimes = {null, 0L, 10L, 20L, 60L, 200L, Long.MAX_VALUE};
        List<PutKey> puts = new ArrayList<>();
        long version = keys.flow.offset() + 1;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String key = randomKey(random);
            String value = step + "." + i;
            Long ttl = lifetimes[random.nextInt(lifetimes.length)];
            puts.add(KeysDriver.put(key, value, ttl));
            if (ttl != null && ttl == 0) {
                model.remove(path(key));
            } else {
                keep(key, new Kept(version, value, ttl, after(keys.flow.now(), ttl)));
            }
        }
        keys.put(puts.toArray(PutKey[]::new));
    }

    private void keep(String key, Kept kept) {
        model.put(path(key), kept);
        ends.put(kept.version() + " " + key, kept.expiresAt());
    }

    private void touch(Random random, KeysDriver keys) {
        String key = randomKey(random);
        long now = keys.flow.now();
        Long at = random.nextBoolean() ? null : now - 20 + random.nextInt(40);
        keys.touch(at, key);
        Kept record = model.get(path(key));
        if (record != null && record.ttl() != null) {
            long read = at == null ? now : Math.min(at, now);
            if (read < record.expiresAt()) {
                long later = Math.max(record.expiresAt(), after(read, record.ttl()));
                keep(key, new Kept(record.version(), record.value(), record.ttl(), later));
            }
        }
    }

    /** Takes over what was told: a put over anything, an end of exactly what was there, no end twice. */
    private void listen(KeysDriver keys) {
        while (times.size() <= keys.flow.offset()) {
            times.add(keys.flow.now());
        }
        for (KeyChanged change : keys.changes()) {
            String as = when + ": " + KeysDriver.told(change);
            if (change.getType() == KeyChange.put) {
                KeyChanged before = told.get(change.getKey());
                assertThat(before == null ? -1 : before.getVersion()).as(as).isLessThan(change.getVersion());
                if (before != null) {
                    assertThat(end(before)).as(as + " over what is there").isGreaterThan(time(change));
                }
                told.put(change.getKey(), change);
                continue;
            }
            KeyChanged last = told.remove(change.getKey());
            assertThat(last).as(as).isNotNull();
            assertThat(change.getValue()).as(as).isEqualTo(last.getValue());
            assertThat(change.getVersion()).as(as).isEqualTo(last.getVersion());
            assertThat(ended.add(change.getVersion() + " " + change.getKey()))
                    .as(as)
                    .isTrue();
            if (change.getType() == KeyChange.deleted) {
                assertThat(end(change)).as(as).isGreaterThan(time(change));
            } else {
                assertThat(end(change)).as(as).isLessThanOrEqualTo(time(change));
                assertThat(change.getExpiresAt()).as(as).isLessThanOrEqualTo(keys.flow.now());
                Kept record = model.get(path(change.getKey()));
                if (record != null && record.value().equals(text(change))) {
                    assertThat(record.expiresAt()).as(as).isEqualTo(change.getExpiresAt());
                    model.remove(path(change.getKey()));
                }
            }
        }
    }

    private long end(KeyChanged change) {
        return ends.getOrDefault(change.getVersion() + " " + change.getKey(), -1L);
    }

    /** When a change took effect. */
    private long time(KeyChanged change) {
        return times.get((int) change.getSource().getOffset());
    }

    private void compare(Random random, KeysDriver keys) {
        long now = keys.flow.now();
        TreeMap<io.forebay.schemas.path.Path, Kept> live = new TreeMap<>(model);
        live.values().removeIf(record -> record.expiresAt() <= now);
        for (String first : PARTS) {
            for (String second : PARTS) {
                String key = key("n", first, second);
                Kept record = live.get(path(key));
                assertThat(keys.get(key)).as("%s: %s", when, key).isEqualTo(record == null ? null : record.value());
            }
        }
        for (String match : List.of("n/**", randomMatch(random), randomMatch(random))) {
            PathMatch parsed = PathMatch.parse(match);
            List<String> expected = live.entrySet().stream()
                    .filter(entry -> parsed.matches(entry.getKey()))
                    .map(entry -> entry.getKey() + "=" + entry.getValue().value())
                    .toList();
            assertThat(keys.match(match, 3)).as("%s: %s", when, match).isEqualTo(expected);
        }
        for (String namespace : List.of("n", "m", "none")) {
            assertThat(keys.flow.ask(new CountKeys(namespace)))
                    .as("%s: count of %s", when, namespace)
                    .isEqualTo(live.keySet().stream()
                            .filter(path -> path.part(0).equals(namespace))
                            .count());
        }
    }

    private List<String> live(long now) {
        return model.entrySet().stream()
                .filter(entry -> entry.getValue().expiresAt() > now)
                .map(entry -> entry.getKey().toString())
                .toList();
    }

    private static long after(long now, @Nullable Long ttl) {
        return ttl == null || ttl > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + ttl;
    }

    private static String randomKey(Random random) {
        String first = PARTS[random.nextInt(PARTS.length)];
        return switch (random.nextInt(6)) {
            case 0 -> key("n", first);
            case 1 -> key("n", first, "a", first);
            default -> key("n", first, PARTS[random.nextInt(PARTS.length)]);
        };
    }

    private static String randomMatch(Random random) {
        StringBuilder match = new StringBuilder("n");
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            match.append('/').append(random.nextBoolean() ? "*" : key(PARTS[random.nextInt(PARTS.length)]));
        }
        return random.nextInt(3) == 0 ? match + "/**" : match.toString();
    }

    private static String key(String... parts) {
        List<String> decoded = new ArrayList<>();
        for (String part : parts) {
            decoded.add(part.replace("%00", "\0"));
        }
        return io.forebay.schemas.path.Path.of(decoded).toString();
    }

    private static io.forebay.schemas.path.Path path(String key) {
        return io.forebay.schemas.path.Path.parse(key);
    }

    private static String text(KeyChanged change) {
        return StandardCharsets.UTF_8.decode(change.getValue().duplicate()).toString();
    }
}
