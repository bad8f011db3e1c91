package io.forebay.events.state;

/**
 * A run of sequence numbers.
 *
 * @param from the first, inclusive
 * @param to the end, exclusive
 */
public record EventSpan(long from, long to) {

    /** How many numbers it has. */
    public long length() {
        return Math.max(0, to - from);
    }

    /** What of it comes after a place, in a direction. */
    public EventSpan after(long sequence, boolean backward) {
        return backward ? new EventSpan(from, Math.min(to, sequence)) : new EventSpan(Math.max(from, sequence + 1), to);
    }
}
