package io.forebay.events.http;

import io.forebay.events.EventsConfig;
import java.time.Duration;

/**
 * Bounds of the calls of events.
 *
 * @param readTimeout how long a read waits for its position and for owners
 * @param outcomeTimeout how long an append waits for its outcome where the caller does not say
 * @param events limits of one event and of one append
 * @param bodyBytes the largest body of an append
 * @param pageBytes after which a page of events is full, however few they are
 * @param snapshotPage how many events a page of a stream's snapshot has
 */
public record EventsHttpConfig(
        Duration readTimeout,
        Duration outcomeTimeout,
        EventsConfig events,
        int bodyBytes,
        long pageBytes,
        int snapshotPage) {

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final int BODY_BYTES = 16 * 1024 * 1024;
    private static final long PAGE_BYTES = 8L * 1024 * 1024;
    private static final int PAGE = 500;

    /** The bounds of the capability, a wait of 10 s, bodies of 16 MiB, pages of 8 MiB. */
    public static EventsHttpConfig of(EventsConfig config) {
        return new EventsHttpConfig(WAIT, WAIT, config, BODY_BYTES, PAGE_BYTES, PAGE);
    }
}
