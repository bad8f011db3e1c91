package io.forebay.app;

import io.forebay.app.Capability.Stage;
import io.forebay.command.CommandSender;
import io.forebay.command.OutcomeQuery;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Outcomes;
import io.forebay.command.ProducerTicks;
import io.forebay.command.TransactionalSender;
import io.forebay.config.NodeConfig;
import io.forebay.http.HttpServer;
import io.forebay.http.JwtAuthenticator;
import io.forebay.http.ListenException;
import io.forebay.http.OpenApiResource;
import io.forebay.http.PeerResource;
import io.forebay.http.Resource;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.Router;
import io.forebay.routing.RouterConfig;
import io.forebay.routing.RunningApplication;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.stream.StreamHub;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * One instance of Forebay: its capabilities, their stores and queries, the stream hub and the HTTP server, started in an
 * order in which everything finds what it needs, and stopped in the opposite one.
 *
 * <p>A fatal error of a stream thread makes the instance useless and is told to whoever started it, who ends the process: a
 * supervisor starts it again, and the partitions are somebody else's meanwhile.
 */
public final class Forebay implements AutoCloseable {

    private static final Duration CLIENT_STOP = Duration.ofSeconds(5);
    private static final int SCAN_QUEUE = 1_000;
    private static final int TRANSACTIONS = 4;

    /** Every capability there is, in the order in which they are started. */
    static final List<Wiring> CAPABILITIES =
            List.of(new PresenceWiring(), new KeysWiring(), new EventsWiring(), new SyncWiring());

    private final ForebayConfig config;
    private final Consumer<Throwable> fatal;
    private final TopicCatalogue catalogue;
    private final Lifecycle lifecycle = new Lifecycle();
    private final RunningApplications applications = new RunningApplications();
    private final List<Capability> capabilities = new ArrayList<>();
    private @Nullable HttpServer server;

    private Forebay(ForebayConfig config, Consumer<Throwable> fatal) {
        this.config = config;
        this.fatal = fatal;
        this.catalogue = TopicCatalogue.of(config.node().topics());
    }

    /**
     * Starts an instance. When it returns HTTP is served; {@link #notReady} tells what is still to come.
     *
     * @param fatal told, at most once for each stream thread, what ended it
     * @throws StartException when it cannot start; what was started is stopped again
     */
    public static Forebay start(ForebayConfig config, Consumer<Throwable> fatal) {
        Forebay forebay = new Forebay(config, fatal);
        try {
            forebay.startAll();
            return forebay;
        } catch (InterruptedException e) {
            forebay.close();
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted", e);
        } catch (ListenException e) {
            forebay.close();
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            forebay.close();
            throw new StartException(
                    "the Kafka cluster (bootstrap.servers = " + config.kafka().get("bootstrap.servers")
                            + ") cannot be used: " + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            forebay.close();
            throw e;
        }
    }

    /** The port that HTTP is served on. */
    public int port() {
        return server().port();
    }

    /** Where HTTP is served, for a caller on this machine. */
    public URI uri() {
        String host = config.http().host();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
    }

    /** What keeps the instance from answering everything; empty when it is ready. */
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        for (Capability capability : capabilities) {
            RunningApplication application = applications.find(capability.application());
            KafkaStreams.State state =
                    application == null ? null : application.streams().state();
            if (state != KafkaStreams.State.RUNNING) {
                reasons.add(capability.name() + ": "
                        + (state == null ? "starting" : state.name().toLowerCase(Locale.ROOT)));
            }
            for (Stage stage : capability.stages()) {
                Set<Integer> waiting = stage.health().waitingForRegistry();
                if (!waiting.isEmpty()) {
                    reasons.add(capability.name() + ": records of partitions " + waiting + " of "
                            + stage.store().source().name() + " wait for the schema registry to answer");
                }
            }
        }
        for (Capability capability : capabilities) {
            capability.problems().get().forEach(problem -> reasons.add(capability.name() + ": " + problem));
        }
        return reasons;
    }

    /** The topics of this instance. */
    public TopicCatalogue catalogue() {
        return catalogue;
    }

    @Override
    public void close() {
        lifecycle.close();
    }

    private void startAll() throws InterruptedException {
        KafkaSettings settings = new KafkaSettings(config);
        NodeConfig node = config.node();
        Admin admin =
                lifecycle.keep("admin client", Admin.create(settings.admin()), client -> client.close(CLIENT_STOP));
        TopicPreparation.prepare(admin, catalogue, node);
        AvroSerdes serdes = lifecycle.keep("serdes", AvroSerdes.create(settings.serdes()));
        SchemaPreparation.prepare(CAPABILITIES, serdes, catalogue, node.startTimeout());

        StoreEngine engine =
                lifecycle.keep("store engine", StoreEngine.create(new StoreEngineConfig(node.storeMemoryBytes())));
        Producer<byte[], byte @Nullable []> producer = lifecycle.keep(
                "command producer",
                new KafkaProducer<byte[], byte @Nullable []>(settings.commandProducer()),
                client -> client.close(CLIENT_STOP));
        ProducerTicks ticks = lifecycle.keep("ticks", new ProducerTicks(producer));
        ExecutorService sending = lifecycle.keep("command sender", singleThread(), Forebay::stop);

        HttpServer http = lifecycle.keep("http server", HttpServer.open(config.http()));
        server = http;
        Router router = lifecycle.keep(
                "router",
                new Router(
                        new RouterConfig(
                                this::self, Math.max(2, Runtime.getRuntime().availableProcessors()), SCAN_QUEUE),
                        applications,
                        queries(),
                        http.peers(),
                        admin,
                        Clock.systemUTC(),
                        System::nanoTime));
        StreamHub hub = lifecycle.keep(
                "stream hub", new StreamHub(config.streams(), settings.syncConsumer(), System::nanoTime));
        Metrics metrics = lifecycle.keep("metrics", new Metrics(engine, hub));

        TransactionalSender transactions = lifecycle.keep(
                "transactions",
                new TransactionalSender(
                        slot -> new KafkaProducer<>(settings.transactionalProducer(transactionalId(slot))),
                        "commands",
                        TRANSACTIONS));
        Parts parts = new Parts(
                config,
                catalogue,
                serdes,
                engine,
                ticks,
                new OutcomeRetention(node.outcomeAge(), node.outcomeEntries()),
                new CommandSender(producer, sending),
                transactions,
                new Outcomes(router),
                router,
                hub,
                metrics,
                lifecycle);
        CAPABILITIES.stream()
                .filter(capability -> config.runs(capability.name()))
                .forEach(capability -> capabilities.add(capability.wire(parts)));
        capabilities.forEach(metrics::add);
        GroupSettings.apply(
                config.kafka(),
                capabilities.stream().map(Capability::application).toList(),
                admin,
                node.startTimeout());
        List<Resource> resources = new ArrayList<>(List.of(
                new OpenApiResource(),
                new OperationsResource(this::notReady, metrics::scrape, router, this::keeps),
                new PeerResource(config.http(), router::serve)));
        capabilities.forEach(capability -> resources.addAll(capability.resources()));
        http.start(authenticator(http), config.auth(), metrics, Clock.systemUTC(), resources);
        ApplicationStart start = new ApplicationStart(settings, self(), engine, metrics, node.startTimeout(), fatal);
        capabilities.forEach(capability -> start.start(capability, applications, lifecycle));
    }

    /** Whether it is the input topic of an application: by its partitions people tell who keeps what. */
    private boolean keeps(String application, String topic) {
        return capabilities.stream()
                .map(capability -> capability.stages().get(0).store())
                .anyMatch(store -> store.application().equals(application)
                        && store.source().name().equals(topic));
    }

    private @Nullable JwtAuthenticator authenticator(HttpServer http) {
        if (!config.auth().isConfigured()) {
            return null;
        }
        try {
            return JwtAuthenticator.create(config.auth(), Clock.systemUTC(), http.workers());
        } catch (IOException e) {
            throw new StartException("forebay.auth.key.file cannot be used: " + e.getMessage(), e);
        }
    }

    private static QueryRegistry queries() {
        QueryRegistry queries = new QueryRegistry().register("outcome", OutcomeQuery.class, OutcomeQuery.Found.class);
        CAPABILITIES.forEach(capability -> capability.register(queries));
        return queries;
    }

    /** Where other instances reach this one. */
    private HostInfo self() {
        String advertised = config.node().advertised();
        if (advertised != null) {
            int colon = advertised.lastIndexOf(':');
            return new HostInfo(advertised.substring(0, colon), Integer.parseInt(advertised.substring(colon + 1)));
        }
        return new HostInfo(config.http().host(), port());
    }

    /** An instance is told apart by where it is reached, which is known once HTTP is served. */
    private String transactionalId(String slot) {
        HostInfo self = self();
        return catalogue.applicationId(slot) + "-" + self.host() + "-" + self.port();
    }

    private HttpServer server() {
        return Objects.requireNonNull(server, "started");
    }

    private static ExecutorService singleThread() {
        return Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "forebay-commands");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void stop(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLIENT_STOP.toSeconds(), TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
