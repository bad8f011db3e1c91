package io.forebay.http;

import io.forebay.routing.PeerTransport;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of an instance, and its side of calls between instances.
 *
 * <p>Every event loop has its own listener on the one port, so a connection stays on one thread for its whole life and a
 * request needs no lock. Handlers run on that thread, where they only start work, or on a bounded pool where they may
 * block; a queue that is full is answered with 503, since waiting longer helps nobody. HTTP/1.1 and HTTP/2 in clear text
 * (upgrade and prior knowledge) come in on the same port.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int WORKER_QUEUE = 4096;
    private static final long SWEEP_MS = 500;
    private static final int COMPRESSION_THRESHOLD = 1024;
    private static final int COMPRESSION_LEVEL = 3;
    private static final int HTTP2_STREAMS = 1000;

    private final HttpConfig config;
    private final Vertx vertx;
    private final ThreadPoolExecutor workers;
    private final OpenStreams streams;
    private final VertxPeerTransport peers;
    private final Queue<io.vertx.core.http.HttpServer> listeners = new ConcurrentLinkedQueue<>();
    private volatile List<Route> served = List.of();
    private volatile int port;

    private HttpServer(HttpConfig config) {
        this.config = config;
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(eventLoops(config))
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setDisableTCCL(true);
        options.getFileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        this.vertx = Vertx.vertx(options);
        this.workers = workers(config.workers());
        this.streams = new OpenStreams(config.limits().streams());
        this.peers = new VertxPeerTransport(vertx, config.clusterSecret());
    }

    /** Makes ready to serve and to call peers; nothing listens yet. */
    public static HttpServer open(HttpConfig config) {
        return new HttpServer(config);
    }

    /** Calls other instances. */
    public PeerTransport peers() {
        return peers;
    }

    /** Runs work that blocks; refuses it with {@code RejectedExecutionException} when too much waits. */
    public ExecutorService workers() {
        return workers;
    }

    /** How many event streams are open. */
    public int openStreams() {
        return streams.count();
    }

    /**
     * Listens.
     *
     * @param identity who requests come from, or null where nobody is asked
     * @param auth the lifetime of stream tickets and how far clocks may be apart are read from it
     * @param resources the routes beside the server's own
     * @throws ListenException if the address cannot be bound
     */
    public void start(
            @Nullable Authenticator identity,
            AuthConfig auth,
            RequestObserver observer,
            InstantSource clock,
            List<Resource> resources) {
        Identity who = new Identity(identity, config.clusterSecret(), auth, clock);
        RouteTable routes = new RouteTable();
        new TicketResource(who.tickets()).register(routes);
        resources.forEach(resource -> resource.register(routes));
        ServerParts parts = new ServerParts(
                config,
                routes,
                who,
                new Cors(config.corsOrigins()),
                new HostRule(config, identity != null),
                streams,
                workers,
                new AtomicLong(),
                config.accessLog() ? new AccessLog(observer) : observer);
        HttpServerOptions options = options();
        vertx.setPeriodic(SWEEP_MS, id -> streams.endExpired(clock.instant()));
        DeploymentOptions instances = new DeploymentOptions().setInstances(eventLoops(config));
        try {
            vertx.deployVerticle(() -> new Listener(parts, options), instances)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new ListenException(config.host(), config.port(), e.getCause() == null ? e : e.getCause());
        }
        served = routes.routes();
        port = listeners.element().actualPort();
    }

    /** The routes that are served, the server's own included, in the order they were added. */
    public List<Route> routes() {
        return served;
    }

    /** The port that is listened on. */
    public int port() {
        return port;
    }

    /** Ends event streams, lets requests in progress finish for a while, then closes what is left. */
    @Override
    public void close() {
        streams.closeAll();
        List<Future<Void>> stopping = listeners.stream()
                .map(listener -> listener.shutdown(config.timeouts().stop()))
                .toList();
        await(Future.join(stopping), config.timeouts().stop().plusSeconds(1));
        workers.shutdown();
        await(vertx.close(), Duration.ofSeconds(5));
        workers.shutdownNow();
    }

    private static void await(Future<?> future, Duration timeout) {
        try {
            future.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            LOG.warn("The HTTP server did not stop in order: {}", e.toString());
        }
    }

    private final class Listener extends VerticleBase {
        private final ServerParts parts;
        private final HttpServerOptions options;
        private final Connections connections = new Connections(config);

        Listener(ServerParts parts, HttpServerOptions options) {
            this.parts = parts;
            this.options = options;
        }

        @Override
        public Future<?> start() {
            vertx.setPeriodic(SWEEP_MS, id -> connections.sweep());
            io.vertx.core.http.HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(connections::opened)
                    .requestHandler(request -> new Exchange(parts, connections, vertx, context, request).begin())
                    .invalidRequestHandler(InvalidRequests::answer)
                    .exceptionHandler(e -> LOG.debug("Connection failed: {}", e.toString()));
            SocketAddress address = config.port() == 0
                    ? SocketAddress.sharedRandomPort(1, config.host())
                    : SocketAddress.inetSocketAddress(config.port(), config.host());
            return server.listen(address).onSuccess(listeners::add);
        }
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(config.limits().target())
                .setMaxHeaderSize(config.limits().headers())
                .setTcpKeepAlive(true)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(config.timeouts().idle().toMillis()))
                .setCompressionSupported(config.compression())
                .setCompressionContentSizeThreshold(COMPRESSION_THRESHOLD)
                .setCompressionLevel(COMPRESSION_LEVEL);
        return options.setInitialSettings(new Http2Settings()
                .setMaxConcurrentStreams(HTTP2_STREAMS)
                .setMaxHeaderListSize(
                        config.limits().headers() + (long) config.limits().target()));
    }

    private static int eventLoops(HttpConfig config) {
        return config.eventLoops() > 0
                ? config.eventLoops()
                : Runtime.getRuntime().availableProcessors();
    }

    private static ThreadPoolExecutor workers(int size) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, 60, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WORKER_QUEUE), task -> {
                    Thread thread = new Thread(task, "forebay-http-worker-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
