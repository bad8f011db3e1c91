package io.forebay.stream;

import io.forebay.stream.StreamReader.Resume;
import io.forebay.stream.StreamReader.Services;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Serves streams of changes: any number of readers over one tail of each sync partition.
 *
 * <p>The sync topics are read once per instance by a consumer of the hub's own, {@code read_committed}, outside the stream threads, so fan-out never
 * holds up the flow. What it reads stands in a window per partition that all readers share; a reader is a place in the window and a little state, and
 * one that falls behind loses its place rather than making anyone wait or anything grow. It may come back with its last id: what has left the window is
 * read from the topic, and what has left the topic is told by a {@code must-refetch} and a fresh snapshot.
 *
 * <p>Messages:
 *
 * <ul>
 *   <li>{@code snapshot}: a page of the state, as the feature writes it.
 *   <li>{@code caught-up} {@code {"position"}}: the snapshot is whole, or none was asked for, and changes follow. State read at this source position or
 *       beyond has everything that is not told any more.
 *   <li>{@code change}: one change, as the feature writes it.
 *   <li>{@code must-refetch} {@code {"reason"}}: what the reader has is worthless, a snapshot follows. Reasons: {@code expired} (older than what the topic
 *       keeps), {@code beyond_end} and {@code reset} (the topic was made anew), {@code incomplete_snapshot}, {@code other_stream}, {@code unknown_id}.
 *   <li>{@code disconnect} {@code {"reason"}}: the stream ends, the reader may come back. Reasons: {@code slow_reader}, {@code snapshot_unavailable},
 *       {@code unavailable}, {@code shutting_down}, {@code internal_error}.
 *   <li>An id alone: a heartbeat. It carries how far the sync topics were scanned, so that the id of a reader whom nothing concerns does not age.
 * </ul>
 *
 * <p>Messages and ids follow the event stream format of the HTML standard (server-sent events).
 */
public final class StreamHub implements AutoCloseable {

    private static final long MAX_TICK_MILLIS = 1000;

    private final StreamHubConfig config;
    private final Counters counters = new Counters();
    private final KafkaSyncLog log;
    private final ExecutorService senders;
    private final ScheduledExecutorService timer;
    private final Services services;
    private final Set<StreamReader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Starts the hub; it connects when the first stream is opened.
     *
     * @param config bounds
     * @param consumerConfig how to reach the cluster, as for any Kafka consumer. What the hub relies on (isolation, offsets, deserializers) it sets itself
     * @param nanoTime a clock for spans, as {@link System#nanoTime}
     */
    public StreamHub(StreamHubConfig config, Map<String, Object> consumerConfig, LongSupplier nanoTime) {
        this.config = config;
        this.log = new KafkaSyncLog(config, consumerConfig, nanoTime, counters);
        this.senders = Executors.newFixedThreadPool(config.threads(), named("forebay-stream-sender"));
        this.timer = Executors.newSingleThreadScheduledExecutor(named("forebay-stream-timer"));
        this.services = new Services(config, log, senders, this::later, nanoTime, counters, this::ended);
        long tick = Math.min(
                MAX_TICK_MILLIS,
                Math.max(
                        1,
                        Math.min(
                                        config.heartbeat().toMillis(),
                                        config.slowAfter().toMillis())
                                / 4));
        var unused = timer.scheduleWithFixedDelay(
                () -> readers.forEach(StreamReader::tick), tick, tick, TimeUnit.MILLISECONDS);
    }

    /**
     * Opens a stream; everything else goes to the sink, on the hub's threads.
     *
     * @throws TooManyStreamsException if this instance serves as many as it may
     * @throws IllegalArgumentException if the last event id is none
     */
    public void open(StreamRequest request, EventSink sink) {
        String lastEventId = request.lastEventId();
        Resume resume = lastEventId == null ? null : new Resume(StreamToken.parse(lastEventId));
        if (open.incrementAndGet() > config.maxStreams() || closed) {
            open.decrementAndGet();
            counters.refused();
            throw new TooManyStreamsException(config.maxStreams());
        }
        counters.opened();
        StreamReader reader = new StreamReader(request, sink, resume, services);
        readers.add(reader);
        reader.start();
    }

    private void ended(StreamReader reader) {
        if (readers.remove(reader)) {
            open.decrementAndGet();
        }
    }

    private void later(Runnable task, Duration after) {
        var unused = timer.schedule(task, after.toMillis(), TimeUnit.MILLISECONDS);
    }

    public StreamStats stats() {
        return counters.stats(open.get(), log.partitions(), log.windowBytes());
    }

    /** Tells every reader that the instance goes away, and ends. */
    @Override
    public void close() {
        closed = true;
        readers.forEach(reader -> reader.stop("shutting_down"));
        senders.shutdown();
        try {
            if (!senders.awaitTermination(2, TimeUnit.SECONDS)) {
                senders.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            senders.shutdownNow();
        }
        timer.shutdownNow();
        log.close();
    }

    static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
