package io.forebay.app;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often and after which pause an application joins its group again that was not let in.
 *
 * <p>A group coordinator of Kafka 4.3 that has not yet heard of a source topic answers the heartbeat of a member with an
 * endpoint by an unknown server error (EndpointToPartitionsManager takes the topology's subtopologies for given), which the
 * member takes for fatal. Topics that were made a moment ago are such topics, for as long as the coordinator's broker
 * is busy with making their logs. So what bounds the joins is time and not their number.
 */
final class Rejoins {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Duration window;
    private final LongSupplier nanoTime;
    private long first;
    private long last;
    private Duration pause = Duration.ZERO;

    /**
     * Of one application.
     *
     * @param window how long after the first refusal it joins again; a time of that length without one starts anew
     * @param nanoTime the clock
     */
    Rejoins(Duration window, LongSupplier nanoTime) {
        this.window = window;
        this.nanoTime = nanoTime;
    }

    /** After a refusal: how long to wait before the next join, or empty when it is time to give up. */
    synchronized Optional<Duration> next() {
        long now = nanoTime.getAsLong();
        boolean anew = pause.isZero() || now - last > window.toNanos();
        if (anew) {
            first = now;
            pause = FIRST_PAUSE;
        } else {
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
        last = now;
        return now - first > window.toNanos() ? Optional.empty() : Optional.of(pause);
    }
}
