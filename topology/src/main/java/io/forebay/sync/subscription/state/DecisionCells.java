package io.forebay.sync.subscription.state;

import io.forebay.command.Decision;
import io.forebay.store.Scan;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cells of a partition under decision. What is written is remembered, since the decision's own scans do not see it. */
public final class DecisionCells implements Cells {

    private final Decision decision;
    private final TreeMap<byte[], byte @Nullable []> written = new TreeMap<>(Arrays::compareUnsigned);

    /** The cells that a decision is about. */
    public DecisionCells(Decision decision) {
        this.decision = decision;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        Stored stored = decision.get(key);
        return stored == null ? null : stored.payload();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        decision.put(key, value);
        written.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
        decision.delete(key);
        written.put(key, null);
    }

    @Override
    public List<Cell> startingWith(byte[] prefix) {
        TreeMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
        try (Scan scan = decision.before().scanPrefix(prefix)) {
            while (scan.next()) {
                found.put(scan.key(), scan.value());
            }
        }
        for (Map.Entry<byte[], byte @Nullable []> cell : written.tailMap(prefix).entrySet()) {
            if (!startsWith(cell.getKey(), prefix)) {
                break;
            }
            byte[] value = cell.getValue();
            if (value == null) {
                found.remove(cell.getKey());
            } else {
                found.put(cell.getKey(), value);
            }
        }
        List<Cell> cells = new ArrayList<>(found.size());
        found.forEach((key, value) -> cells.add(new Cell(key, value)));
        return cells;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
