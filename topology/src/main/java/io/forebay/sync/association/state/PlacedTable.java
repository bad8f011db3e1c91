package io.forebay.sync.association.state;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.sync.row.Places;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * By which columns the partitions of row changes have all of their rows at places. The places of columns are whole once all partitions
 * say so; until then who asks what is there waits.
 */
public final class PlacedTable {

    private static final byte[] THERE = {1};

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
     * @return columns whose places are whole by it, and of which interests wait
     */
    public List<String> put(int partition, List<String> columns, Decision decision) {
        Set<String> told = new HashSet<>(columns);
        Set<String> known = new HashSet<>();
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.space(PlaceKeys.PLACED))) {
            while (scan.next()) {
                if (PlaceKeys.placedFrom(scan.key()) == partition) {
                    String one = PlaceKeys.placedColumns(scan.key());
                    known.add(one);
                    if (!told.contains(one)) {
                        decision.delete(scan.key());
                    }
                }
            }
        }
        List<String> whole = new ArrayList<>();
        for (String one : columns) {
            if (known.add(one)) {
                decision.put(PlaceKeys.placed(one, partition), THERE);
                if (isWhole(one, decision) && isAwaited(one, decision)) {
                    whole.add(one);
                }
            }
        }
        return whole;
    }

    private static boolean isAwaited(String columns, Decision decision) {
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.askedOf(columns))) {
            return scan.next();
        }
    }

    /** Whether all rows with a value of the columns of a place are there. */
    public boolean isWhole(Path place, Decision decision) {
        return isWhole(Places.columnsOf(place).toString(), decision);
    }

    private boolean isWhole(String columns, Decision decision) {
        for (int partition = 0; partition < sources; partition++) {
            if (decision.get(PlaceKeys.placed(columns, partition)) == null) {
                return false;
            }
        }
        return true;
    }

    /**
     * As {@link #isWhole(Path, Decision)}, for who reads.
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
    public void await(Interest interest, Decision decision) {
        decision.put(key(interest), interest.encode());
    }

    /** Has an interest wait no more. */
    public void forget(Interest interest, Decision decision) {
        decision.delete(key(interest));
    }

    private static byte[] key(Interest interest) {
        String columns = Places.columnsOf(Path.parse(interest.place())).toString();
        return PlaceKeys.asked(columns, interest.place(), interest.subscriber());
    }

    /** Takes some of the interests that wait for the rows of columns. */
    public List<Interest> take(String columns, int most, Decision decision) {
        List<Interest> taken = new ArrayList<>();
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.askedOf(columns))) {
            while (taken.size() < most && scan.next()) {
                String place = PlaceKeys.askedPlace(scan.key(), columns);
                taken.add(Interest.decode(PlaceKind.column, place, scan.value()));
                decision.delete(scan.key());
            }
        }
        return taken;
    }
}
