package io.forebay.embedded;

import io.forebay.deploy.LocalPort;
import io.forebay.deploy.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A Kafka cluster of one node (broker and controller, KRaft) inside this process, on the loopback address, for the
 * one-command mode. Other programs of the same machine use it like any cluster.
 *
 * <p>It runs in this JVM rather than in one of its own because the one-command mode lives and dies as a whole: one
 * process to stop or to kill, one heap to size, no orphan after a kill -9, and neither class path disagrees with the
 * other, since every Kafka artifact is of one version.
 *
 * <p>What is acknowledged survives a kill of the process without any fsync: an acknowledged record has been handed to the
 * operating system, whose page cache outlives the process. Only a crash of the machine can lose the last seconds. The
 * flush interval set here is not for that: a flush moves the recovery point, and a start after a kill reads the logs
 * from there on, so it bounds how long that start takes.
 *
 * <p>Time-outs are those of one node that has nobody to fail over to. A killed process leaves its group memberships
 * behind in the log, and partitions move to the new members once those sessions (KIP-848, KIP-1071) have expired: the
 * shipped default of 45 seconds is cut to 4. The broker's own session with its controller is the other way round: it
 * never expires and is not given up before a stop, since a partition without a leader, be it for the moment of a long
 * pause, is not only of no use to anyone but harmful (see {@link KafkaNode#start}).
 */
public final class EmbeddedKafka implements AutoCloseable {

    /** The port that clients know unless another is chosen. */
    public static final int DEFAULT_PORT = 9092;

    private static final int NODE_ID = 1;
    private static final String CLIENTS = "PLAINTEXT";
    private static final String CONTROLLER = "CONTROLLER";
    private static final long READY_TIMEOUT_SECONDS = 60;

    private final KafkaNode node;
    private final String bootstrapServers;
    private final String clusterId;

    private EmbeddedKafka(KafkaNode node, String bootstrapServers, String clusterId) {
        this.node = node;
        this.bootstrapServers = bootstrapServers;
        this.clusterId = clusterId;
    }

    /**
     * Starts a broker on the loopback address and returns when it answers.
     *
     * @param logDirectory where its logs are; made and given a cluster id on first use, both kept from then on
     * @param port the port for clients
     * @return the running broker
     * @throws StartException where the port is taken, the directory cannot be used or the broker does not come up
     */
    public static EmbeddedKafka start(Path logDirectory, int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        // Kafka ends the whole process when its controller cannot bind, so the ports are asked first.
        LocalPort.requireFree(loopback, port, "Kafka", "--kafka-port");
        InetSocketAddress controller = new InetSocketAddress(loopback, LocalPort.anyFree(loopback));
        String host = loopback.getHostAddress();
        KafkaNode node = launch(logDirectory, settings(logDirectory, host, port, controller.getPort()), controller);
        String servers = host + ":" + port;
        try {
            return new EmbeddedKafka(node, servers, awaitClusterId(servers));
        } catch (RuntimeException e) {
            node.stop();
            throw e;
        }
    }

    /**
     * The address for clients.
     *
     * @return host and port, the value of {@code bootstrap.servers}
     */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * The id that the cluster got when its directory was made.
     *
     * @return the id, the same after every restart
     */
    public String clusterId() {
        return clusterId;
    }

    /** Stops the broker; its clients should have been closed before. */
    @Override
    public void close() {
        node.stop();
    }

    private static KafkaNode launch(Path logDirectory, Map<String, String> settings, InetSocketAddress controller) {
        try {
            KafkaNode.format(logDirectory, NODE_ID, CONTROLLER);
            return KafkaNode.start(settings, controller);
        } catch (IOException | RuntimeException e) {
            throw new StartException(
                    "the embedded Kafka in %s does not start: %s".formatted(logDirectory, reason(e)), e);
        }
    }

    private static String awaitClusterId(String servers) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers))) {
            return admin.describeCluster().clusterId().get(READY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StartException("the embedded Kafka on %s does not answer: %s".formatted(servers, reason(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while the embedded Kafka was starting", e);
        }
    }

    private static Map<String, String> settings(Path logDirectory, String host, int port, int controllerPort) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put(
                "listeners", "%s://%s:%d,%s://%s:%d".formatted(CLIENTS, host, port, CONTROLLER, host, controllerPort));
        settings.put("advertised.listeners", "%s://%s:%d".formatted(CLIENTS, host, port));
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("inter.broker.listener.name", CLIENTS);
        settings.put("listener.security.protocol.map", "%s:PLAINTEXT,%s:PLAINTEXT".formatted(CLIENTS, CONTROLLER));
        // A static quorum keeps no address on disk, so the controller's port may differ from start to start.
        settings.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, host, controllerPort));
        settings.put("log.dirs", logDirectory.toString());

        settings.put("broker.session.timeout.ms", Integer.toString(Integer.MAX_VALUE));
        settings.put("broker.heartbeat.interval.ms", "250");
        settings.put("controlled.shutdown.enable", "false");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.min.heartbeat.interval.ms", "500");
        settings.put("group.streams.heartbeat.interval.ms", "1000");
        settings.put("group.streams.min.session.timeout.ms", "3000");
        settings.put("group.streams.session.timeout.ms", "4000");

        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");

        settings.put("log.flush.interval.ms", "10000");
        settings.put("log.flush.offset.checkpoint.interval.ms", "10000");
        settings.put("log.index.size.max.bytes", "1048576");
        settings.put("log.cleaner.dedupe.buffer.size", "16777216");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        return settings;
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
