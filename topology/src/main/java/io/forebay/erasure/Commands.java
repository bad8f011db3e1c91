package io.forebay.erasure;

import io.forebay.command.KeptOutcomeRecord;
import io.forebay.command.Outcome;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Commands to a capability and what it decided. Outcomes stand in the deciding store and so in its changelog, where they are
 * read: what is there as committed was decided, and nothing but the cluster has to be reachable.
 */
final class Commands {

    private static final Duration POLL = Duration.ofMillis(200);

    private final ErasureClients clients;
    private final TopicSpec input;
    private final Map<Integer, RecordMetadata> last = new HashMap<>();

    /** One command. */
    @SuppressWarnings("ArrayRecordComponent") // on its way; nothing compares it
    record Command(int partition, byte[] key, byte[] value) {}

    /**
     * Commands to some partitions.
     *
     * @param outcomes the changelog of the store that decides them
     */
    Commands(
            ErasureClients clients,
            Cluster cluster,
            TopicSpec input,
            TopicSpec outcomes,
            Collection<Integer> partitions)
            throws InterruptedException {
        this.clients = clients;
        this.input = input;
        List<TopicPartition> logs = Cluster.of(outcomes.name(), partitions);
        clients.committed().assign(logs);
        cluster.ends(logs).forEach(clients.committed()::seek);
    }

    /** Sends a command, whose outcome is of no interest. */
    void send(Command command) throws InterruptedException {
        send(command, requestId());
    }

    private static String requestId() {
        return "erase-" + UUID.randomUUID();
    }

    private void send(Command command, String requestId) throws InterruptedException {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(input.name(), command.partition(), command.key(), command.value());
        record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        try {
            last.put(command.partition(), clients.producer().send(record).get());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        }
    }

    /**
     * Sends commands and waits for what is decided.
     *
     * @return the outcomes in the order of the commands
     * @throws ErasureException when they are not decided in time
     */
    List<Outcome> decide(List<Command> commands, Duration wait) throws InterruptedException {
        List<String> requestIds = new ArrayList<>(commands.size());
        for (Command command : commands) {
            String requestId = requestId();
            send(command, requestId);
            requestIds.add(requestId);
        }
        Map<String, Outcome> outcomes = new HashMap<>();
        long deadline = System.nanoTime() + wait.toNanos();
        while (!outcomes.keySet().containsAll(requestIds)) {
            if (System.nanoTime() - deadline > 0) {
                throw new ErasureException(
                        "the erasure was sent and is not decided after %d s; it will be when an instance runs %s"
                                .formatted(wait.toSeconds(), input.owner()));
            }
            for (ConsumerRecord<byte[], byte[]> record : clients.committed().poll(POLL)) {
                String requestId = KeptOutcomeRecord.requestId(record.key());
                if (requestId != null && record.value() != null) {
                    outcomes.put(requestId, KeptOutcomeRecord.outcome(record.value()));
                }
            }
        }
        List<Outcome> inOrder = new ArrayList<>(requestIds.size());
        for (String requestId : requestIds) {
            Outcome outcome = outcomes.get(requestId);
            if (outcome != null) {
                inOrder.add(outcome);
            }
        }
        return inOrder;
    }

    /** Where the last command to each partition is. */
    Map<Integer, RecordMetadata> last() {
        return last;
    }
}
