package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.change.ChangesConfig;
import io.forebay.cache.query.Looked;
import io.forebay.command.Outcome;
import io.forebay.keys.KeysConfig;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two readers load an entry while its source is written and then invalidated, in every order that there is of their steps.
 * Whatever the order, what is kept after the invalidation was read from the source after the write. So it is when an older
 * value is answered while they load, and that one is gone with the invalidation.
 */
class InterleavingTest {

    /** How the writer says that the source has changed. */
    enum By {
        KEY,
        MATCH,
        TAG,
        ROW
    }

    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource(By.class)
    void nothingOutdatedIsKept(By by) {
        try (CacheDriver caches = driver()) {
            List<String> orders = whereAIsFirst(orders("AAA", "BBB", "WW"));

            orders.forEach(order -> new Run(caches, order, by, false).all());

            assertThat(orders).hasSize(280);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY", "MATCH", "TAG"})
    void nothingOutdatedIsKeptWhenLeasesHaveHadTheirTime(By by) {
        try (CacheDriver caches = driver()) {
            List<String> orders = orders("AAA", "B", "WW", "T");

            orders.forEach(order -> new Run(caches, order, by, false).all());

            assertThat(orders).hasSize(420);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY", "MATCH", "TAG"})
    void whoGivesUpHandsTheLoadOn(By by) {
        try (CacheDriver caches = driver()) {
            List<String> orders = orders("AG", "BBB", "WW");

            orders.forEach(order -> new Run(caches, order, by, false).all());

            assertThat(orders).hasSize(210);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY", "MATCH", "TAG"})
    void nothingOutdatedIsKeptOrAnsweredWhileAnOlderValueIs(By by) {
        try (CacheDriver caches = driver()) {
            List<String> orders = whereAIsFirst(orders("AAA", "BBB", "WW"));

            orders.forEach(order -> new Run(caches, order, by, true).all());

            assertThat(orders).hasSize(280);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY", "TAG"})
    void nothingOutdatedIsKeptOrAnsweredWhenLeasesOfRefreshesHaveHadTheirTime(By by) {
        try (CacheDriver caches = driver()) {
            List<String> orders = orders("AAA", "WW", "T");

            orders.forEach(order -> new Run(caches, order, by, true).all());

            assertThat(orders).hasSize(60);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY", "TAG"})
    void whoGivesUpARefreshLeavesTheOlderValueUntilTheInvalidation(By by) {
        try (CacheDriver caches = driver()) {
            List<String> orders = orders("AG", "BBB", "WW");

            orders.forEach(order -> new Run(caches, order, by, true).all());

            assertThat(orders).hasSize(210);
        }
    }

    private CacheDriver driver() {
        return new CacheDriver(
                dir, KeysConfig.defaults(), ChangesConfig.defaults().with("c", "rows key {id}"));
    }

    /** Every order of the steps of several actors, each of which takes its own in turn. */
    private static List<String> orders(String... actors) {
        List<String> orders = new ArrayList<>();
        extend("", actors, orders);
        return orders;
    }

    /** Of two readers that take the same steps, one order of each pair that differs in their names alone. */
    private static List<String> whereAIsFirst(List<String> orders) {
        return orders.stream()
                .filter(order -> order.indexOf('A') < order.indexOf('B'))
                .toList();
    }

    private static void extend(String order, String[] left, List<String> orders) {
        if (Arrays.stream(left).allMatch(String::isEmpty)) {
            orders.add(order);
        }
        for (int i = 0; i < left.length; i++) {
            if (!left[i].isEmpty()) {
                String[] rest = left.clone();
                rest[i] = left[i].substring(1);
                extend(order + left[i].charAt(0), rest, orders);
            }
        }
    }

    /** One order, on a key of its own, beside what ought to happen. */
    private static final class Run {

        private static final long LIFETIME = 5;
        private static final long WINDOW_MS = 60_000;

        private final CacheDriver caches;
        private final String order;
        private final By by;
        private final boolean takesOlder;
        private final String key;
        private final String tag;
        private final Map<Character, Reader> readers = new TreeMap<>();

        private int written;
        private boolean invalidated;
        private @Nullable Reader holder;
        private @Nullable Integer entry;
        private boolean fresh = true;
        private boolean paused;
        private int writerSteps;

        private static final class Reader {
            int steps;

            @Nullable
            Long lease;

            boolean outdated;
            boolean refreshes;
            int loaded;
        }

        /**
         * One order.
         *
         * @param takesOlder whether there is an older value at the start, and readers take it while one of them loads
         */
        Run(CacheDriver caches, String order, By by, boolean takesOlder) {
            this.caches = caches;
            this.order = order;
            this.by = by;
            this.takesOlder = takesOlder;
            this.key = "cache%3Ac/" + order;
            this.tag = "of " + order;
        }

        void all() {
            if (takesOlder) {
                caches.load(key, LIFETIME, "0", tag);
                caches.advance(LIFETIME * 1000);
                entry = 0;
                fresh = false;
            }
            for (int i = 0; i < order.length(); i++) {
                char step = order.charAt(i);
                if (step == 'W') {
                    write();
                } else if (step == 'T') {
                    caches.advance(CacheDriver.LEASE_MS);
                    caches.flow.runTicks();
                    holder = null;
                    fresh = false;
                } else if (step == 'G') {
                    giveUp(reader('A'));
                } else {
                    read(reader(step));
                }
                check();
            }
        }

        private Reader reader(char name) {
            return readers.computeIfAbsent(name, unseen -> new Reader());
        }

        private void write() {
            if (writerSteps++ == 0) {
                written = 1;
                return;
            }
            if (by == By.KEY) {
                caches.invalidate(key);
            } else if (by == By.MATCH) {
                caches.invalidateMatch(key + "/**");
            } else if (by == By.TAG) {
                caches.invalidateTag("c", tag);
            } else {
                caches.change(
                        "rows/" + order,
                        RowChange.newBuilder()
                                .setOp(RowOperation.deleted)
                                .setTable("rows")
                                .setKeyColumns(List.of("id"))
                                .build());
            }
            invalidated = true;
            entry = null;
            readers.values().forEach(reader -> reader.outdated = reader.lease != null);
            holder = by == By.TAG ? holder : null;
        }

        private void read(Reader reader) {
            int step = reader.steps++;
            if (step == 0) {
                begin(reader);
            } else if (step == 1) {
                reader.loaded = written;
            } else if (reader.lease != null) {
                fill(reader, reader.lease);
            }
        }

        private void begin(Reader reader) {
            String told = takesOlder ? caches.beginStale(key, LIFETIME, WINDOW_MS) : caches.begin(key, null, "");
            boolean stale = takesOlder && entry != null && !fresh;
            String end = stale ? "\",\"stale\":true}" : "\"}";
            if (entry != null && !stale) {
                assertThat(told).as(order).isEqualTo("{\"hit\":true}");
            } else if (holder != null) {
                assertThat(told).as(order).isEqualTo("{\"wait_for\":\"\",\"lease\":\"" + holder.lease + end);
            } else if (stale && paused) {
                assertThat(told).as(order).isEqualTo("{\"stale\":true}");
            } else {
                assertThat(told).as(order).startsWith("{\"lease\":\"").endsWith(end);
                reader.lease = Long.parseLong(told.substring(10, told.length() - end.length()));
                reader.refreshes = stale;
                holder = reader;
            }
        }

        private void fill(Reader reader, long lease) {
            Outcome outcome = caches.fill(key, lease, Integer.toString(reader.loaded), tag);
            if (reader == holder && !reader.outdated) {
                assertThat(outcome.text()).as(order).isEqualTo("{\"kept\":true}");
                entry = reader.loaded;
                fresh = true;
            } else if (reader.outdated && order.indexOf('T') < 0) {
                assertThat(outcome.text()).as(order).isEqualTo("{\"kept\":false}");
            } else {
                assertThat(outcome.text()).as(order).isNotEqualTo("{\"kept\":true}");
            }
            holder = reader == holder ? null : holder;
        }

        private void giveUp(Reader reader) {
            if (reader.lease != null) {
                assertThat(caches.giveUp(key, reader.lease).status()).as(order).isEqualTo(204);
                paused = reader == holder && reader.refreshes && entry != null;
                holder = reader == holder ? null : holder;
            }
        }

        private void check() {
            Looked any = caches.look(key, null);
            String found = CacheDriver.text(any);
            assertThat(found).as(order).isEqualTo(entry == null ? null : Integer.toString(entry));
            if (invalidated && found != null) {
                assertThat(found).as(order + ": kept after the invalidation").isEqualTo("1");
            }
            assertThat(any.loading()).as(order).isEqualTo(holder != null);
            if (takesOlder) {
                Looked looked = caches.lookStale(key, LIFETIME, WINDOW_MS);
                assertThat(looked.loading()).as(order).isEqualTo(holder != null);
                assertThat(looked.value() != null).as(order).isEqualTo(entry != null);
                assertThat(looked.stale()).as(order).isEqualTo(entry != null && !fresh);
            }
        }
    }
}
