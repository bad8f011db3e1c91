package io.forebay.events;

/**
 * What an erasure came to. It is the outcome that is kept for retries.
 *
 * @param events events of the stream
 * @param erased those of them that nobody can read any more
 */
public record Erased(long events, long erased) {

    /** The outcome's body. Events in clear are told, for an erasure does nothing to them. */
    public String toJson() {
        return "{\"events\":" + events + ",\"erased\":" + erased + ",\"in_clear\":" + (events - erased) + "}";
    }
}
