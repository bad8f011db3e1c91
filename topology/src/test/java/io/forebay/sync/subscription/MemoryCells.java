package io.forebay.sync.subscription;

import io.forebay.sync.subscription.state.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Cells in memory. */
final class MemoryCells implements Cells {

    private final TreeMap<byte[], byte[]> cells = new TreeMap<>(Arrays::compareUnsigned);

    @Override
    public byte @Nullable [] get(byte[] key) {
        return cells.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        cells.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
        cells.remove(key);
    }

    @Override
    public List<Cell> startingWith(byte[] prefix) {
        List<Cell> found = new ArrayList<>();
        cells.tailMap(prefix).entrySet().stream()
                .takeWhile(cell ->
                        Arrays.mismatch(cell.getKey(), prefix) == prefix.length || Arrays.equals(cell.getKey(), prefix))
                .forEach(cell -> found.add(new Cell(cell.getKey(), cell.getValue())));
        return found;
    }

    int size() {
        return cells.size();
    }
}
