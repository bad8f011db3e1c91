package io.forebay.sync.association;

import io.forebay.command.Decision;
import io.forebay.records.model.Conditions;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.PlaceRow;
import io.forebay.schemas.avro.PlaceRows;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.sync.association.state.Copy;
import io.forebay.sync.association.state.Interest;
import io.forebay.sync.association.state.InterestTable;
import io.forebay.sync.association.state.PlaceReader;
import io.forebay.sync.association.state.PlacedTable;
import io.forebay.sync.association.state.Work;
import io.forebay.sync.row.LogPlace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells an interest what is at its place when it begins.
 *
 * <p>Rows that are more than one decision tells follow by and by, while the interest is found by changes already. So a row may be told
 * that a change brought which was found as well, or one that left may not; both are told by the change itself, and a ref says which of two is the later. An
 * interest that another has replaced is told no more.
 *
 * <p>Where not all rows of a place are there, since a model was declared by which they belong there, an interest waits until they are:
 * what it is told is whole whenever it is told.
 */
final class Snapshots {

    private final InterestTable interests;
    private final PlacedTable placed;
    private final Deliveries deliveries;
    private final PlaceLimits limits;

    Snapshots(InterestTable interests, PlacedTable placed, Deliveries deliveries, PlaceLimits limits) {
        this.interests = interests;
        this.placed = placed;
        this.deliveries = deliveries;
        this.limits = limits;
    }

    /** Says that nothing is told. */
    void tellNone(Interest interest, Decision decision) {
        tell(interest, List.of(), true, decision);
    }

    /** Tells rows; what is left to tell comes back. */
    @Nullable
    Work tell(Work.Rows work, Decision decision) {
        Interest interest = work.interest();
        Interest current = interests.find(interest.kind(), interest.place(), interest.subscriber(), decision);
        if (current == null || current.request() != interest.request()) {
            return null;
        }
        PlaceReader reader = new PlaceReader(decision.before());
        Path place = Path.parse(interest.place());
        if (interest.kind() == PlaceKind.record) {
            List<PlaceRow> rows = new ArrayList<>(1);
            add(interest.place(), reader.copyOf(place), rows);
            tell(interest, rows, true, decision);
            return null;
        }
        boolean isTable = interest.kind() == PlaceKind.table;
        if (!isTable && !placed.isWhole(place, interest.model(), decision)) {
            placed.await(work, decision);
            return null;
        }
        Conditions where = isTable ? Conditions.parse(JsonObject.parse(work.where())) : Conditions.NONE;
        Telling telling = new Telling(interest, where, decision);
        byte[] rest = isTable
                ? reader.copiesOf(place, work.from(), telling::take)
                : reader.copiesAt(place, work.from(), telling::take);
        tell(interest, telling.rows, rest == null, decision);
        return rest == null ? null : new Work.Rows(interest, work.where(), rest);
    }

    private static int add(String record, @Nullable Copy copy, List<PlaceRow> to) {
        byte[] row = copy == null ? null : copy.row().row();
        if (copy == null || row == null) {
            return 0;
        }
        to.add(new PlaceRow(
                record,
                copy.partition(),
                copy.ref(),
                LogPlace.toSource(copy.row().place()),
                new String(row, StandardCharsets.UTF_8)));
        return row.length;
    }

    private void tell(Interest interest, List<PlaceRow> rows, boolean last, Decision decision) {
        deliveries.tell(
                new PlaceRows(interest.subscriber(), interest.place(), interest.kind(), interest.request(), rows, last),
                decision);
    }

    /** Tells rows as they are shown, until it has seen as many as one decision tells. */
    private final class Telling {

        private final Interest interest;
        private final Conditions where;
        private final Decision decision;
        private List<PlaceRow> rows = new ArrayList<>();
        private int bytes;
        private int allRows;
        private int allBytes;

        Telling(Interest interest, Conditions where, Decision decision) {
            this.interest = interest;
            this.where = where;
            this.decision = decision;
        }

        boolean take(String record, Copy copy) {
            if (allRows == limits.decisionRows() || allBytes >= limits.decisionBytes()) {
                return false;
            }
            if (rows.size() == limits.recordRows() || bytes >= limits.recordBytes()) {
                tell(interest, rows, false, decision);
                rows = new ArrayList<>();
                bytes = 0;
            }
            allRows++;
            if (where.isEmpty() || isWanted(copy.row().json())) {
                int length = add(record, copy, rows);
                bytes += length;
                allBytes += length;
            }
            return true;
        }

        private boolean isWanted(@Nullable JsonObject row) {
            return row != null && where.hold(row);
        }
    }
}
