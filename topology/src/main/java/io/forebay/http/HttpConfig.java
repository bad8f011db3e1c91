package io.forebay.http;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens and what it bears.
 *
 * @param host the address to bind; names and literals
 * @param port the port, 0 for any free one
 * @param insecure whether an address other than loopback may be bound without identity
 * @param eventLoops how many threads move bytes; 0 for one per core
 * @param workers how many threads run handlers that may block
 * @param maxTargetBytes the longest request line
 * @param maxHeaderBytes the most header bytes of one request
 * @param maxBodyBytes the largest body of a call that has no limit of its own
 * @param maxBufferedBytes the most body bytes of all requests in progress together
 * @param idleTimeout how long a connection may stay without a request, or without a byte in either direction
 * @param bodyTimeout how long a body may go without making progress of 16 KiB
 * @param writeTimeout how long a caller may take to read an answer
 * @param stopTimeout how long requests in progress are waited for when the server stops
 * @param streamBufferBytes how much an event stream holds for a caller that reads slowly
 * @param maxStreams the most event streams open at once
 * @param compression whether answers are compressed for callers that ask for it (event streams never are)
 * @param corsOrigins origins that browsers may call from; {@code *} for any
 * @param allowedHosts names beside {@code localhost} by which a server without identity may be called on loopback
 * @param clusterSecret what instances show each other, or null
 * @param accessLog whether each request is logged
 */
public record HttpConfig(
        String host,
        int port,
        boolean insecure,
        int eventLoops,
        int workers,
        int maxTargetBytes,
        int maxHeaderBytes,
        long maxBodyBytes,
        long maxBufferedBytes,
        Duration idleTimeout,
        Duration bodyTimeout,
        Duration writeTimeout,
        Duration stopTimeout,
        int streamBufferBytes,
        int maxStreams,
        boolean compression,
        Set<String> corsOrigins,
        Set<String> allowedHosts,
        @Nullable String clusterSecret,
        boolean accessLog) {

    public HttpConfig {
        corsOrigins = Set.copyOf(corsOrigins);
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** What holds where nothing is configured: 127.0.0.1:8080. */
    public static HttpConfig defaults() {
        return new HttpConfig(
                "127.0.0.1",
                8080,
                false,
                0,
                16,
                8 * 1024,
                16 * 1024,
                1024 * 1024,
                512L * 1024 * 1024,
                Duration.ofSeconds(75),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                256 * 1024,
                10_000,
                true,
                Set.of(),
                Set.of(),
                null,
                false);
    }

    /** The same, listening elsewhere. */
    public HttpConfig listening(String otherHost, int otherPort) {
        return new HttpConfig(
                otherHost,
                otherPort,
                insecure,
                eventLoops,
                workers,
                maxTargetBytes,
                maxHeaderBytes,
                maxBodyBytes,
                maxBufferedBytes,
                idleTimeout,
                bodyTimeout,
                writeTimeout,
                stopTimeout,
                streamBufferBytes,
                maxStreams,
                compression,
                corsOrigins,
                allowedHosts,
                clusterSecret,
                accessLog);
    }

    /** The same with other limits of time. */
    public HttpConfig timeouts(Duration idle, Duration body, Duration write) {
        return new HttpConfig(
                host,
                port,
                insecure,
                eventLoops,
                workers,
                maxTargetBytes,
                maxHeaderBytes,
                maxBodyBytes,
                maxBufferedBytes,
                idle,
                body,
                write,
                stopTimeout,
                streamBufferBytes,
                maxStreams,
                compression,
                corsOrigins,
                allowedHosts,
                clusterSecret,
                accessLog);
    }

    /** The same with another secret of the cluster. */
    public HttpConfig sharing(@Nullable String secret) {
        return new HttpConfig(
                host,
                port,
                insecure,
                eventLoops,
                workers,
                maxTargetBytes,
                maxHeaderBytes,
                maxBodyBytes,
                maxBufferedBytes,
                idleTimeout,
                bodyTimeout,
                writeTimeout,
                stopTimeout,
                streamBufferBytes,
                maxStreams,
                compression,
                corsOrigins,
                allowedHosts,
                secret,
                accessLog);
    }

    /** The same for pages of these origins. */
    public HttpConfig calledFrom(Set<String> origins) {
        return new HttpConfig(
                host,
                port,
                insecure,
                eventLoops,
                workers,
                maxTargetBytes,
                maxHeaderBytes,
                maxBodyBytes,
                maxBufferedBytes,
                idleTimeout,
                bodyTimeout,
                writeTimeout,
                stopTimeout,
                streamBufferBytes,
                maxStreams,
                compression,
                origins,
                allowedHosts,
                clusterSecret,
                accessLog);
    }
}
