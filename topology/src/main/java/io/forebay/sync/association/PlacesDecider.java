package io.forebay.sync.association;

import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.sync.association.state.Arrived;
import io.forebay.sync.association.state.Copy;
import io.forebay.sync.association.state.PlaceTable;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.StoredRow;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the copies at places.
 *
 * <p><b>Order.</b> All changes of a record come from one partition of row changes, in the order of their refs, and a partition of places gets
 * them in the order in which they were sent. So a copy is that of the last change which concerned its place. Where row changes are
 * read again from the beginning, because their store was lost with its changelog, an older one does not replace a newer one.
 *
 * <p><b>How far.</b> What went from one partition to another is numbered without gaps. Whoever has asked the one how many it has sent waits here until
 * that many have arrived, and sees all that was told before.
 */
final class PlacesDecider implements Decider<RouteCommand> {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private final PlaceTable places = new PlaceTable();

    @Override
    public void open(PartitionStore store) {
        try (StoreView view = store.snapshot()) {
            places.open(view);
        }
    }

    @Override
    public void checkKey(Path key) {}

    @Override
    public Outcome decide(Path key, RouteCommand command, Decision decision) throws RefusedException {
        if (!(command.getCommand() instanceof RoutedChange change)) {
            throw RefusedException.invalid("/command", "a change on its way");
        }
        LogPlace place = LogPlace.of(change.getSource());
        if (change.getOp() == RowOperation.truncated && change.getPlaces().isEmpty()) {
            places.putTruncated(change.getRecord(), change.getPartition(), change.getRef(), place, decision);
        } else {
            keepCopies(change, place, decision);
        }
        places.arrived(change.getPartition(), new Arrived(change.getNumber(), change.getRef()), decision);
        return Outcome.done();
    }

    private void keepCopies(RoutedChange change, @Nullable LogPlace place, Decision decision) {
        Path record = Path.parse(change.getRecord());
        Copy copy = copy(change, place);
        for (RoutedPlace at : change.getPlaces()) {
            boolean has = at.getRole() == PlaceRole.entered || at.getRole() == PlaceRole.stayed;
            if (has && copy != null) {
                places.put(Path.parse(at.getPath()), record, copy, decision);
            } else if (at.getRole() == PlaceRole.left) {
                places.remove(Path.parse(at.getPath()), record, change.getRef(), decision);
            }
        }
    }

    private static @Nullable Copy copy(RoutedChange change, @Nullable LogPlace place) {
        String row = change.getNewRow();
        return row == null
                ? null
                : new Copy(change.getPartition(), change.getRef(), StoredRow.of(JsonObject.parse(row, LIMITS), place));
    }

    @Override
    public boolean hasPendingWork() {
        return places.isToSweep();
    }

    @Override
    public void proceed(Decision decision) {
        places.sweep(decision);
    }
}
