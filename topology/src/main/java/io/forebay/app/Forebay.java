package io.forebay.app;

import io.forebay.cache.CacheDecider;
import io.forebay.cache.CacheLoaders;
import io.forebay.cache.CacheStats;
import io.forebay.cache.change.ChangeStats;
import io.forebay.cache.change.ChangesFlow;
import io.forebay.cache.http.CacheHttpConfig;
import io.forebay.cache.http.CacheResource;
import io.forebay.cache.query.LookUp;
import io.forebay.cache.query.Looked;
import io.forebay.command.CommandSender;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeQuery;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Outcomes;
import io.forebay.command.ProducerTicks;
import io.forebay.command.Ticks;
import io.forebay.command.TransactionalSender;
import io.forebay.config.NodeConfig;
import io.forebay.events.EventsFlow;
import io.forebay.events.http.EventChangeCodec;
import io.forebay.events.http.EventsHttpConfig;
import io.forebay.events.http.EventsResource;
import io.forebay.events.query.EventPage;
import io.forebay.events.query.ReadEvents;
import io.forebay.events.query.ReadStream;
import io.forebay.events.query.StreamPage;
import io.forebay.http.HttpServer;
import io.forebay.http.JwtAuthenticator;
import io.forebay.http.ListenException;
import io.forebay.http.OpenApiResource;
import io.forebay.http.PeerResource;
import io.forebay.http.Resource;
import io.forebay.keys.KeysFlow;
import io.forebay.keys.StartNotice;
import io.forebay.keys.http.KeyChangeCodec;
import io.forebay.keys.http.KeysHttpConfig;
import io.forebay.keys.http.KeysResource;
import io.forebay.keys.query.CountKeys;
import io.forebay.keys.query.GetKey;
import io.forebay.keys.query.GetKeys;
import io.forebay.keys.query.KeyFound;
import io.forebay.keys.query.KeyPage;
import io.forebay.keys.query.KeysFound;
import io.forebay.keys.query.MatchKeys;
import io.forebay.presence.PresenceFlow;
import io.forebay.presence.http.PresenceChangeCodec;
import io.forebay.presence.http.PresenceHttpConfig;
import io.forebay.presence.http.PresenceResource;
import io.forebay.presence.query.CountPresences;
import io.forebay.presence.query.GetPresence;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresenceCounts;
import io.forebay.presence.query.PresenceFound;
import io.forebay.presence.query.PresencePage;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.Router;
import io.forebay.routing.RouterConfig;
import io.forebay.routing.RunningApplication;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicAdmin;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicDifference;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.stream.Feed;
import io.forebay.stream.StreamHub;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of Forebay: its capabilities, their stores and queries, the stream hub and the HTTP server, started in an
 * order in which everything finds what it needs, and stopped in the opposite one.
 *
 * <p>A fatal error of a stream thread makes the instance useless and is told to whoever started it, who ends the process: a
 * supervisor starts it again, and the partitions are somebody else's meanwhile.
 */
public final class Forebay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Forebay.class);

    private static final Duration STREAMS_STOP = Duration.ofSeconds(20);
    private static final Duration CLIENT_STOP = Duration.ofSeconds(5);
    private static final int SCAN_QUEUE = 1_000;
    private static final int TRANSACTIONS = 4;

    private final ForebayConfig config;
    private final Consumer<Throwable> fatal;
    private final TopicCatalogue catalogue;
    private final Deque<Step> started = new ArrayDeque<>();
    private final RunningApplications applications = new RunningApplications();
    private final List<Capability> capabilities = new ArrayList<>();
    private final List<Supplier<List<String>>> problems = new ArrayList<>();
    private @Nullable HttpServer server;
    private volatile boolean stopped;

    private record Step(String name, AutoCloseable part) {}

    /** What every capability is made with. */
    private record Parts(
            AvroSerdes serdes,
            StoreEngine engine,
            Ticks ticks,
            OutcomeRetention retention,
            CommandSender sender,
            TransactionalSender transactions,
            Router router,
            StreamHub hub) {}

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
            RunningApplication application =
                    applications.find(capability.store().application());
            KafkaStreams.State state =
                    application == null ? null : application.streams().state();
            if (state != KafkaStreams.State.RUNNING) {
                reasons.add(capability.name() + ": "
                        + (state == null ? "starting" : state.name().toLowerCase(Locale.ROOT)));
            }
            Set<Integer> waiting = capability.health().waitingForRegistry();
            if (!waiting.isEmpty()) {
                reasons.add(capability.name() + ": records of partitions " + waiting
                        + " wait for the schema registry to answer");
            }
        }
        problems.forEach(problem -> reasons.addAll(problem.get()));
        return reasons;
    }

    /** The topics of this instance. */
    public TopicCatalogue catalogue() {
        return catalogue;
    }

    @Override
    public synchronized void close() {
        if (stopped) {
            return;
        }
        stopped = true;
        while (!started.isEmpty()) {
            Step step = started.pop();
            try {
                step.part().close();
            } catch (Exception e) {
                LOG.warn("stopping {}: {}", step.name(), e.toString());
            }
        }
    }

    private void startAll() throws InterruptedException {
        KafkaSettings settings = new KafkaSettings(config);
        NodeConfig node = config.node();
        Admin admin = keep("admin client", Admin.create(settings.admin()), client -> client.close(CLIENT_STOP));
        prepareTopics(admin);
        AvroSerdes serdes = keep("serdes", AvroSerdes.create(settings.serdes()));
        SchemaPreparation.prepare(serdes, catalogue, node.startTimeout());

        StoreEngine engine = keep("store engine", StoreEngine.create(new StoreEngineConfig(node.storeMemoryBytes())));
        Producer<byte[], byte @Nullable []> producer = keep(
                "command producer",
                new KafkaProducer<byte[], byte @Nullable []>(settings.commandProducer()),
                client -> client.close(CLIENT_STOP));
        ProducerTicks ticks = keep("ticks", new ProducerTicks(producer));
        ExecutorService sending = keep("command sender", singleThread(), Forebay::stop);

        HttpServer http = keep("http server", HttpServer.open(config.http()));
        server = http;
        Router router = keep(
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
        StreamHub hub = keep("stream hub", new StreamHub(config.streams(), settings.syncConsumer(), System::nanoTime));
        Metrics metrics = keep("metrics", new Metrics(engine, hub));

        TransactionalSender transactions = keep(
                "transactions",
                new TransactionalSender(
                        slot -> new KafkaProducer<>(settings.transactionalProducer(transactionalId(slot))),
                        "commands",
                        TRANSACTIONS));
        Parts parts = new Parts(
                serdes,
                engine,
                ticks,
                new OutcomeRetention(node.outcomeAge(), node.outcomeEntries()),
                new CommandSender(producer, sending),
                transactions,
                router,
                hub);
        List<Resource> resources = new ArrayList<>(List.of(
                new OpenApiResource(),
                new OperationsResource(this::notReady, metrics::scrape, router, this::keeps),
                new PeerResource(config.http(), router::serve)));
        if (node.capabilities().contains(PresenceFlow.CAPABILITY)) {
            capabilities.add(presence(parts, resources));
        }
        if (node.capabilities().contains(KeysFlow.CAPABILITY)) {
            ChangeStats changeStats = new ChangeStats();
            metrics.add(changeStats);
            capabilities.add(keys(parts, resources, metrics, changeStats));
        }
        if (node.capabilities().contains(EventsFlow.CAPABILITY)) {
            capabilities.add(events(parts, resources));
        }
        capabilities.forEach(metrics::add);
        GroupSettings.apply(
                config.kafka(),
                capabilities.stream()
                        .map(capability -> capability.store().application())
                        .toList(),
                admin,
                node.startTimeout());
        http.start(authenticator(http), config.auth(), metrics, Clock.systemUTC(), resources);
        for (Capability capability : capabilities) {
            run(capability, settings, self(), engine, metrics);
        }
    }

    /** Whether a capability has its store from a topic. */
    private boolean keeps(String topic) {
        return capabilities.stream()
                .anyMatch(capability -> capability.store().source().name().equals(topic));
    }

    private Capability presence(Parts parts, List<Resource> resources) {
        DecidingHealth health = new DecidingHealth();
        Capability presence = new Capability(
                PresenceFlow.CAPABILITY,
                PresenceFlow.store(catalogue),
                PresenceFlow.topology(
                        catalogue,
                        parts.serdes(),
                        parts.engine(),
                        config.presence(),
                        parts.retention(),
                        parts.ticks(),
                        health),
                health);
        resources.add(new PresenceResource(
                presence.store(),
                parts.router(),
                parts.sender(),
                new Outcomes(parts.router()),
                parts.serdes().serializer(PresenceCommand.class),
                parts.hub(),
                new Feed(
                        catalogue.presence().name(),
                        catalogue.presenceSync().name(),
                        new PresenceChangeCodec(parts.serdes().deserializer(PresenceChanged.class))),
                PresenceHttpConfig.of(config.presence())));
        return presence;
    }

    private Capability keys(Parts parts, List<Resource> resources, Metrics metrics, ChangeStats changeStats) {
        DecidingHealth health = new DecidingHealth();
        CacheStats cacheStats = new CacheStats(metrics::add);
        StartNotice notice = new StartNotice(
                KeysFlow.store(catalogue),
                parts.sender(),
                new Outcomes(parts.router()),
                parts.serdes().serializer(KeyCommand.class),
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS),
                () -> stopped);
        notice.send(config.node().topics().placement());
        notice.send(config.cache().policy().limits());
        problems.add(() -> notice.problems().stream()
                .map(problem -> KeysFlow.CAPABILITY + ": " + problem)
                .toList());
        Capability keys = new Capability(
                KeysFlow.CAPABILITY,
                KeysFlow.store(catalogue),
                ChangesFlow.addTo(
                        KeysFlow.topology(
                                catalogue,
                                parts.serdes(),
                                parts.engine(),
                                config.keys(),
                                parts.retention(),
                                parts.ticks(),
                                health,
                                decider -> new CacheDecider(decider, catalogue.keys(), config.keys(), cacheStats)),
                        catalogue,
                        parts.serdes(),
                        config.changes(),
                        config.keys(),
                        health,
                        changeStats),
                health);
        resources.add(new KeysResource(
                keys.store(),
                parts.router(),
                parts.sender(),
                parts.transactions(),
                new Outcomes(parts.router()),
                parts.serdes().serializer(KeyCommand.class),
                parts.hub(),
                new Feed(
                        catalogue.keys().name(),
                        catalogue.keysSync().name(),
                        new KeyChangeCodec(parts.serdes().deserializer(KeyChanged.class))),
                KeysHttpConfig.of(config.keys())));
        resources.add(new CacheResource(
                keys.store(),
                catalogue.changes(),
                parts.router(),
                parts.sender(),
                parts.transactions(),
                new Outcomes(parts.router()),
                parts.serdes().serializer(KeyCommand.class),
                CacheHttpConfig.of(config.cache(), config.keys()),
                keep(
                        "cache loaders",
                        CacheLoaders.open(
                                config.cache().loaders(),
                                config.keys().valueMaxBytes(),
                                metrics.pools(),
                                metrics::add)),
                cacheStats,
                System::nanoTime));
        return keys;
    }

    private Capability events(Parts parts, List<Resource> resources) {
        DecidingHealth health = new DecidingHealth();
        Deserializer<RecordedEvent> recorded = parts.serdes().deserializer(RecordedEvent.class);
        Capability events = new Capability(
                EventsFlow.CAPABILITY,
                EventsFlow.decisions(catalogue),
                EventsFlow.topology(
                        catalogue,
                        parts.serdes(),
                        parts.engine(),
                        config.events(),
                        parts.retention(),
                        parts.ticks(),
                        health),
                health);
        resources.add(new EventsResource(
                EventsFlow.log(catalogue),
                events.store(),
                parts.router(),
                parts.sender(),
                parts.transactions(),
                new Outcomes(parts.router()),
                parts.serdes().serializer(EventCommand.class),
                recorded,
                parts.hub(),
                new Feed(
                        catalogue.events().name(),
                        catalogue.eventLog().name(),
                        new EventChangeCodec(recorded, catalogue.events().name()),
                        true),
                EventsHttpConfig.of(config.events())));
        return events;
    }

    private void prepareTopics(Admin admin) throws InterruptedException {
        TopicAdmin topics = new TopicAdmin(admin, config.node().startTimeout());
        if (config.node().createTopics()) {
            topics.createMissing(catalogue.all(), config.node().replication());
        }
        List<TopicDifference> differences = topics.check(catalogue.all());
        if (!differences.isEmpty()) {
            throw new StartException(differences.stream()
                    .map(TopicDifference::toString)
                    .collect(Collectors.joining(
                            "\n", "the topics are not as they have to be:\n", remedies(differences))));
        }
    }

    private String remedies(List<TopicDifference> differences) {
        String remedies = "";
        if (differences.stream().anyMatch(TopicDifference::isMissingTopic)) {
            remedies += "\n(--create-topics creates those that are missing)";
        }
        if (differences.stream()
                .anyMatch(difference -> difference.isOfPartitions()
                        && difference.topic().equals(catalogue.events().name()))) {
            remedies += "\n(forebay.events.order stays what it was when the topic of events was created)";
        }
        return remedies;
    }

    private void run(
            Capability capability, KafkaSettings settings, HostInfo self, StoreEngine engine, Metrics metrics) {
        String application = capability.store().application();
        KafkaStreams streams = new KafkaStreams(capability.topology(), settings.streams(application, self));
        Rejoins rejoins = new Rejoins(config.node().startTimeout(), System::nanoTime);
        streams.setUncaughtExceptionHandler(failure -> {
            if (isUnknownToServer(failure) && isToRejoin(application, rejoins)) {
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            LOG.error("{} ended by {}", application, failure.toString());
            fatal.accept(failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setGlobalStateRestoreListener(engine.restoreListener());
        streams.setStandbyUpdateListener(engine.standbyListener());
        keep(application, streams, client -> client.close(STREAMS_STOP));
        applications.add(new RunningApplication(application, streams, engine));
        metrics.add(application, streams);
        streams.start();
    }

    /** Waits before it says yes; the thread that is asked has nothing else to do. */
    private static boolean isToRejoin(String application, Rejoins rejoins) {
        Optional<Duration> pause = rejoins.next();
        if (pause.isEmpty()) {
            return false;
        }
        LOG.warn("{} was not let into its group, and joins again", application);
        try {
            TimeUnit.NANOSECONDS.sleep(pause.get().toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * A 4.3.1 group coordinator that has not heard of a topic yet, as in the moment after its creation, fails at the first heartbeat of a member that
     * has an address, and answers with an unknown error, which the client takes for final.
     */
    private static boolean isUnknownToServer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownServerException) {
                return true;
            }
        }
        return false;
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
        return new QueryRegistry()
                .register("outcome", OutcomeQuery.class, OutcomeQuery.Found.class)
                .register("presence.get", GetPresence.class, PresenceFound.class)
                .register("presence.list", ListPresences.class, PresencePage.class)
                .register("presence.count", CountPresences.class, PresenceCounts.class)
                .register("keys.get", GetKey.class, KeyFound.class)
                .register("keys.get.many", GetKeys.class, KeysFound.class)
                .register("keys.match", MatchKeys.class, KeyPage.class)
                .register("keys.count", CountKeys.class, Long.class)
                .register("cache.look", LookUp.class, Looked.class)
                .register("events.read", ReadEvents.class, EventPage.class)
                .register("events.read.stream", ReadStream.class, StreamPage.class);
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

    private <T extends AutoCloseable> T keep(String name, T part) {
        started.push(new Step(name, part));
        return part;
    }

    private <T> T keep(String name, T part, Consumer<T> stop) {
        started.push(new Step(name, () -> stop.accept(part)));
        return part;
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
