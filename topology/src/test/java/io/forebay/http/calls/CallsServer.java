package io.forebay.http.calls;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcomes;
import io.forebay.command.TransactionalSender;
import io.forebay.config.ConfigReader;
import io.forebay.http.AuthConfig;
import io.forebay.http.HttpConfig;
import io.forebay.http.HttpServer;
import io.forebay.http.Resource;
import io.forebay.routing.Applications;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.Router;
import io.forebay.routing.RouterConfig;
import io.forebay.routing.RunningApplication;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.StreamHub;
import io.forebay.stream.StreamHubConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Calls on a real server with no cluster behind it: what they write is seen, and nothing can be read. */
public final class CallsServer implements AutoCloseable {
    private static final Map<String, Object> NOWHERE = Map.of("bootstrap.servers", "127.0.0.1:1");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final TopicCatalogue catalogue = TopicCatalogue.of(CatalogueSettings.defaults());
    private final ExecutorService sending = Executors.newSingleThreadExecutor();
    private final MockProducer<byte[], byte @Nullable []> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final MockProducer<byte[], byte @Nullable []> transactional =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TransactionalSender transactions = new TransactionalSender(id -> transactional, "calls-server", 1);
    private final AvroSerdes serdes =
            AvroSerdes.create(Map.of("schema.registry.url", "mock://calls-server", "auto.register.schemas", true));
    private final Admin admin = Admin.create(NOWHERE);
    private final StreamHub hub = new StreamHub(StreamHubConfig.defaults(), NOWHERE, System::nanoTime);
    private final HttpConfig config = HttpConfig.read(ConfigReader.of(Map.of("forebay.http.port", "0")));
    private final HttpServer server = HttpServer.open(config);
    private final Router router = new Router(
            new RouterConfig(() -> new HostInfo("127.0.0.1", 1), 1, 1),
            new NoApplications(),
            new QueryRegistry(),
            server.peers(),
            admin,
            Clock.systemUTC(),
            System::nanoTime);

    private CallsServer() {}

    /** Serves resources that are made of this server's parts. */
    public static CallsServer start(Function<CallsServer, List<Resource>> resources) {
        CallsServer started = new CallsServer();
        started.server.start(
                null,
                AuthConfig.none(),
                (method, template, status, nanos) -> {},
                Clock.systemUTC(),
                resources.apply(started));
        return started;
    }

    public HttpServer server() {
        return server;
    }

    public HttpConfig config() {
        return config;
    }

    public Router router() {
        return router;
    }

    public StreamHub hub() {
        return hub;
    }

    public AvroSerdes serdes() {
        return serdes;
    }

    public TopicCatalogue catalogue() {
        return catalogue;
    }

    public CommandSender sender() {
        return new CommandSender(producer, sending);
    }

    public TransactionalSender transactions() {
        return transactions;
    }

    public Outcomes outcomes() {
        return new Outcomes(router);
    }

    public URI uri(String target) {
        return URI.create("http://127.0.0.1:" + server.port() + target);
    }

    /** Sends a request that does not wait for its outcome; a body is JSON unless a header says otherwise. */
    public HttpResponse<String> send(String method, String target, @Nullable String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(target))
                .header("Prefer", "respond-async")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Puts nothing, with no content type. */
    public HttpResponse<String> putNothing(String target) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(target))
                .header("Prefer", "respond-async")
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** What was written since it was forgotten, alone and in transactions. */
    public List<ProducerRecord<byte[], byte @Nullable []>> written() {
        List<ProducerRecord<byte[], byte @Nullable []>> written = new ArrayList<>(producer.history());
        written.addAll(transactional.history());
        return written;
    }

    /** How many transactions there were since it was started. */
    public long transactionsCommitted() {
        return transactional.commitCount();
    }

    public void forgetWritten() {
        producer.clear();
        transactional.clear();
    }

    @Override
    public void close() {
        hub.close();
        router.close();
        server.close();
        admin.close();
        serdes.close();
        transactions.close();
        sending.shutdown();
    }

    private static final class NoApplications implements Applications {
        @Override
        public @Nullable RunningApplication find(String name) {
            return null;
        }

        @Override
        public Collection<RunningApplication> all() {
            return List.of();
        }
    }
}
