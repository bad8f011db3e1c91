package io.forebay.http;

import java.time.Duration;

/**
 * How long the server waits.
 *
 * @param idle for a request on a connection, or for a byte in either direction
 * @param body for progress of 16 KiB in a body
 * @param write for a caller to read an answer
 * @param stop for requests in progress when the server stops
 */
public record HttpTimeouts(Duration idle, Duration body, Duration write, Duration stop) {

    /** What holds where nothing is configured. */
    public static HttpTimeouts defaults() {
        return new HttpTimeouts(
                Duration.ofSeconds(75), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(10));
    }
}
