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
 * @param limits the most it takes in and holds
 * @param timeouts how long it waits
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
        HttpLimits limits,
        HttpTimeouts timeouts,
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
                HttpLimits.defaults(),
                HttpTimeouts.defaults(),
                true,
                Set.of(),
                Set.of(),
                null,
                false);
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
            DEFAULTS.limits().body(),
            1024,
            2047L << 20,
            "Largest body of a call that has no limit of its own.");

    private static final Key<Long> MAX_BUFFERED = Key.size(
            "forebay.http.max.buffered",
            DEFAULTS.limits().buffered(),
            1 << 20,
            1L << 40,
            "Body bytes of all requests in progress together.");

    private static final Key<Duration> IDLE = Key.duration(
            "forebay.http.idle.timeout",
            DEFAULTS.timeouts().idle(),
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
        HttpLimits limits = DEFAULTS.limits();
        HttpTimeouts timeouts = DEFAULTS.timeouts();
        return new HttpConfig(
                reader.get(HOST),
                reader.get(PORT),
                reader.get(INSECURE),
                reader.get(EVENT_LOOPS),
                reader.get(WORKERS),
                new HttpLimits(
                        limits.target(),
                        limits.headers(),
                        reader.get(MAX_BODY),
                        reader.get(MAX_BUFFERED),
                        limits.streamBuffer(),
                        limits.streams()),
                new HttpTimeouts(reader.get(IDLE), timeouts.body(), timeouts.write(), timeouts.stop()),
                DEFAULTS.compression(),
                reader.get(CORS),
                reader.get(HOSTS),
                reader.find(CLUSTER_SECRET),
                reader.get(ACCESS_LOG));
    }
}
