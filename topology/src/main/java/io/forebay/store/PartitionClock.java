package io.forebay.store;

import java.time.Clock;

/**
 * The clock of the brokers that stamp one partition, as well as this instance can tell. Log time stands still while nothing
 * is appended; this goes on, so that reads know what has passed its time on a quiet partition.
 *
 * <p>It is the instance's own clock, corrected by what append times say. A record that is here was appended before, so the
 * own clock is ahead of the broker's by at most its arrival less its append time. A record that was asked for was appended
 * after, so it is ahead by at least the asking less the append time. The own clock is taken as right while that is within
 * those bounds, and as wrong by the nearest of them otherwise: an old record that is read again says nothing about now, and
 * does not disturb. Where bounds contradict each other a clock was set, and the newer one holds (compare RFC 5905, section
 * 8, of which this is the part that needs no answer from a broker).
 */
public final class PartitionClock {
    private final Clock own;
    private long least = Long.MIN_VALUE;
    private long most = Long.MAX_VALUE;
    private volatile long ahead;
    private volatile boolean bounded;

    PartitionClock(Clock own) {
        this.own = own;
    }

    /** Now, by the brokers' clock, in milliseconds since the epoch. */
    public long now() {
        return own.millis() - ahead;
    }

    /** Now, by the instance's own clock: for {@link #appended}. */
    public long own() {
        return own.millis();
    }

    /** Whether it is known how far the own clock is ahead at the least: some record was {@link #appended}. */
    public boolean isBounded() {
        return bounded;
    }

    /** A record with this append time is here. */
    public void seen(long appendTime) {
        // Most records change nothing; so this is not synchronized for each of them.
        if (own.millis() - appendTime < ahead) {
            atMost(own.millis() - appendTime);
        }
    }

    /**
     * A record was appended, and was asked for before.
     *
     * @param asked {@link #own} when it was asked for
     * @param appendTime what the broker stamped it with
     */
    public void appended(long asked, long appendTime) {
        atLeast(asked - appendTime);
        atMost(own.millis() - appendTime);
    }

    private synchronized void atMost(long bound) {
        most = Math.min(most, bound);
        if (least > most) {
            least = Long.MIN_VALUE;
        }
        correct();
    }

    private synchronized void atLeast(long bound) {
        least = Math.max(least, bound);
        if (most < least) {
            most = Long.MAX_VALUE;
        }
        bounded = true;
        correct();
    }

    private void correct() {
        ahead = Math.max(least, Math.min(most, 0));
    }
}
