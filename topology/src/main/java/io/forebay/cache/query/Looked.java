package io.forebay.cache.query;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link LookUp}.
 *
 * @param value every byte of the value; null when there is none that may be answered
 * @param contentType its media type; null when there is none
 * @param touched when it was last filled or read, in milliseconds since the epoch, as far as the log says
 * @param lifetime the shortest among its readers so far, in milliseconds; {@link Long#MAX_VALUE} when any age would do
 * @param now the time of the look, in milliseconds since the epoch
 * @param stale whether the value is not fresh for this reader, and answered while it is loaded anew
 * @param loading whether somebody has the lease of the entry
 * @param paused whether a load of it while it was stale has failed and is not to be tried again yet
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from the store to the response; nothing compares it
public record Looked(
        byte @Nullable [] value,
        @Nullable String contentType,
        long touched,
        long lifetime,
        long now,
        boolean stale,
        boolean loading,
        boolean paused) {

    /** How often reads that take any age are told of an entry that nobody read otherwise. */
    private static final long SELDOM_MS = 10_000;

    /**
     * How long after a touch that is in the log the next one is worth a record, in milliseconds: a tenth of the shortest
     * lifetime.
     *
     * @param reader the lifetime of this reader, in seconds; null when any age will do
     */
    public long betweenTouches(@Nullable Long reader) {
        long shortest = Math.min(lifetime, reader == null ? Long.MAX_VALUE : TimeUnit.SECONDS.toMillis(reader));
        return shortest == Long.MAX_VALUE ? SELDOM_MS : shortest / 10;
    }

    /** Whether it is to be loaded while the older value is answered, and nobody is to do that yet. */
    public boolean isToBeRefreshed() {
        return stale && !loading && !paused;
    }

    /**
     * How much longer it is fresh, in seconds; 0 or less when it is not.
     *
     * @param reader the lifetime of this reader, in seconds
     */
    public long secondsLeft(long reader) {
        return reader - TimeUnit.MILLISECONDS.toSeconds(Math.max(0, now - touched));
    }
}
