package io.forebay.store;

import static io.forebay.store.StoreFixture.NOW;
import static io.forebay.store.StoreFixture.bytes;
import static io.forebay.store.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.StoreFixture.Contents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A store does what a sorted map does, under random operations, however its values are written; so does one that is restored from its changelog. */
class StoreConformanceTest {
    private static final int OPERATIONS = 1_000;
    private static final String[] WORDS = {"red", "green", "blue", "", "ä"};

    @TempDir
    private Path directory;

    static Stream<Arguments> formsAndSeeds() {
        return StoreFixture.forms()
                .flatMap(form -> LongStream.of(1, new Random().nextLong()).mapToObj(seed -> Arguments.of(form, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("formsAndSeeds")
    void doesWhatASortedMapDoes(RecordForm form, long seed) {
        Random random = new Random(seed);
        Model model = new Model();
        try (StoreFixture fixture = StoreFixture.in(directory, form).open()) {
            for (int offset = 0; offset < OPERATIONS; offset++) {
                switch (random.nextInt(40)) {
                    case 0 -> reopen(fixture);
                    case 1, 2, 3 -> compareRange(fixture, model, random);
                    case 4 -> assertThat(fixture.contents()).isEqualTo(model.contents());
                    case 5 -> advance(fixture, model, offset);
                    case 6, 7 -> compareIndexBackward(fixture, model, random);
                    default -> writeSet(fixture, model, random, offset);
                }
            }
            assertThat(fixture.contents()).isEqualTo(model.contents());
        }
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("formsAndSeeds")
    void isTheSameWhenRestored(RecordForm form, long seed) {
        Random random = new Random(seed);
        Model model = new Model();
        List<KeyValue<byte[], byte[]>> changelog;
        try (StoreFixture fixture =
                StoreFixture.in(directory.resolve("original"), form).open()) {
            for (int offset = 0; offset < OPERATIONS; offset++) {
                writeSet(fixture, model, random, offset);
            }
            // An input record that wrote nothing is not in the changelog: the last one does.
            fixture.write(OPERATIONS, "k", "red");
            model.records.put("k", new Model.Value("red", OPERATIONS));
            model.position = OPERATIONS;
            changelog = fixture.changelog;
        }
        List<KeyValue<byte[], byte[]>> log = random.nextBoolean() ? changelog : compacted(changelog);
        try (StoreFixture restored =
                StoreFixture.in(directory.resolve("restored"), form).open()) {
            restoreInBatches(restored, log, random);

            assertThat(restored.contents()).isEqualTo(model.contents());
        }
    }

    private static void writeSet(StoreFixture fixture, Model model, Random random, int offset) {
        WriteSet writes = fixture.writer().begin(offset, NOW + offset);
        int size = random.nextInt(6);
        for (int i = 0; i < size; i++) {
            String key = key(random);
            if (random.nextInt(3) == 0) {
                writes.delete(bytes(key));
                model.records.remove(key);
            } else {
                String payload = payload(random);
                writes.put(bytes(key), bytes(payload));
                model.records.put(key, new Model.Value(payload, offset));
            }
            Stored own = writes.get(bytes(key));
            assertThat(own == null ? null : text(own.payload())).isEqualTo(model.payload(key));
        }
        writes.commit();
        model.position = offset;
        String key = key(random);
        assertThat(fixture.read(key)).isEqualTo(model.payload(key));
    }

    private static void advance(StoreFixture fixture, Model model, int offset) {
        fixture.handle().advance(offset, NOW + offset);
        model.position = offset;
    }

    private static void reopen(StoreFixture fixture) {
        fixture.commit();
        fixture.closeStore();
        fixture.open();
    }

    private static void compareRange(StoreFixture fixture, Model model, Random random) {
        String one = key(random);
        String other = key(random);
        String from = one.compareTo(other) < 0 ? one : other;
        String to = one.compareTo(other) < 0 ? other : one;
        List<String> found = new ArrayList<>();
        try (StoreView view = fixture.handle().snapshot();
                Scan scan = view.scan(bytes(from), bytes(to))) {
            while (scan.next()) {
                found.add(text(scan.key()));
            }
        }
        assertThat(found)
                .containsExactlyElementsOf(model.records.subMap(from, to).keySet());
    }

    private static void compareIndexBackward(StoreFixture fixture, Model model, Random random) {
        String from = WORDS[random.nextInt(WORDS.length)];
        String to = random.nextBoolean() ? null : from + '\0' + key(random);
        List<String> expected = new ArrayList<>(model.contents().index());
        expected.removeIf(entry -> Arrays.compareUnsigned(bytes(entry), bytes(from)) < 0
                || (to != null && Arrays.compareUnsigned(bytes(entry), bytes(to)) >= 0));
        Collections.reverse(expected);
        List<String> found = new ArrayList<>();
        try (StoreView view = fixture.handle().snapshot();
                Scan scan = view.scanIndexBackward(bytes(from), to == null ? null : bytes(to))) {
            if (!expected.isEmpty() && random.nextBoolean()) {
                int place = random.nextInt(expected.size());
                scan.seek(bytes(expected.get(place)));
                expected = expected.subList(place, expected.size());
            }
            while (scan.next()) {
                found.add(text(scan.key()));
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    private static void restoreInBatches(StoreFixture fixture, List<KeyValue<byte[], byte[]>> log, Random random) {
        int done = 0;
        while (done < log.size()) {
            int end = Math.min(log.size(), done + 1 + random.nextInt(50));
            fixture.restore(log.subList(done, end));
            done = end;
            if (random.nextInt(10) == 0) {
                reopen(fixture);
            }
        }
    }

    private static List<KeyValue<byte[], byte[]>> compacted(List<KeyValue<byte[], byte[]>> log) {
        Map<Bytes, KeyValue<byte[], byte[]>> last = new LinkedHashMap<>();
        for (KeyValue<byte[], byte[]> record : log) {
            Bytes key = Bytes.wrap(record.key);
            last.remove(key);
            last.put(key, record);
        }
        return List.copyOf(last.values());
    }

    private static String key(Random random) {
        return "k" + random.nextInt(60);
    }

    private static String payload(Random random) {
        return WORDS[random.nextInt(WORDS.length)] + " " + WORDS[random.nextInt(WORDS.length)];
    }

    private static final class Model {
        record Value(String payload, long offset) {}

        final TreeMap<String, Value> records = new TreeMap<>();
        long position = -1;

        @Nullable
        String payload(String key) {
            Value value = records.get(key);
            return value == null ? null : value.payload();
        }

        Contents contents() {
            TreeMap<String, String> expected = new TreeMap<>();
            TreeMap<String, Long> counters = new TreeMap<>();
            TreeSet<byte[]> index = new TreeSet<>(Arrays::compareUnsigned);
            counters.put("length", 0L);
            records.forEach((key, value) -> {
                expected.put(key, value.payload() + "@" + value.offset());
                for (String word : value.payload().split(" ", -1)) {
                    counters.merge(word, 1L, Long::sum);
                    index.add(StoreFixture.entry(word, bytes(key)));
                }
                counters.merge("length", (long) bytes(value.payload()).length, Long::sum);
            });
            return new Contents(
                    expected,
                    index.stream().map(StoreFixture::text).toList(),
                    counters,
                    position,
                    position < 0 ? -1 : NOW + position);
        }
    }
}
