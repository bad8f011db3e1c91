package io.forebay.sync.association;

import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.PlaceAnswer;
import io.forebay.schemas.avro.PlaceInterest;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.PlacedColumns;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.sync.association.state.Copy;
import io.forebay.sync.association.state.GatheringTable;
import io.forebay.sync.association.state.Interest;
import io.forebay.sync.association.state.InterestTable;
import io.forebay.sync.association.state.PlaceTable;
import io.forebay.sync.association.state.PlacedTable;
import io.forebay.sync.association.state.ToldChange;
import io.forebay.sync.association.state.Work;
import io.forebay.sync.channel.Arrived;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.Deferred;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Places;
import io.forebay.sync.row.StoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the copies at places, and finds whom changes concern.
 *
 * <p><b>Order.</b> All changes of a record come from one partition of row changes, in the order of their refs, and a partition of places gets
 * them in the order in which they were sent. So a copy is that of the last change which concerned its place. Where row changes are
 * read again from the beginning, because their store was lost with its changelog, an older one does not replace a newer one.
 *
 * <p><b>Interests.</b> A change and an interest that meet at a place are records of one partition, so one is before the other. An interest that
 * comes after a change is told the row that the change left there; one that comes before is found by the change as it comes. There is no third
 * way, so nothing is missed, and what is told by both ways has a ref by which it is known.
 *
 * <p><b>Other columns.</b> When rows belong to the places of other columns, because another model was declared, they come as they are, with the
 * ref of the change that made them so, and nobody is told of them. Each partition of row changes says by which columns all of its rows are there,
 * and by which model; until all of them say so nothing is read there, and an interest waits until they say so by its own model or a later one. Until
 * a partition of row changes follows the model by which an interest began, its changes do not find it: what it would be told might leave the place untold, by a model
 * between the two.
 */
final class PlacesDecider implements Decider<RouteCommand> {

    private static final long NO_REF = -1;

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private final PlaceTable places = new PlaceTable();
    private final InterestTable interests = new InterestTable();
    private final Deferred deferred = new Deferred();
    private final PlacedTable placed;
    private final PlaceLimits limits;
    private final Snapshots snapshots;
    private final Gathering gathering;
    private final Truncations truncations;
    private final Transactions transactions;

    /**
     * @param routes commands to places to bytes
     * @param told what goes to subscribers to bytes
     */
    PlacesDecider(
            TopicCatalogue catalogue,
            Function<RouteCommand, byte[]> routes,
            Function<DeliveryCommand, byte[]> told,
            PlaceLimits limits) {
        Deliveries deliveries = new Deliveries(catalogue.syncDeliveries(), told, limits);
        this.limits = limits;
        this.placed = new PlacedTable(catalogue.changes().partitions());
        this.snapshots = new Snapshots(interests, placed, deliveries, limits);
        this.gathering =
                new Gathering(new GatheringTable(), deliveries, deferred, catalogue.syncRoutes(), routes, limits);
        this.truncations = new Truncations(interests, deliveries, limits);
        this.transactions = new Transactions(deliveries, limits);
    }

    @Override
    public void open(PartitionStore store) {
        try (StoreView view = store.snapshot()) {
            places.open(view);
            transactions.open(view);
            deferred.open(view);
        }
    }

    @Override
    public void checkKey(Path key) {}

    @Override
    public Outcome decide(Path key, RouteCommand command, Decision decision) throws RefusedException {
        Object told = command.getCommand();
        if (told instanceof RoutedChange change) {
            decide(change, decision);
        } else if (told instanceof PlacedColumns columns) {
            decide(columns, decision);
        } else if (told instanceof PlaceInterest interest) {
            decide(interest, decision);
        } else if (told instanceof PlaceAnswer answer) {
            gathering.answered(answer, decision);
            Channels.arrived(Stage.PLACES, answer.getPartition(), Arrived.of(answer.getNumber()), decision);
        } else if (told instanceof TransactionPart part) {
            transactions.count(part, decision);
        } else {
            throw RefusedException.invalid("/command", "something that places are told");
        }
        return Outcome.done();
    }

    private void decide(RoutedChange change, Decision decision) {
        LogPlace place = LogPlace.of(change.getSource());
        if (change.getOp() == RowOperation.truncated) {
            String table = Path.parse(change.getRecord()).part(0);
            places.putTruncated(table, change.getPartition(), change.getRef(), place, decision);
            defer(truncations.tell(new Work.Truncated(ToldChange.of(change), null), decision), decision);
        } else {
            keepCopies(change, place, decision);
            if (change.getOp() != RowOperation.snapshot) {
                tell(change, decision);
            }
        }
        arrived(change.getPartition(), change.getNumber(), change.getRef(), decision);
    }

    /** A row that comes as it is may have been changed last before others that have arrived. */
    private static void arrived(int partition, long number, long ref, Decision decision) {
        Arrived last = Channels.arrived(Stage.ROWS, partition, decision);
        Arrived next = new Arrived(number, last == null ? ref : Math.max(last.ref(), ref));
        Channels.arrived(Stage.ROWS, partition, next, decision);
    }

    private void decide(PlacedColumns told, Decision decision) {
        for (String columns : placed.put(told, decision)) {
            defer(new Work.Waiting(columns), decision);
        }
        arrived(told.getPartition(), told.getNumber(), NO_REF, decision);
    }

    private void keepCopies(RoutedChange change, @Nullable LogPlace place, Decision decision) {
        Path record = Path.parse(change.getRecord());
        Copy copy = copy(change, place);
        for (RoutedPlace at : change.getPlaces()) {
            if (at.getRole() == PlaceRole.subject) {
                if (copy == null) {
                    places.remove(record, change.getRef(), decision);
                } else {
                    places.put(record, copy, decision);
                }
            } else if (at.getRole() == PlaceRole.left) {
                places.remove(Path.parse(at.getPath()), record, change.getRef(), decision);
            } else if (copy != null && at.getRole() != PlaceRole.other) {
                places.put(Path.parse(at.getPath()), record, copy, decision);
            }
        }
    }

    private static @Nullable Copy copy(RoutedChange change, @Nullable LogPlace place) {
        String row = change.getNewRow();
        return row == null
                ? null
                : new Copy(change.getPartition(), change.getRef(), StoredRow.of(JsonObject.parse(row, LIMITS), place));
    }

    private void tell(RoutedChange change, Decision decision) {
        List<Interest> concerned = new ArrayList<>();
        boolean isSubject = false;
        for (RoutedPlace at : change.getPlaces()) {
            if (at.getRole() == PlaceRole.subject) {
                isSubject = true;
                interests.addAt(PlaceKind.record, change.getRecord(), concerned, decision);
                String table = Path.parse(change.getRecord()).part(0);
                interests.addAt(PlaceKind.table, Places.ofTable(table).toString(), concerned, decision);
            } else {
                interests.addAt(PlaceKind.column, at.getPath(), concerned, decision);
            }
        }
        long model = placed.followedBy(change.getPartition(), decision);
        concerned.removeIf(interest -> interest.kind() == PlaceKind.column && interest.model() > model);
        if (isSubject) {
            gathering.came(ToldChange.of(change), change.getAnswers(), concerned, decision);
        } else {
            gathering.answer(change.getRecord(), change.getRef(), concerned, decision);
        }
    }

    private void decide(PlaceInterest command, Decision decision) throws RefusedException {
        if (command.getKind() == PlaceKind.other || command.getSubscriber().isEmpty()) {
            throw RefusedException.invalid("/command", "an interest of a subscriber in a record, a value or a table");
        }
        Interest interest = new Interest(
                command.getKind(),
                command.getPlace(),
                command.getSubscriber(),
                command.getRequest(),
                command.getModel());
        if (!command.getWanted()) {
            if (interests.remove(interest, decision) && interest.kind() == PlaceKind.column) {
                placed.forget(interest, decision);
            }
        } else {
            interests.put(interest, decision);
            if (command.getSnapshot()) {
                defer(snapshots.tell(new Work.Rows(interest, command.getWhere(), null), decision), decision);
            } else if (interest.kind() != PlaceKind.table) {
                snapshots.tellNone(interest, decision);
            }
        }
        Channels.arrived(Stage.SUBSCRIBERS, command.getPartition(), Arrived.of(command.getNumber()), decision);
    }

    private void defer(@Nullable Work left, Decision decision) {
        if (left != null) {
            deferred.add(left.encode(), decision);
        }
    }

    @Override
    public boolean hasPendingWork() {
        return places.isToSweep() || deferred.isPresent();
    }

    @Override
    public long dueAt() {
        return transactions.dueAt();
    }

    @Override
    public void proceed(Decision decision) {
        places.sweep(decision);
        transactions.proceed(decision);
        deferred.proceed(decision, encoded -> {
            Work left = Work.decode(encoded).proceed(new Doing(decision));
            return left == null ? null : left.encode();
        });
    }

    private final class Doing implements Work.Worker {

        private final Decision decision;

        Doing(Decision decision) {
            this.decision = decision;
        }

        @Override
        public @Nullable Work tellRows(Work.Rows rows) {
            return snapshots.tell(rows, decision);
        }

        @Override
        public @Nullable Work tellWaiting(Work.Waiting waiting) {
            List<Work> some = placed.take(waiting.columns(), limits.decisionInterests(), decision);
            some.forEach(rows -> defer(rows, decision));
            return some.size() == limits.decisionInterests() ? waiting : null;
        }

        @Override
        public @Nullable Work tellTruncated(Work.Truncated truncated) {
            return truncations.tell(truncated, decision);
        }

        @Override
        public @Nullable Work tellChanges(Work.Changes changes) {
            return gathering.proceed(changes, decision);
        }
    }
}
