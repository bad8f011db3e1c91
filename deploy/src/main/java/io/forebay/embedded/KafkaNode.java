package io.forebay.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * The adapter to Kafka's server classes, which are no public API: whatever a new Kafka version changes there is to be
 * mended here and nowhere else.
 */
final class KafkaNode {

    private static final String META_PROPERTIES = "meta.properties";

    private final KafkaRaftServer server;

    private KafkaNode(KafkaRaftServer server) {
        this.server = server;
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
     * Starts a node and returns once its listeners are open. It may not have registered yet.
     *
     * @param properties the node's configuration, with Kafka's property names
     * @return the running node
     */
    static KafkaNode start(Map<String, String> properties) {
        Properties config = new Properties();
        config.putAll(properties);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(config, false), Time.SYSTEM);
        server.startup();
        return new KafkaNode(server);
    }

    /** Stops the node: its logs are closed cleanly, so that the next start need not check them. */
    void stop() {
        server.shutdown();
        server.awaitShutdown();
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
