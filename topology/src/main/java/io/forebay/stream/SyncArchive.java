package io.forebay.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the sync topics hold beside their ends, read in bounded stretches by one consumer on one thread. Readers that catch up take turns, a stretch each;
 * what was read waits in the reader, not here, so a slow one holds up nobody.
 */
final class SyncArchive implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STRETCH = Duration.ofSeconds(10);

    /** Bytes passed over for each byte kept, at most: a stretch in which nothing is selected ends as well. */
    private static final int SCANNED_PER_KEPT = 16;

    /** Where the search for an offset ends: the rest is read and filtered. */
    private static final long NEAR_ENOUGH = 500;

    private final StreamHubConfig config;
    private final RenewableConsumer consumer;
    private final LongSupplier nanoTime;
    private final Decoding decoding;
    private final Counters counters;
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(StreamHub.named("forebay-stream-archive"));

    SyncArchive(
            StreamHubConfig config,
            Supplier<? extends Consumer<byte[], byte[]>> consumers,
            LongSupplier nanoTime,
            Decoding decoding,
            Counters counters) {
        this.config = config;
        this.consumer = new RenewableConsumer(consumers);
        this.nanoTime = nanoTime;
        this.decoding = decoding;
        this.counters = counters;
    }

    CompletionStage<Long> end(Feed feed, int partition) {
        TopicPartition sync = new TopicPartition(feed.syncTopic(), partition);
        return submit(current -> endOf(current, sync));
    }

    CompletionStage<Window.Slice> read(
            Feed feed, int partition, long from, long until, Predicate<StreamChange> selector) {
        TopicPartition sync = new TopicPartition(feed.syncTopic(), partition);
        return submit(current -> {
            counters.caughtUp();
            return stretch(current, feed, sync, from, until, selector);
        });
    }

    CompletionStage<Long> locate(Feed feed, int partition, long unitOffset) {
        TopicPartition sync = new TopicPartition(feed.syncTopic(), partition);
        return submit(current -> search(current, feed, sync, unitOffset));
    }

    private Window.Slice stretch(
            Consumer<byte[], byte[]> current,
            Feed feed,
            TopicPartition sync,
            long from,
            long until,
            Predicate<StreamChange> selector) {
        Stretch stretch = new Stretch(from, selector);
        long begun = nanoTime.getAsLong();
        placeAt(current, sync, from);
        while (stretch.boundary() == from || (stretch.hasRoom(config.catchUpBytes()) && stretch.boundary() < until)) {
            List<ConsumerRecord<byte[], byte[]>> records = current.poll(POLL).records(sync);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                stretch.accept(record, decoding.decode(feed.codec(), record));
            }
            stretch.scannedTo(current.position(sync));
            if (nanoTime.getAsLong() - begun > STRETCH.toNanos()) {
                if (stretch.boundary() == from) {
                    throw new TimeoutException("nothing was read from " + sync + " at " + from);
                }
                break;
            }
        }
        return stretch.slice();
    }

    private long search(Consumer<byte[], byte[]> current, Feed feed, TopicPartition sync, long unitOffset) {
        long end = endOf(current, sync);
        long beginning = beginningOf(current, sync);
        if (beginning > 0) {
            Found first = firstFrom(current, feed, sync, beginning, end);
            if (first == null || first.unit() > unitOffset) {
                throw new SyncLog.GoneException(sync + " starts after source offset " + unitOffset);
            }
        }
        long low = beginning;
        long high = end;
        while (high - low > NEAR_ENOUGH) {
            long middle = (low + high) >>> 1;
            Found found = firstFrom(current, feed, sync, middle, high);
            if (found == null || found.unit() > unitOffset) {
                high = middle;
            } else {
                low = found.offset();
            }
        }
        return low;
    }

    /** The first readable record at or after an offset, null if there is none before {@code end}. */
    private @Nullable Found firstFrom(
            Consumer<byte[], byte[]> current, Feed feed, TopicPartition sync, long from, long end) {
        placeAt(current, sync, from);
        long begun = nanoTime.getAsLong();
        while (current.position(sync) < end) {
            for (ConsumerRecord<byte[], byte[]> record : current.poll(POLL).records(sync)) {
                StreamChange change = decoding.decode(feed.codec(), record);
                if (change != null) {
                    return new Found(record.offset(), change.unitOffset());
                }
            }
            if (nanoTime.getAsLong() - begun > STRETCH.toNanos()) {
                throw new TimeoutException("nothing was read from " + sync + " at " + from);
            }
        }
        return null;
    }

    private static void placeAt(Consumer<byte[], byte[]> current, TopicPartition sync, long offset) {
        current.assign(List.of(sync));
        current.seek(sync, offset);
    }

    private static long endOf(Consumer<byte[], byte[]> current, TopicPartition sync) {
        return current.endOffsets(List.of(sync)).getOrDefault(sync, 0L);
    }

    private static long beginningOf(Consumer<byte[], byte[]> current, TopicPartition sync) {
        return current.beginningOffsets(List.of(sync)).getOrDefault(sync, 0L);
    }

    private <T> CompletionStage<T> submit(Reading<T> reading) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            executor.execute(() -> carryOut(reading, result));
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(closed);
        }
        return result;
    }

    private <T> void carryOut(Reading<T> reading, CompletableFuture<T> result) {
        try {
            result.complete(reading.from(consumer.get()));
        } catch (OffsetOutOfRangeException e) {
            result.completeExceptionally(new SyncLog.GoneException(e.toString()));
        } catch (SyncLog.GoneException e) {
            result.completeExceptionally(e);
        } catch (RuntimeException e) {
            consumer.giveUp();
            result.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        executor.execute(consumer::giveUp);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            executor.shutdownNow();
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(Consumer<byte[], byte[]> consumer);
    }

    private record Found(long offset, long unit) {}

    /** What was read so far of one stretch. */
    private static final class Stretch {

        private final Predicate<StreamChange> selector;
        private final List<Unit> units = new ArrayList<>();
        private final UnitAssembler assembler;
        private long kept;
        private long scanned;

        Stretch(long from, Predicate<StreamChange> selector) {
            this.selector = selector;
            this.assembler = new UnitAssembler(from, true, this::keep);
        }

        private void keep(Unit unit) {
            List<StreamChange> selected =
                    unit.changes().stream().filter(selector).toList();
            Unit slim = new Unit(unit.unitOffset(), unit.end(), unit.whole(), selected);
            kept += slim.bytes();
            units.add(slim);
        }

        void accept(ConsumerRecord<byte[], byte[]> record, @Nullable StreamChange change) {
            if (change != null) {
                scanned += Unit.bytes(change);
                assembler.accept(record.offset(), change);
            }
        }

        void scannedTo(long position) {
            assembler.scannedTo(position);
        }

        long boundary() {
            return assembler.boundary();
        }

        boolean hasRoom(int limit) {
            return kept < limit && scanned < (long) limit * SCANNED_PER_KEPT;
        }

        Window.Slice slice() {
            return new Window.Slice(List.copyOf(units), assembler.boundary());
        }
    }
}
