package io.forebay.sync.association;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.ChangeDelivery;
import io.forebay.schemas.avro.Concerned;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.PlaceRows;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.avro.TransactionWhole;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.association.state.Interest;
import io.forebay.sync.association.state.ToldChange;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.PartitionKeys;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.row.LogPlace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The ways from a partition of places to those of subscribers. A change goes once to each that has somebody whom it concerns, or in several if they are many. */
final class Deliveries {

    /** The names in a change, each of at most as many characters as such a name may have, and what every record has. */
    private static final int BYTES_BESIDES = 8 * 1024;

    private final TopicSpec topic;
    private final Function<DeliveryCommand, byte[]> encoder;
    private final PlaceLimits limits;
    private final PartitionKeys keys;

    /**
     * @param topic the one to subscribers
     */
    Deliveries(TopicSpec topic, Function<DeliveryCommand, byte[]> encoder, PlaceLimits limits) {
        this.topic = topic;
        this.encoder = encoder;
        this.limits = limits;
        this.keys = new PartitionKeys(topic);
    }

    /** Tells a subscriber rows at a place. */
    void tell(PlaceRows rows, Decision decision) {
        Path subscriber = Path.of(rows.getSubscriber());
        tell(subscriber, topic.partitionFor(subscriber), rows, decision);
    }

    /**
     * Tells a change to whom it concerns.
     *
     * @return the partitions that it went to
     */
    Set<Integer> tell(ToldChange change, List<Interest> concerned, Decision decision) {
        Map<Integer, List<Interest>> byPartition = byPartition(concerned);
        int room = topic.maxMessageBytes() - bytes(change.oldRow()) - bytes(change.newRow()) - BYTES_BESIDES;
        byPartition.forEach((partition, there) -> {
            for (List<Interest> chunk :
                    Chunks.of(there, limits.recordConcerned(), Math.min(limits.recordBytes(), room))) {
                tell(keys.on(partition), partition, delivery(change, chunk), decision);
            }
        });
        return byPartition.keySet();
    }

    private static int bytes(@Nullable String row) {
        return row == null ? 0 : row.getBytes(StandardCharsets.UTF_8).length;
    }

    private Map<Integer, List<Interest>> byPartition(List<Interest> concerned) {
        List<Interest> sorted = new ArrayList<>(concerned);
        sorted.sort(Comparator.comparing(Interest::subscriber));
        Map<Integer, List<Interest>> byPartition = new TreeMap<>();
        String last = null;
        int partition = -1;
        for (Interest interest : sorted) {
            if (!interest.subscriber().equals(last)) {
                last = interest.subscriber();
                partition = topic.partitionFor(Path.of(last));
            }
            byPartition.computeIfAbsent(partition, key -> new ArrayList<>()).add(interest);
        }
        return byPartition;
    }

    private ChangeDelivery delivery(ToldChange change, List<Interest> concerned) {
        return ChangeDelivery.newBuilder()
                .setSource(new SourcePosition(change.partition(), change.ref()))
                .setRowSource(LogPlace.toSource(change.place()))
                .setOp(change.op())
                .setRecord(change.record())
                .setOldRow(change.oldRow())
                .setNewRow(change.newRow())
                .setTransaction(change.transaction())
                .setTransactionRows(change.transactionRows() == 0 ? null : change.transactionRows())
                .setId(change.id())
                .setBy(change.by())
                .setConcerned(concerned(concerned))
                .build();
    }

    /** As it goes into records. */
    static List<Concerned> concerned(List<Interest> interests) {
        List<Concerned> concerned = new ArrayList<>(interests.size());
        for (Interest interest : interests) {
            concerned.add(new Concerned(interest.subscriber(), interest.place(), interest.kind(), interest.request()));
        }
        return concerned;
    }

    /** Tells partitions that all changes of a transaction that are to be waited for were sent before this. */
    void tellWhole(String transaction, Collection<Integer> partitions, Decision decision) {
        for (int partition : partitions) {
            if (partition >= 0 && partition < keys.partitions()) {
                tell(keys.on(partition), partition, new TransactionWhole(transaction), decision);
            }
        }
    }

    private void tell(Path key, int partition, Object command, Decision decision) {
        byte[] value = encoder.apply(new DeliveryCommand(
                Stage.PLACES.label(),
                decision.partition(),
                Channels.nextSent(Stage.SUBSCRIBERS, partition, decision),
                command));
        decision.tell(key, (index, last) -> value);
    }
}
