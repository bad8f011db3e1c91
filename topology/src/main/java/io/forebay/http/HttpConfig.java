package io.forebay.http;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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
                1_000_000,
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

    private static final HttpConfig DEFAULTS = defaults();

    /** The key of the address that is bound. */
    public static final Key<String> HOST = Key.text(
            "forebay.http.host",
            DEFAULTS.host(),
            "an address or a host name",
            Pattern.compile("\\S+"),
            "Address to bind.");

    /** The key of the port. */
    public static final Key<Integer> PORT =
            Key.integer("forebay.http.port", DEFAULTS.port(), 0, 65_535, "Port to bind; 0 for any free one.");

    /** The key that allows open binds. */
    public static final Key<Boolean> INSECURE = Key.flag(
            "forebay.http.insecure", false, "Allow an address other than loopback to be bound without identity.");

    private static final Key<Integer> EVENT_LOOPS =
            Key.integer("forebay.http.event.loops", 0, 0, 256, "Threads that move bytes; 0 for one per core.");

    private static final Key<Integer> WORKERS =
            Key.integer("forebay.http.workers", DEFAULTS.workers(), 1, 1_000, "Threads for handlers that may block.");

    private static final Key<Long> MAX_BODY = Key.size(
            "forebay.http.max.body",
            DEFAULTS.maxBodyBytes(),
            1024,
            2047L << 20,
            "Largest body of a call that has no limit of its own.");

    private static final Key<Long> MAX_BUFFERED = Key.size(
            "forebay.http.max.buffered",
            DEFAULTS.maxBufferedBytes(),
            1 << 20,
            1L << 40,
            "Body bytes of all requests in progress together.");

    private static final Key<Duration> IDLE = Key.duration(
            "forebay.http.idle.timeout",
            DEFAULTS.idleTimeout(),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            "How long a connection may stay without a request.");

    private static final Key<Set<String>> CORS = Key.set(
            "forebay.http.cors.origins",
            "",
            "a list of origins such as https://app.example.com, or *",
            Pattern.compile("\\*|https?://[^/\\s]+"),
            "Origins that browsers may call from.");

    private static final Key<Set<String>> HOSTS = Key.set(
            "forebay.http.allowed.hosts",
            "",
            "a list of host names",
            Pattern.compile("[A-Za-z0-9.-]+"),
            "Names beside localhost by which a server without identity may be called on loopback.");

    private static final Key<String> CLUSTER_SECRET =
            Key.secret("forebay.cluster.secret", 16, "What instances show each other; the same on all of them.");

    private static final Key<Boolean> ACCESS_LOG =
            Key.flag("forebay.http.access.log", false, "Log one line per request, without values.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(
                HOST,
                PORT,
                INSECURE,
                EVENT_LOOPS,
                WORKERS,
                MAX_BODY,
                MAX_BUFFERED,
                IDLE,
                CORS,
                HOSTS,
                CLUSTER_SECRET,
                ACCESS_LOG);
    }

    /** Reads it. */
    public static HttpConfig read(ConfigReader reader) {
        return new HttpConfig(
                reader.get(HOST),
                reader.get(PORT),
                reader.get(INSECURE),
                reader.get(EVENT_LOOPS),
                reader.get(WORKERS),
                DEFAULTS.maxTargetBytes(),
                DEFAULTS.maxHeaderBytes(),
                reader.get(MAX_BODY),
                reader.get(MAX_BUFFERED),
                reader.get(IDLE),
                DEFAULTS.bodyTimeout(),
                DEFAULTS.writeTimeout(),
                DEFAULTS.stopTimeout(),
                DEFAULTS.streamBufferBytes(),
                DEFAULTS.maxStreams(),
                DEFAULTS.compression(),
                reader.get(CORS),
                reader.get(HOSTS),
                reader.find(CLUSTER_SECRET),
                reader.get(ACCESS_LOG));
    }
}
