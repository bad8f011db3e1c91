package io.forebay.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * The adapter to Kafka's server classes, which are no public API: whatever a new Kafka version changes there is to be
 * mended here and nowhere else.
 */
final class KafkaNode {

    private static final String META_PROPERTIES = "meta.properties";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);

    private static final Duration ACTIVE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ACTIVE_POLL = Duration.ofMillis(5);

    private final ControllerServer controller;
    private final BrokerServer broker;

    private KafkaNode(ControllerServer controller, BrokerServer broker) {
        this.controller = controller;
        this.broker = broker;
    }

    /**
     * Makes a log directory that a node can start from, unless it is one already. The work is done beside it and moved
     * into place, so that a process killed half way leaves no half-formatted directory.
     *
     * @param logDirectory the directory
     * @param nodeId the node's id
     * @param controllerListener the name of the controller's listener
     * @throws IOException where the disk refuses
     */
    static void format(Path logDirectory, int nodeId, String controllerListener) throws IOException {
        if (Files.exists(logDirectory.resolve(META_PROPERTIES))) {
            return;
        }
        Path draft = logDirectory.resolveSibling(logDirectory.getFileName() + ".new");
        deleteRecursively(draft);
        Files.createDirectories(draft);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(print)
                    .setNodeId(nodeId)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(draft.toString()))
                    .setMetadataLogDirectory(draft.toString())
                    .setControllerListenerName(controllerListener)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e.getMessage(), e);
        }
        Files.move(draft, logDirectory, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Starts a node and returns once its listeners are open.
     *
     * <p>The order is that of Kafka's own combined server but for one step between controller and broker: the broker's
     * last registration is taken out of the metadata. A broker that still finds itself registered leads its partitions
     * from the moment it has read the metadata, is then fenced as a broker of another incarnation, and elected again. In
     * between no partition has a leader, which the transaction coordinator of Kafka 4.3 takes for a deleted partition
     * (TransactionMarkerChannelManager): a transaction that the last process had prepared and not completed is told to
     * be complete without its markers, and the partitions it wrote to are never again stable. Without a registration
     * the partitions have no leader until the new one is accepted, and one ever after. It also saves the wait for the
     * old session's end.
     *
     * @param properties the node's configuration, with Kafka's property names
     * @param controllerAddress where the controller of those properties listens
     * @return the running node
     * @throws IOException where the controller does not start or keeps the last registration
     */
    static KafkaNode start(Map<String, String> properties, InetSocketAddress controllerAddress) throws IOException {
        Properties values = new Properties();
        values.putAll(properties);
        KafkaConfig config = KafkaConfig.fromProps(values, false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> directories =
                KafkaRaftServer.initializeLogDirs(config, LOG, "");
        SharedServer shared = shared(config, directories._1(), controllerAddress);
        ControllerServer controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
        BrokerServer broker = new BrokerServer(shared);
        KafkaNode node = new KafkaNode(controller, broker);
        try {
            controller.startup();
            forgetRegistration(controller.controller(), config.nodeId());
            broker.startup();
        } catch (IOException | RuntimeException e) {
            node.stop();
            throw e;
        }
        return node;
    }

    /** Stops the node: its logs are closed cleanly, so that the next start need not check them. */
    void stop() {
        broker.shutdown();
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
    }

    private static SharedServer shared(
            KafkaConfig config, MetaPropertiesEnsemble directories, InetSocketAddress controllerAddress) {
        return new SharedServer(
                config,
                directories,
                Time.SYSTEM,
                Server.initializeMetrics(
                        config, Time.SYSTEM, directories.clusterId().orElseThrow()),
                CompletableFuture.completedFuture(Map.of(config.nodeId(), controllerAddress)),
                List.of(),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
    }

    private static void forgetRegistration(Controller controller, int brokerId) throws IOException {
        ControllerRequestContext context =
                new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
        long deadline = System.nanoTime() + ACTIVE_TIMEOUT.toNanos();
        try {
            while (!controller.isActive()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("the controller does not become active");
                }
                Thread.sleep(ACTIVE_POLL.toMillis());
            }
            controller.unregisterBroker(context, brokerId).get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
                throw new IOException("the broker's last registration cannot be removed", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the controller was starting");
        }
    }

    private static void deleteRecursively(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(directory)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
