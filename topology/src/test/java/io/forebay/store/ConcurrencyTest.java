package io.forebay.store;

import static io.forebay.store.StoreFixture.NOW;
import static io.forebay.store.StoreFixture.bytes;
import static io.forebay.store.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads beside a writer, and reads beside a close. */
class ConcurrencyTest {
    private static final int KEYS = 20;
    private static final int READERS = 3;

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void viewsShowWholeWriteSetsAndTheirPositions() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (StoreFixture fixture = StoreFixture.in(directory).open()) {
            writeAll(fixture, 0);
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> checkViewsUntil(done, fixture.handle())));
            }
            for (int offset = 1; offset <= 2_000; offset++) {
                writeAll(fixture, offset);
            }
            done.set(true);
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    @Test
    void aViewStaysAsItWas() {
        try (StoreFixture fixture = StoreFixture.in(directory).open()) {
            writeAll(fixture, 1);
            try (StoreView view = fixture.handle().snapshot()) {
                writeAll(fixture, 2);
                fixture.handle().advance(9, NOW + 9);

                assertThat(view.position()).isEqualTo(1);
                assertThat(view.count(bytes("1"))).isEqualTo(KEYS);
                assertThat(view.count(bytes("2"))).isZero();
                assertThat(view.entriesRead()).isEqualTo(2);
            }
        }
    }

    @RepeatedTest(10)
    void readsBesideACloseEndOrAreRefused() throws Exception {
        StoreFixture fixture = StoreFixture.in(directory).open();
        writeAll(fixture, 1);
        OpenStore handle = fixture.handle();
        CountDownLatch reading = new CountDownLatch(READERS * 2);
        List<Future<@Nullable Throwable>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(threads.submit(() -> readUntilRefused(reading, () -> handle.get(bytes("key-1")))));
            readers.add(threads.submit(() -> readUntilRefused(reading, () -> scan(handle))));
        }
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

        fixture.close();

        for (Future<@Nullable Throwable> reader : readers) {
            assertThat(reader.get(10, TimeUnit.SECONDS)).isInstanceOf(StoreClosedException.class);
        }
    }

    @Test
    void closesWhatWasLeftOpen() {
        StoreFixture fixture = StoreFixture.in(directory).open();
        writeAll(fixture, 1);
        StoreView view = fixture.handle().snapshot();
        Scan scan = view.scan(new byte[0], null);
        assertThat(scan.next()).isTrue();

        fixture.close();

        assertThat(catchThrowable(scan::next)).isInstanceOf(StoreClosedException.class);
        scan.close();
        view.close();
    }

    private static void writeAll(StoreFixture fixture, int offset) {
        WriteSet writes = fixture.writer().begin(offset, NOW + offset);
        for (int key = 0; key < KEYS; key++) {
            writes.put(bytes("key-" + key), bytes(Integer.toString(offset)));
        }
        writes.commit();
    }

    private static int checkViewsUntil(AtomicBoolean done, OpenStore handle) {
        int checked = 0;
        while (!done.get() || checked == 0) {
            try (StoreView view = handle.snapshot();
                    Scan records = view.scan(new byte[0], null);
                    Scan index = view.scanIndex(new byte[0], null)) {
                Set<String> found = new HashSet<>();
                while (records.next()) {
                    found.add(text(records.value()));
                }
                int entries = 0;
                while (index.next()) {
                    entries++;
                }
                String position = Long.toString(view.position());
                assertThat(found).containsExactly(position);
                assertThat(entries).isEqualTo(KEYS);
                assertThat(view.count(bytes(position))).isEqualTo(KEYS);
                assertThat(view.logTime()).isEqualTo(NOW + view.position());
                checked++;
            }
        }
        return checked;
    }

    private static @Nullable Throwable readUntilRefused(CountDownLatch reading, Runnable read) {
        boolean counted = false;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                read.run();
                if (!counted) {
                    reading.countDown();
                    counted = true;
                }
            }
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static void scan(OpenStore handle) {
        try (StoreView view = handle.snapshot();
                Scan scan = view.scanPrefix(bytes("key"))) {
            int entries = 0;
            while (scan.next()) {
                entries++;
            }
            assertThat(entries).isEqualTo(KEYS);
        }
    }
}
