package io.forebay.erasure;

import io.forebay.command.Outcome;
import io.forebay.erasure.Commands.Command;
import io.forebay.schemas.avro.EraseInstance;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RewriteInstanceKey;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Erases the events of instances and says what is left.
 *
 * <p>A command destroys the key of the instance: a record of the topic of keys says so, and a compaction removes the record
 * before it, which has the key. For that the record is written again. The erasure itself is not sent again, since it would
 * take what was appended in the meantime as well.
 */
public final class InstanceErasure {

    private static final Pattern OUTCOME = Pattern.compile("\"events\":(\\d+),\"erased\":(\\d+)");

    private final TopicCatalogue catalogue;
    private final TopicSpec decisions;
    private final Serializer<EventCommand> commands;
    private final Deserializer<InstanceKey> keys;
    private final ErasureClients clients;
    private final Cluster cluster;

    /**
     * An erasure on a cluster.
     *
     * @param decisions the changelog of the store that decides about events
     */
    public InstanceErasure(TopicCatalogue catalogue, TopicSpec decisions, AvroSerdes serdes, ErasureClients clients) {
        this.catalogue = catalogue;
        this.decisions = decisions;
        this.commands = serdes.serializer(EventCommand.class);
        this.keys = serdes.deserializer(InstanceKey.class);
        this.clients = clients;
        this.cluster = new Cluster(clients.admin(), clients.timeout());
    }

    /**
     * Erases.
     *
     * @param streams each a domain and an instance
     * @throws ErasureException when it is refused, or not decided in time
     * @throws KafkaException when the cluster does not answer or refuses
     */
    public ErasureReport run(List<Path> streams, ErasureRequest request) throws InterruptedException {
        Compaction compaction = new Compaction(cluster, catalogue.eventKeys(), request.compact());
        try {
            return erase(streams, request, compaction);
        } finally {
            compaction.putBack();
        }
    }

    private ErasureReport erase(List<Path> streams, ErasureRequest request, Compaction compaction)
            throws InterruptedException {
        Set<Integer> concerned = new TreeSet<>();
        List<Command> erasures = new ArrayList<>();
        for (Path stream : streams) {
            concerned.add(partition(stream));
            erasures.add(command(stream, new EraseInstance()));
        }
        Commands sent = new Commands(clients, cluster, catalogue.events(), decisions, concerned);
        List<ErasureReport.Erased> erased = erased(streams, sent.decide(erasures, request.patience()));
        Copies copies = new Copies(
                clients.uncommitted(),
                copies(streams),
                cluster.ends(Cluster.of(catalogue.eventKeys().name(), concerned)));
        Set<Integer> left = compaction.await(copies, request.patience(), partition -> {
            for (Path stream : streams) {
                if (partition(stream) == partition) {
                    sent.send(command(stream, new RewriteInstanceKey()));
                }
            }
        });
        return new ErasureReport(erased, remaining(request, sent, left), left.isEmpty());
    }

    private int partition(Path stream) {
        return catalogue.events().partitionFor(stream);
    }

    private Command command(Path stream, Object command) {
        return new Command(
                partition(stream),
                stream.toBytes(),
                commands.serialize(catalogue.events().name(), new EventCommand(command)));
    }

    private Predicate<ConsumerRecord<byte[], byte[]>> copies(List<Path> streams) {
        Set<ByteBuffer> erased = new HashSet<>();
        streams.forEach(stream -> erased.add(ByteBuffer.wrap(stream.toBytes())));
        return record -> erased.contains(ByteBuffer.wrap(record.key()))
                && keys.deserialize(record.topic(), record.value()).getKey() != null;
    }

    private static List<ErasureReport.Erased> erased(List<Path> streams, List<Outcome> outcomes) {
        List<ErasureReport.Erased> erased = new ArrayList<>(streams.size());
        for (int i = 0; i < streams.size(); i++) {
            String stream = streams.get(i).toString();
            Outcome outcome = outcomes.get(i);
            ErasureException.checkDecided(stream, outcome);
            Matcher counts = OUTCOME.matcher(outcome.text());
            if (!counts.find()) {
                throw new IllegalStateException("an outcome of an erasure has counts");
            }
            erased.add(
                    new ErasureReport.Erased(stream, Long.parseLong(counts.group(1)), Long.parseLong(counts.group(2))));
        }
        return erased;
    }

    private List<ErasureReport.Remaining> remaining(ErasureRequest request, Commands sent, Set<Integer> left)
            throws InterruptedException {
        Remains remains = new Remains(cluster, sent.last());
        if (left.isEmpty()) {
            remains.forever(catalogue.eventKeys(), "no key; that there was one");
        } else {
            remains.copies(catalogue.eventKeys(), "keys", left);
        }
        remains.forever(
                catalogue.eventLog(),
                "the events, of which those that are erased can be read by nobody; their types, ids and times in clear,"
                        + " for ever");
        remains.commands(catalogue.events(), "the commands that appended events");
        remains.deadLetters(catalogue.deadLetters());
        if (request.deleteRecords()) {
            remains.deleteRecords();
        }
        return remains.all();
    }
}
