package io.forebay.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.keys.state.KeyBytes;
import io.forebay.keys.state.KeyScan;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.store.StoreQuery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a match costs: the entries that the store reads against those it returns. */
class KeyScanTest {

    private static final int USERS = 50;
    private static final int SESSIONS = 20;
    private static final String[] PARTS = {"", "a", "b", "aa", "%00", "%00%01", "%00%FF%01", "*", "z%2Fz", "~", "é"};

    @TempDir
    java.nio.file.Path dir;

    /** Entries beyond those returned: at most so many for each value that a wildcard runs through, and a few. */
    @ParameterizedTest
    @CsvSource({
        // match, returned, wildcard values passed, entries read for each of them
        "n/users/*, 50, 50, 1",
        "n/users/42/session/*, 20, 1, 2",
        "n/users/*/session/*, 1000, 50, 3",
        "n/users/*/session/7, 50, 50, 4",
        "n/*/x, 1, 3, 3",
        "n/users/42/**, 51, 1, 1",
        "n/users/42, 1, 1, 2",
        "n/nothing/*, 0, 0, 1"
    })
    void aMatchCostsWhatItReturns(String match, int returned, int passed, int each) {
        try (KeysDriver keys = new KeysDriver(dir)) {
            fill(keys);

            Cost cost = keys.flow.ask(cost(match));

            assertThat(cost.returned()).isEqualTo(returned);
            assertThat(cost.read()).isLessThanOrEqualTo(returned + (long) passed * each + 3);
        }
    }

    /** Users with sessions and records that no match here asks for, between namespaces that hold as much. */
    private static void fill(KeysDriver keys) {
        for (String namespace : List.of("m", "n", "o")) {
            for (int user = 0; user < USERS; user++) {
                List<PutKey> records = new ArrayList<>();
                records.add(KeysDriver.put(namespace + "/users/" + user, "v", null));
                for (int i = 0; i < SESSIONS; i++) {
                    records.add(KeysDriver.put(namespace + "/users/" + user + "/session/" + i, "v", null));
                    records.add(KeysDriver.put(namespace + "/users/" + user + "/visit/" + i, "v", null));
                }
                for (int i = 0; i < 10; i++) {
                    records.add(KeysDriver.put(namespace + "/users/" + user + "/a/b/c/" + i, "v", null));
                }
                keys.put(records.toArray(PutKey[]::new));
            }
            keys.put(KeysDriver.put(namespace + "/other/x", "v", null));
            for (int i = 0; i < 100; i++) {
                keys.put(KeysDriver.put(namespace + "/yet/another/" + i, "v", null));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aScanFindsWhatTheMatchMeetsInPathOrder(long seed) {
        Random random = new Random(seed);
        try (KeysDriver keys = new KeysDriver(dir)) {
            TreeSet<Path> stored = new TreeSet<>();
            for (int i = 0; i < 400; i++) {
                Path path = randomPath(random);
                stored.add(path);
                keys.put(KeysDriver.put(path.toString(), "v", null));
            }
            for (int i = 0; i < 300; i++) {
                PathMatch match = randomMatch(random);
                Path after = random.nextBoolean() ? null : randomPath(random);
                List<Path> expected = stored.stream()
                        .filter(match::matches)
                        .filter(path -> after == null || path.compareTo(after) > 0)
                        .toList();

                List<Path> found = keys.flow.ask(view -> {
                    List<Path> paths = new ArrayList<>();
                    try (KeyScan scan = KeyScan.of(view, match, after)) {
                        while (scan.next()) {
                            if (scan.matches()) {
                                paths.add(scan.path());
                            }
                        }
                    }
                    return paths;
                });

                assertThat(found).as("seed %s: %s after %s", seed, match, after).isEqualTo(expected);
            }
        }
    }

    @Test
    void bytesCompareAsPathsDo() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            Path one = randomPath(random);
            Path other = randomPath(random);

            int order = Arrays.compareUnsigned(KeyBytes.of(one), KeyBytes.of(other));

            assertThat(Integer.signum(order))
                    .as("%s and %s", one, other)
                    .isEqualTo(Integer.signum(one.compareTo(other)));
            assertThat(KeyBytes.path(KeyBytes.of(one))).isEqualTo(one);
        }
    }

    private record Cost(int returned, long read) {}

    private static StoreQuery<Cost> cost(String match) {
        return view -> {
            int returned = 0;
            try (KeyScan scan = KeyScan.of(view, PathMatch.parse(match), null)) {
                while (scan.next()) {
                    returned += scan.matches() ? 1 : 0;
                }
            }
            return new Cost(returned, view.entriesRead());
        };
    }

    private static Path randomPath(Random random) {
        List<String> parts = new ArrayList<>();
        parts.add(random.nextBoolean() ? "n" : "");
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            parts.add(randomPart(random));
        }
        return Path.of(parts);
    }

    private static PathMatch randomMatch(Random random) {
        StringBuilder match = new StringBuilder(random.nextBoolean() ? "n" : "");
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            match.append('/');
            if (i == size - 1 && random.nextInt(3) == 0) {
                match.append("**");
            } else if (random.nextInt(2) == 0) {
                match.append('*');
            } else {
                match.append(Path.of(randomPart(random)));
            }
        }
        return PathMatch.parse(match.toString());
    }

    private static String randomPart(Random random) {
        String part = PARTS[random.nextInt(PARTS.length)];
        return part.replace("%00", "\0")
                .replace("%01", "\1")
                .replace("%FF", "ÿ")
                .replace("%2F", "/");
    }
}
