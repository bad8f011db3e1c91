package io.forebay.sync.change;

import io.forebay.command.Decision;
import io.forebay.command.RefusedException;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.Placement;
import io.forebay.sync.change.state.RowTable;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.row.Places;
import io.forebay.sync.row.StoredRow;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings rows to the places of the model that is followed, when it has other columns by which rows are looked up than the one before.
 *
 * <p>From the moment at which a model is followed, changes go to the places of its columns, and leave those of columns that it has no
 * more. All rows are gone through besides, some with each tick, and sent as they are to places that they may not be at yet and away from
 * those where they do not belong. A row that changes before its turn is then at the right places already, and is sent once more; what is on
 * its way to a place keeps its order, so a place ends up with the row as it is. A row that is deleted before its turn has left, of all places
 * where it may have been.
 *
 * <p>Places hear by which columns all rows are there, before the first row leaves one and after the last one came. A model that
 * follows while another is on its way begins from what is certain by then.
 */
final class Placing {

    private static final Logger LOG = LoggerFactory.getLogger(Placing.class);

    /** Rows that one tick goes through, and bytes of them: some hundredths of a second's work. */
    private static final int ROWS_PER_TICK = 1_000;

    private static final int BYTES_PER_TICK = 1 << 20;

    private final RowTable rows;
    private final Routes routes;
    private final RowStats stats;
    private final Map<String, Set<List<String>>> entered = new HashMap<>();
    private final Map<String, Set<List<String>>> left = new HashMap<>();
    private long version = KnownModel.NONE;
    private Placement placement = Placement.of(new TreeSet<>());

    Placing(RowTable rows, Routes routes, RowStats stats) {
        this.rows = rows;
        this.routes = routes;
        this.stats = stats;
    }

    /**
     * Loads how far it is.
     *
     * @param model the one that is followed
     */
    void open(StoreView view, KnownModel model) {
        SortedSet<String> columns = Places.columnsOf(model.model());
        version = model.version();
        Placement stored = Placement.of(view);
        take(stored == null ? Placement.unknown(columns) : stored, columns);
    }

    private void take(Placement next, SortedSet<String> columns) {
        placement = next;
        collect(columns, next.complete(), entered);
        collect(next.possible(), columns, left);
    }

    private static void collect(Set<String> all, Set<String> less, Map<String, Set<List<String>>> byTable) {
        byTable.clear();
        for (String columns : all) {
            if (!less.contains(columns)) {
                Path path = Path.parse(columns);
                byTable.computeIfAbsent(path.part(0), table -> new LinkedHashSet<>())
                        .add(Path.parse(path.part(1)).parts());
            }
        }
    }

    /** Columns by which rows of a table belong nowhere any more, and may still be somewhere. */
    Set<List<String>> left(String table) {
        return left.getOrDefault(table, Set.of());
    }

    /** A model is followed from now on. */
    void follow(KnownModel model, Decision decision) {
        SortedSet<String> columns = Places.columnsOf(model.model());
        version = model.version();
        Placement next = placement.towards(columns);
        if (next.isUnderWay() && !rows.hasRows(decision)) {
            next = Placement.of(columns);
        }
        next.put(decision);
        routes.tellPlaced(next.complete(), version, decision);
        if (next.isUnderWay()) {
            stats.countPlacingBegun();
            LOG.info("Rows of partition {} go to the places of another model", decision.partition());
        }
        take(next, columns);
    }

    boolean isUnderWay() {
        return placement.isUnderWay();
    }

    /** Goes through some more rows. */
    void proceed(Decision decision) {
        byte[] from = placement.from();
        if (from == null) {
            return;
        }
        SortedSet<String> tables = new TreeSet<>(entered.keySet());
        tables.addAll(left.keySet());
        Sending sending = new Sending(decision);
        byte[] rest = rows.show(tables, from, ROWS_PER_TICK, BYTES_PER_TICK, sending, decision);
        stats.countPlaced(sending.sent);
        Placement next = placement.at(rest, sending.sent);
        if (rest == null) {
            SortedSet<String> columns = new TreeSet<>(next.complete());
            entered.forEach((table, keys) ->
                    keys.forEach(key -> columns.add(Places.ofColumns(table, key).toString())));
            routes.tellPlaced(columns, version, decision);
            stats.countPlacingEnded();
            LOG.info("{} rows of partition {} are at the places of another model", next.rows(), decision.partition());
            next = Placement.of(columns);
            take(next, columns);
        } else {
            placement = next;
        }
        next.put(decision);
    }

    private final class Sending implements RowTable.Shown {

        private final Decision decision;
        private int sent;

        Sending(Decision decision) {
            this.decision = decision;
        }

        @Override
        public void row(Path record, long ref, StoredRow row) {
            String table = record.part(0);
            Set<List<String>> to = entered.getOrDefault(table, Set.of());
            try {
                routes.place(record, ref, row, to, Placing.this.left(table), decision);
                sent++;
            } catch (RefusedException e) {
                LOG.warn(
                        "A row of partition {} is not at all of its places: with what it is found by it is larger than a record",
                        decision.partition());
            }
        }
    }
}
