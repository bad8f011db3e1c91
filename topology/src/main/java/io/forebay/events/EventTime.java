package io.forebay.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as bounds of what is asked for. */
public final class EventTime {

    /** The rule in words. */
    public static final String RULE = "a time as in 2024-01-01T00:00:00Z, with its offset from UTC";

    private EventTime() {}

    /**
     * A time (RFC 3339) as a bound in milliseconds since the epoch: the first millisecond that is not before it.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static long parse(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            long millis = time.toEpochMilli();
            return time.isAfter(Instant.ofEpochMilli(millis)) ? Math.addExact(millis, 1) : millis;
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(RULE, e);
        }
    }
}
