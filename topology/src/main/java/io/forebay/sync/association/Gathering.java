package io.forebay.sync.association;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.Concerned;
import io.forebay.schemas.avro.PlaceAnswer;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.association.state.Gathered;
import io.forebay.sync.association.state.GatheringTable;
import io.forebay.sync.association.state.Interest;
import io.forebay.sync.association.state.ToldChange;
import io.forebay.sync.association.state.Work;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.Deferred;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.row.TransactionParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings together whom a change concerns.
 *
 * <p><b>Whom.</b> The places of one change may be on several partitions. Each finds the interests that are there when the change meets it, and answers
 * to the record's own place, also when it found none: that place knows how many are to answer. An answer may be there before the change itself.
 *
 * <p><b>Order.</b> A change is told when all have answered and no earlier change of its record waits. So a record's changes are told in the
 * order of their refs, though they meet different places on the way; and a subscriber whom several places name is told once, for all of them.
 *
 * <p><b>Cost.</b> A change that has its places on one partition, with nothing before it, is told at once and leaves nothing in the store.
 * Where those whom it concerns are more than one decision tells, each of several passes tells those whose names fall to it, until all
 * are told and the next change of the record may go.
 */
final class Gathering {

    private final GatheringTable table;
    private final Deliveries deliveries;
    private final Deferred deferred;
    private final TopicSpec routes;
    private final Function<RouteCommand, byte[]> encoder;
    private final PlaceLimits limits;

    /**
     * @param deferred takes what one decision does not end
     * @param routes the topic to places
     */
    Gathering(
            GatheringTable table,
            Deliveries deliveries,
            Deferred deferred,
            TopicSpec routes,
            Function<RouteCommand, byte[]> encoder,
            PlaceLimits limits) {
        this.table = table;
        this.deliveries = deliveries;
        this.deferred = deferred;
        this.routes = routes;
        this.encoder = encoder;
        this.limits = limits;
    }

    /** Answers to a record's place whom a change concerns here. */
    void answer(String record, long ref, List<Interest> concerned, Decision decision) {
        Path place = Path.parse(record);
        int partition = routes.partitionFor(place);
        List<List<Interest>> parts = Chunks.of(concerned, limits.recordConcerned(), limits.recordBytes());
        for (int i = 0; i < Math.max(1, parts.size()); i++) {
            PlaceAnswer answer = PlaceAnswer.newBuilder()
                    .setPartition(decision.partition())
                    .setNumber(Channels.nextSent(Stage.PLACES, partition, decision))
                    .setRecord(record)
                    .setRef(ref)
                    .setConcerned(parts.isEmpty() ? List.of() : Deliveries.concerned(parts.get(i)))
                    .setLast(i >= parts.size() - 1)
                    .build();
            decision.command(place.toBytes(), encoder.apply(new RouteCommand(answer)));
        }
    }

    /**
     * A change has come to its record's place.
     *
     * @param answers how many partitions are to answer
     * @param concerned whom it concerns here
     */
    void came(ToldChange change, int answers, List<Interest> concerned, Decision decision) {
        String record = change.record();
        boolean isFirst = table.first(record, decision) < 0;
        if (answers == 0 && isFirst && concerned.size() <= limits.decisionConcerned()) {
            ended(change, deliveries.tell(change, concerned, decision), decision);
            return;
        }
        Gathered known = table.find(record, change.ref(), decision);
        if (known != null && known.hasCome()) {
            return;
        }
        Gathered gathered = table.withParts(
                record,
                change.ref(),
                (known == null ? Gathered.NOTHING : known).expecting(answers),
                Chunks.of(concerned, limits.recordConcerned(), limits.recordBytes()),
                decision);
        table.add(change, gathered, decision);
        tellNext(record, decision);
    }

    /** A partition has answered, or begun to. */
    void answered(PlaceAnswer answer, Decision decision) {
        String record = answer.getRecord();
        Gathered known = table.find(record, answer.getRef(), decision);
        List<Interest> concerned = interests(answer.getConcerned());
        Gathered gathered = table.withParts(
                record,
                answer.getRef(),
                known == null ? Gathered.NOTHING : known,
                concerned.isEmpty() ? List.of() : List.of(concerned),
                decision);
        table.put(record, answer.getRef(), answer.getLast() ? gathered.withAnswer() : gathered, decision);
        tellNext(record, decision);
    }

    private static List<Interest> interests(List<Concerned> concerned) {
        List<Interest> interests = new ArrayList<>(concerned.size());
        for (Concerned one : concerned) {
            interests.add(new Interest(one.getKind(), one.getPlace(), one.getSubscriber(), one.getRequest()));
        }
        return interests;
    }

    /** Tells changes of a record that may go now, and puts the rest off where they are many. */
    private void tellNext(String record, Decision decision) {
        Work left = proceed(new Work.Changes(record), decision);
        if (left != null) {
            deferred.add(left.encode(), decision);
        }
    }

    /** Tells changes of a record that may go now; what is left to tell comes back. */
    @Nullable
    Work proceed(Work.Changes work, Decision decision) {
        String record = work.record();
        int concerned = 0;
        for (int told = 0; ; told++) {
            long ref = table.first(record, decision);
            Gathered gathered = ref < 0 ? null : table.find(record, ref, decision);
            if (gathered == null || !gathered.isComplete()) {
                return null;
            }
            if (told == limits.decisionChanges() || concerned >= limits.decisionConcerned()) {
                return work;
            }
            concerned += tell(record, ref, gathered, decision);
        }
    }

    /** Tells those of whom a change concerns whose pass it is, and returns how many they are. */
    private int tell(String record, long ref, Gathered gathered, Decision decision) {
        ToldChange change = table.change(record, ref, decision);
        int passes = Math.max(1, (gathered.concerned() + limits.decisionConcerned() - 1) / limits.decisionConcerned());
        List<Interest> concerned = table.concerned(record, ref, gathered, decision);
        if (passes > 1) {
            concerned.removeIf(one -> Math.floorMod(one.subscriber().hashCode(), passes) != gathered.passes());
        }
        Gathered after = gathered.withTold(deliveries.tell(change, concerned, decision));
        if (after.passes() < passes) {
            table.put(record, ref, after, decision);
        } else {
            table.removeFirst(record, after, decision);
            ended(change, after.told(), decision);
        }
        return concerned.size();
    }

    /** All whom it concerns were told: its transaction hears of it behind them. */
    private void ended(ToldChange change, Set<Integer> told, Decision decision) {
        String transaction = change.transaction();
        String part = change.part();
        if (transaction != null && part != null) {
            TransactionPart ended = new TransactionPart(transaction, change.transactionRows(), part, List.copyOf(told));
            decision.command(TransactionParts.placeOf(transaction).toBytes(), encoder.apply(new RouteCommand(ended)));
        }
    }
}
