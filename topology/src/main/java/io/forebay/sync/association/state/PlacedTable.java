package io.forebay.sync.association.state;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.PlacedColumns;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.row.Places;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * By which columns the partitions of row changes have all of their rows at places. The places of columns are whole once all partitions
 * say so; until then who asks what is there waits.
 */
public final class PlacedTable {

    private final int sources;

    /**
     * @param sources how many partitions of row changes there are
     */
    public PlacedTable(int sources) {
        this.sources = sources;
    }

    /**
     * Takes what a partition of row changes says, in place of what it said before.
     *
     * @return columns whose places are whole by a later model by it, and of which interests wait
     */
    public List<String> put(PlacedColumns told, Decision decision) {
        byte[] model = ByteBuffer.allocate(Long.BYTES).putLong(told.getModel()).array();
        decision.put(PlaceKeys.followed(told.getPartition()), model);
        Set<String> columns = new TreeSet<>(told.getColumns());
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.space(PlaceKeys.PLACED))) {
            while (scan.next()) {
                boolean isOfIt = PlaceKeys.placedFrom(scan.key()) == told.getPartition();
                if (isOfIt && !columns.contains(PlaceKeys.placedColumns(scan.key()))) {
                    decision.delete(scan.key());
                }
            }
        }
        List<String> whole = new ArrayList<>();
        for (String one : columns) {
            long before = wholeBy(one, decision);
            decision.put(PlaceKeys.placed(one, told.getPartition()), model);
            if (wholeBy(one, decision) > before && isAwaited(one, decision)) {
                whole.add(one);
            }
        }
        return whole;
    }

    /** Version of the model that a partition of row changes followed when it sent what came last. */
    public long followedBy(int partition, Decision decision) {
        Stored stored = decision.get(PlaceKeys.followed(partition));
        return stored == null
                ? KnownModel.NONE
                : ByteBuffer.wrap(stored.payload()).getLong();
    }

    private static boolean isAwaited(String columns, Decision decision) {
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.askedOf(columns))) {
            return scan.next();
        }
    }

    /** Version of the last model by which all rows with values of columns are at their places; less than any where they are by none. */
    private long wholeBy(String columns, Decision decision) {
        long version = Long.MAX_VALUE;
        for (int partition = 0; partition < sources; partition++) {
            Stored stored = decision.get(PlaceKeys.placed(columns, partition));
            if (stored == null) {
                return Long.MIN_VALUE;
            }
            version = Math.min(version, ByteBuffer.wrap(stored.payload()).getLong());
        }
        return version;
    }

    /** Whether all rows with a value of the columns of a place are there, by a model or one after it. */
    public boolean isWhole(Path place, long model, Decision decision) {
        long version = wholeBy(Places.columnsOf(place).toString(), decision);
        return version != Long.MIN_VALUE && version >= model;
    }

    /**
     * Whether all rows with a value of the columns of a place are there, by whichever model.
     *
     * @param sources how many partitions of row changes there are
     */
    public static boolean isWhole(Path place, int sources, StoreView view) {
        String columns = Places.columnsOf(place).toString();
        for (int partition = 0; partition < sources; partition++) {
            if (view.get(PlaceKeys.placed(columns, partition)) == null) {
                return false;
            }
        }
        return true;
    }

    /** Has an interest wait until all rows of its place are there. */
    public void await(Work.Rows rows, Decision decision) {
        decision.put(key(rows.interest()), rows.encode());
    }

    /** Has an interest wait no more. */
    public void forget(Interest interest, Decision decision) {
        decision.delete(key(interest));
    }

    private static byte[] key(Interest interest) {
        String columns = Places.columnsOf(Path.parse(interest.place())).toString();
        return PlaceKeys.asked(columns, interest.place(), interest.subscriber());
    }

    /** Takes some of those who wait for the rows of columns. */
    public List<Work> take(String columns, int most, Decision decision) {
        List<Work> taken = new ArrayList<>();
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.askedOf(columns))) {
            while (taken.size() < most && scan.next()) {
                taken.add(Work.decode(scan.value()));
                decision.delete(scan.key());
            }
        }
        return taken;
    }
}
