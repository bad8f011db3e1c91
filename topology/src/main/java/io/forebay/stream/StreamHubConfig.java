package io.forebay.stream;

import java.time.Duration;

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
}
