package io.forebay.presence.http;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcomes;
import io.forebay.config.ConfigReader;
import io.forebay.http.AuthConfig;
import io.forebay.http.HttpConfig;
import io.forebay.http.HttpServer;
import io.forebay.http.Resource;
import io.forebay.presence.PresenceConfig;
import io.forebay.presence.PresenceFlow;
import io.forebay.routing.Applications;
import io.forebay.routing.QueryRegistry;
import io.forebay.routing.Router;
import io.forebay.routing.RouterConfig;
import io.forebay.routing.RunningApplication;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.Feed;
import io.forebay.stream.StreamHub;
import io.forebay.stream.StreamHubConfig;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** The presence calls on a real server with no cluster behind it: what they write is seen, and nothing can be read. */
public final class PresenceServer implements AutoCloseable {
    private static final Map<String, Object> NOWHERE = Map.of("bootstrap.servers", "127.0.0.1:1");

    private final TopicCatalogue catalogue = TopicCatalogue.of(CatalogueSettings.defaults());
    private final ExecutorService sending = Executors.newSingleThreadExecutor();
    private final MockProducer<byte[], byte @Nullable []> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final AvroSerdes serdes =
            AvroSerdes.create(Map.of("schema.registry.url", "mock://presence-server", "auto.register.schemas", true));
    private final Admin admin = Admin.create(NOWHERE);
    private final StreamHub hub = new StreamHub(StreamHubConfig.defaults(), NOWHERE, System::nanoTime);
    private final HttpServer server;
    private final Router router;

    private PresenceServer(BiFunction<HttpConfig, Router, List<Resource>> others) {
        HttpConfig config = HttpConfig.read(ConfigReader.of(Map.of("forebay.http.port", "0")));
        server = HttpServer.open(config);
        router = new Router(
                new RouterConfig(() -> new HostInfo("127.0.0.1", 1), 1, 1),
                new NoApplications(),
                new QueryRegistry(),
                server.peers(),
                admin,
                Clock.systemUTC(),
                System::nanoTime);
        List<Resource> resources = new ArrayList<>(others.apply(config, router));
        resources.add(new PresenceResource(
                PresenceFlow.store(catalogue),
                router,
                new CommandSender(producer, sending),
                new Outcomes(router),
                serdes.serializer(PresenceCommand.class),
                hub,
                new Feed(
                        catalogue.presence().name(),
                        catalogue.presenceSync().name(),
                        new PresenceChangeCodec(serdes.deserializer(PresenceChanged.class))),
                PresenceHttpConfig.of(PresenceConfig.defaults())));
        server.start(null, AuthConfig.none(), (method, template, status, nanos) -> {}, Clock.systemUTC(), resources);
    }

    /** Presences alone. */
    static PresenceServer start() {
        return start((config, router) -> List.of());
    }

    /** Presences beside other calls. */
    public static PresenceServer start(BiFunction<HttpConfig, Router, List<Resource>> others) {
        return new PresenceServer(others);
    }

    public HttpServer server() {
        return server;
    }

    public URI uri(String target) {
        return URI.create("http://127.0.0.1:" + server.port() + target);
    }

    TopicCatalogue catalogue() {
        return catalogue;
    }

    /** The producer of all commands; its history is what was written. */
    MockProducer<byte[], byte @Nullable []> producer() {
        return producer;
    }

    Deserializer<PresenceCommand> commands() {
        return serdes.deserializer(PresenceCommand.class);
    }

    @Override
    public void close() {
        hub.close();
        router.close();
        server.close();
        admin.close();
        serdes.close();
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
