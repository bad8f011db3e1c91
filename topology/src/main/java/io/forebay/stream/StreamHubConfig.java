package io.forebay.stream;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.time.Duration;
import java.util.List;

/**
 * Bounds of the stream hub.
 *
 * @param maxStreams streams served at once by this instance
 * @param windowBytes bytes of changes kept per sync partition for readers to share
 * @param windowChanges changes kept per sync partition
 * @param heartbeat silence after which a stream gets an id-only message
 * @param slowAfter how long a reader may leave its stream full before it is disconnected
 * @param snapshotTimeout how long one page of a snapshot may take, owner changes included
 * @param linger how long a partition is tailed after its last reader left, so that one that comes back finds the window
 * @param catchUpBytes bytes that one round of reading older changes from the topic holds in memory
 * @param threads threads that send to readers
 */
public record StreamHubConfig(
        int maxStreams,
        long windowBytes,
        int windowChanges,
        Duration heartbeat,
        Duration slowAfter,
        Duration snapshotTimeout,
        Duration linger,
        int catchUpBytes,
        int threads) {

    public StreamHubConfig {
        positive("maxStreams", maxStreams);
        positive("windowBytes", windowBytes);
        positive("windowChanges", windowChanges);
        positive("heartbeat", heartbeat.toNanos());
        positive("slowAfter", slowAfter.toNanos());
        positive("snapshotTimeout", snapshotTimeout.toNanos());
        positive("linger", linger.toNanos());
        positive("catchUpBytes", catchUpBytes);
        positive("threads", threads);
    }

    /** 10,000 streams, 8 MiB or 50,000 changes per partition, a heartbeat every 15 s. */
    public static StreamHubConfig defaults() {
        return new StreamHubConfig(
                10_000,
                8L << 20,
                50_000,
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                1 << 20,
                2);
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }

    private static final StreamHubConfig DEFAULTS = defaults();

    private static final Key<Integer> MAX_STREAMS = Key.integer(
            "forebay.streams.max",
            DEFAULTS.maxStreams(),
            1,
            1_000_000,
            "Streams that are open at once on the instance.");

    private static final Key<Long> WINDOW_BYTES = Key.size(
            "forebay.streams.window.bytes",
            DEFAULTS.windowBytes(),
            64 << 10,
            1L << 30,
            "Changes of one partition that are kept for streams, in bytes.");

    private static final Key<Integer> WINDOW_CHANGES = Key.integer(
            "forebay.streams.window.changes",
            DEFAULTS.windowChanges(),
            100,
            10_000_000,
            "Changes of one partition that are kept for streams, in number.");

    private static final Key<Duration> HEARTBEAT = Key.duration(
            "forebay.streams.heartbeat",
            DEFAULTS.heartbeat(),
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            "How often a quiet stream sends its id.");

    private static final Key<Duration> SLOW_AFTER = Key.duration(
            "forebay.streams.slow.after",
            DEFAULTS.slowAfter(),
            Duration.ofMillis(100),
            Duration.ofMinutes(10),
            "How long a reader may take nothing before it is disconnected.");

    private static final Key<Integer> THREADS =
            Key.integer("forebay.streams.threads", DEFAULTS.threads(), 1, 64, "Threads that write to streams.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(MAX_STREAMS, WINDOW_BYTES, WINDOW_CHANGES, HEARTBEAT, SLOW_AFTER, THREADS);
    }

    /** Reads it. */
    public static StreamHubConfig read(ConfigReader reader) {
        return new StreamHubConfig(
                reader.get(MAX_STREAMS),
                reader.get(WINDOW_BYTES),
                reader.get(WINDOW_CHANGES),
                reader.get(HEARTBEAT),
                reader.get(SLOW_AFTER),
                DEFAULTS.snapshotTimeout(),
                DEFAULTS.linger(),
                DEFAULTS.catchUpBytes(),
                reader.get(THREADS));
    }
}
