package io.forebay.sync.association.query;

import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.association.state.Copy;
import io.forebay.sync.association.state.PlaceReader;
import io.forebay.sync.association.state.PlacedTable;
import io.forebay.sync.channel.Arrived;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.row.Places;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows at places.
 *
 * @param places their canonical paths
 * @param arrived the number of the change that must have arrived from each partition of row changes
 * @param sources how many partitions of row changes there are
 * @param maxRows rows at the most
 * @param maxBytes bytes of them at the most
 */
public record FindCopies(List<String> places, Map<Integer, Long> arrived, int sources, int maxRows, long maxBytes)
        implements StoreQuery<CopiesFound> {

    @Override
    public CopiesFound evaluate(StoreView view) {
        Map<Integer, Arrived> reached = Channels.arrived(Stage.ROWS, view);
        if (Channels.isBehind(arrived, reached)) {
            return new CopiesFound(false, true, false, List.of(), Map.of());
        }
        if (!areWhole(view)) {
            return new CopiesFound(true, false, false, List.of(), Map.of());
        }
        Map<Integer, Long> refs = new HashMap<>();
        reached.forEach((partition, last) -> {
            if (last.ref() >= 0) {
                refs.put(partition, last.ref());
            }
        });
        PlaceReader reader = new PlaceReader(view);
        Budget budget = new Budget();
        List<List<byte[]>> found = new ArrayList<>(places.size());
        for (String place : places) {
            List<byte[]> rows = new ArrayList<>();
            found.add(rows);
            reader.copiesAt(Path.parse(place), copy -> budget.take(copy, rows));
            if (budget.isSpent) {
                return new CopiesFound(false, false, false, List.of(), refs);
            }
        }
        return new CopiesFound(false, false, true, found, refs);
    }

    private boolean areWhole(StoreView view) {
        Map<Path, Boolean> known = new HashMap<>();
        return places.stream()
                .map(Path::parse)
                .allMatch(place -> known.computeIfAbsent(
                        Places.columnsOf(place), columns -> PlacedTable.isWhole(place, sources, view)));
    }

    private final class Budget {

        private int rows;
        private long bytes;
        private boolean isSpent;

        boolean take(Copy copy, List<byte[]> to) {
            byte[] row = copy.row().row();
            if (row == null) {
                return true;
            }
            rows++;
            bytes += row.length;
            isSpent = rows > maxRows || bytes > maxBytes;
            to.add(row);
            return !isSpent;
        }
    }
}
