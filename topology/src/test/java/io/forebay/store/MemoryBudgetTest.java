package io.forebay.store;

import static io.forebay.store.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory of all stores together stays within the engine's budget. */
class MemoryBudgetTest {
    private static final long MIB = 1024 * 1024;
    private static final int STORES = 8;
    private static final int WRITTEN_PER_STORE = 6;

    @TempDir
    private Path directory;

    @Test
    void isSharedByAllStores() {
        long budget = 12 * MIB;
        long seed = 42;
        Random random = new Random(seed);
        StoreEngine engine = StoreEngine.create(new StoreEngineConfig(budget));
        List<StoreFixture> fixtures = new ArrayList<>();
        for (int i = 0; i < STORES; i++) {
            Path task = directory.resolve("task-" + i);
            fixtures.add(new StoreFixture(engine, task, Indexing.NONE, true, new TaskId(0, i)).open());
        }
        long most = 0;
        for (StoreFixture fixture : fixtures) {
            fill(fixture, random);
            readAll(fixture);
            most = Math.max(most, engine.stats().blockCacheBytes());
        }

        assertThat(STORES * WRITTEN_PER_STORE * MIB).isGreaterThan(3 * budget);
        assertThat(most).isLessThanOrEqualTo(budget + budget / 4);
        fixtures.forEach(StoreFixture::closeStore);
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 8 * MIB - 1})
    void isRefusedWhereNothingFitsIn(long bytes) {
        assertThat(catchThrowable(() -> new StoreEngineConfig(bytes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("memoryBytes", Long.toString(bytes));
    }

    @Test
    void defaultsTo128MiB() {
        assertThat(StoreEngineConfig.defaults().memoryBytes()).isEqualTo(128 * MIB);
    }

    private static void fill(StoreFixture fixture, Random random) {
        byte[] payload = new byte[4096];
        for (int i = 0; i < WRITTEN_PER_STORE * MIB / payload.length; i++) {
            random.nextBytes(payload);
            WriteSet writes = new StoreWriter(fixture.store(), fixture.handle()).begin(i, i);
            writes.put(bytes("key-" + i), payload.clone());
            writes.commit();
        }
    }

    private static void readAll(StoreFixture fixture) {
        try (StoreView view = fixture.handle().snapshot();
                Scan scan = view.scan(new byte[0], null)) {
            while (scan.next()) {
                assertThat(scan.value()).hasSize(4096);
            }
        }
    }
}
