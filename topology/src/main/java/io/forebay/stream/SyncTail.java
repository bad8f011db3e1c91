package io.forebay.stream;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ends of the sync partitions that anyone reads, followed by one consumer on one thread.
 *
 * <p>A partition is assigned when its first reader comes and given up some time after the last has left. Following starts a stretch before the end and not
 * at it: the last unit before the end is needed to know how far a snapshot must be, and a reader that comes back finds something.
 *
 * <p>A consumer that fails is closed and made anew, and goes on where it was: readers wait meanwhile. Only when the partition does not have those records
 * any more (it was truncated or made anew) do its readers start over.
 */
final class SyncTail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SyncTail.class);

    /** Offsets before the end at which following starts; markers of transactions count among them. */
    private static final long BACKLOG = 2_000;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final long RETRY_MILLIS = 1_000;

    private final StreamHubConfig config;
    private final RenewableConsumer consumer;
    private final LongSupplier nanoTime;
    private final Decoding decoding;
    private final Counters counters;
    private final Map<TopicPartition, Followed> followed = new ConcurrentHashMap<>();
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> polling;
    private volatile boolean closed;

    SyncTail(
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
        this.thread = StreamHub.named("forebay-stream-tail").newThread(this::run);
        thread.start();
    }

    CompletionStage<SyncLog.Tail> follow(Feed feed, int partition, Runnable grown) {
        TopicPartition sync = new TopicPartition(feed.syncTopic(), partition);
        Followed entry;
        Hold hold;
        synchronized (followed) {
            entry = followed.computeIfAbsent(sync, opened -> new Followed(feed));
            hold = new Hold(entry, grown);
            entry.holds.add(hold);
        }
        tell(() -> {});
        return entry.ready.thenApply(reached -> hold);
    }

    int partitions() {
        return followed.size();
    }

    long windowBytes() {
        return followed.values().stream()
                .mapToLong(entry -> entry.window.bytes())
                .sum();
    }

    private void tell(Runnable command) {
        commands.add(command);
        Consumer<byte[], byte[]> current = polling;
        if (current != null) {
            current.wakeup();
        }
    }

    private void run() {
        while (!closed) {
            try {
                carryOut();
                round();
            } catch (WakeupException told) {
                // The command is carried out at the next turn.
            } catch (OffsetOutOfRangeException e) {
                startOver(e.partitions());
            } catch (InterruptException | InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                fail(e);
            }
        }
        consumer.giveUp();
    }

    private void carryOut() throws InterruptedException {
        // Without a partition there is nothing to poll: the thread sleeps until someone comes.
        Runnable command = followed.isEmpty() ? commands.poll(POLL.toMillis(), TimeUnit.MILLISECONDS) : commands.poll();
        while (command != null) {
            command.run();
            command = commands.poll();
        }
    }

    private void round() {
        giveUpIdle();
        if (followed.isEmpty()) {
            return;
        }
        Consumer<byte[], byte[]> current = consumer.get();
        assign(current);
        polling = current;
        ConsumerRecords<byte[], byte[]> records;
        try {
            // A command that came before the line above has not woken this poll.
            records = current.poll(commands.isEmpty() ? POLL : Duration.ZERO);
        } finally {
            polling = null;
        }
        for (TopicPartition sync : records.partitions()) {
            Followed entry = followed.get(sync);
            if (entry != null) {
                entry.accept(records.records(sync));
            }
        }
        for (TopicPartition sync : current.assignment()) {
            Followed entry = followed.get(sync);
            if (entry != null) {
                entry.scannedTo(current.position(sync));
            }
        }
    }

    private void assign(Consumer<byte[], byte[]> current) {
        Set<TopicPartition> wanted = Set.copyOf(followed.keySet());
        Set<TopicPartition> assigned = current.assignment();
        if (assigned.equals(wanted)) {
            return;
        }
        List<TopicPartition> added =
                wanted.stream().filter(sync -> !assigned.contains(sync)).toList();
        List<TopicPartition> unplaced = added.stream()
                .filter(sync -> {
                    Followed entry = followed.get(sync);
                    return entry != null && !entry.placed;
                })
                .toList();
        Map<TopicPartition, Long> ends = current.endOffsets(unplaced);
        Map<TopicPartition, Long> beginnings = current.beginningOffsets(unplaced);
        current.assign(wanted);
        for (TopicPartition sync : added) {
            Followed entry = followed.get(sync);
            if (entry == null) {
                continue;
            }
            Long end = ends.get(sync);
            Long beginning = beginnings.get(sync);
            if (!entry.placed && end != null && beginning != null) {
                entry.place(Math.max(beginning, end - BACKLOG), end);
            }
            current.seek(sync, entry.position);
        }
    }

    private void startOver(Iterable<TopicPartition> partitions) {
        for (TopicPartition sync : partitions) {
            Followed entry = followed.get(sync);
            if (entry != null) {
                LOG.warn("{} does not have offset {} any more: its streams start over", sync, entry.position);
                entry.placed = false;
                entry.again = true;
            }
        }
        // Assigned anew at the next turn, and placed as if it were the first time.
        consumer.get().unsubscribe();
    }

    private void fail(RuntimeException e) {
        if (closed) {
            return;
        }
        counters.tailFailed();
        LOG.warn("The streams' consumer failed and is made anew: {}", e.toString());
        consumer.giveUp();
        try {
            Runnable command = commands.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
            if (command != null) {
                command.run();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUpIdle() {
        long now = nanoTime.getAsLong();
        synchronized (followed) {
            for (Iterator<Followed> entries = followed.values().iterator(); entries.hasNext(); ) {
                Followed entry = entries.next();
                if (!entry.holds.isEmpty()) {
                    entry.idle = false;
                } else if (!entry.idle) {
                    entry.idle = true;
                    entry.idleSince = now;
                } else if (now - entry.idleSince >= config.linger().toNanos()) {
                    entries.remove();
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        tell(() -> {});
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A reader's hold. */
    private static final class Hold implements SyncLog.Tail {

        private final Followed entry;
        private final Runnable grown;
        private final AtomicBoolean released = new AtomicBoolean();

        Hold(Followed entry, Runnable grown) {
            this.entry = entry;
            this.grown = grown;
        }

        @Override
        public Window window() {
            return entry.window;
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                entry.holds.remove(this);
            }
        }
    }

    /** One partition that is followed. Its fields belong to the tail's thread, save the window and the holds. */
    private final class Followed {

        final Feed feed;
        final Window window = new Window(config.windowBytes(), config.windowChanges());
        final Set<Hold> holds = ConcurrentHashMap.newKeySet();
        final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
        private UnitAssembler assembler = new UnitAssembler(0, true, window::append);
        boolean placed;
        boolean again;
        long position;
        private long readyAt;
        boolean idle;
        long idleSince;

        Followed(Feed feed) {
            this.feed = feed;
        }

        void place(long from, long end) {
            window.begin(from, again);
            assembler = new UnitAssembler(from, from == 0, window::append);
            position = from;
            readyAt = end;
            placed = true;
            if (again) {
                again = false;
                grown();
            }
        }

        void accept(List<ConsumerRecord<byte[], byte[]>> records) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                StreamChange change = decoding.decode(feed.codec(), record);
                if (change != null) {
                    assembler.accept(record.offset(), change);
                }
            }
        }

        void scannedTo(long reached) {
            long before = assembler.boundary();
            position = reached;
            assembler.scannedTo(reached);
            window.scannedTo(assembler.boundary());
            if (assembler.boundary() > before) {
                grown();
            }
            if (reached >= readyAt) {
                ready.complete(null);
            }
        }

        private void grown() {
            for (Hold hold : holds) {
                hold.grown.run();
            }
        }
    }
}
