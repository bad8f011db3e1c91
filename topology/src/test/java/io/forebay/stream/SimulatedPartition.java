package io.forebay.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A partition as the flow keeps it, reduced to what streams depend on: an input log whose records put, remove and purge entries, the state after each of
 * them, and the sync log with what they emitted.
 *
 * <p>Of a log some changes are closed.
 *
 * <p>A purge hides every entry at a stroke and emits nothing; later records tell of the hidden entries one by one, with the purge as source.
 */
final class SimulatedPartition {

    private static final int KEYS = 24;

    private final int number;
    private final Random random;
    private final boolean isLog;
    private int appended;
    private final Map<String, Entry> stored = new TreeMap<>();
    private final List<Long> purges = new ArrayList<>();
    private final List<Map<String, String>> states = new ArrayList<>();
    private final List<@Nullable StreamChange> emitted = new ArrayList<>();
    /** Ends of transactions in the sync log, in order. */
    private final List<Integer> commits = new ArrayList<>();

    private int committed;

    SimulatedPartition(int number, Random random) {
        this(number, random, false);
    }

    /** With {@code isLog} nothing is ever removed or replaced, and keys are in the order in which they were put. */
    SimulatedPartition(int number, Random random, boolean isLog) {
        this.number = number;
        this.random = random;
        this.isLog = isLog;
    }

    private record Entry(String value, long written) {}

    /** Processes one more input record, whose offset is the number of those before it. */
    void process() {
        long offset = states.size();
        List<StreamChange> unit = new ArrayList<>();
        switch (isLog ? 4 + 2 * random.nextInt(3) : random.nextInt(12)) {
            case 0 -> purges.add(offset);
            case 1, 2, 3 -> tellHidden(offset, 1 + random.nextInt(3), unit);
            case 4 -> {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    put(key(), offset, unit);
                }
            }
            case 5 -> remove(key(), offset, unit);
            case 6 -> {
                // Input that changes nothing.
            }
            default -> put(key(), offset, unit);
        }
        emit(unit);
        if (random.nextInt(4) == 0) {
            endTransaction();
        }
    }

    /** Tells of everything that purges have hidden, and commits. */
    void finish() {
        List<StreamChange> unit = new ArrayList<>();
        tellHidden(states.size(), Integer.MAX_VALUE, unit);
        emit(unit);
        endTransaction();
        committed = emitted.size();
    }

    private void emit(List<StreamChange> unit) {
        for (int i = 0; i < unit.size(); i++) {
            StreamChange change = unit.get(i);
            boolean closed = isLog && random.nextInt(4) == 0;
            emitted.add(new StreamChange(
                    change.key(),
                    change.sourceOffset(),
                    change.unitOffset(),
                    i == unit.size() - 1,
                    closed ? reversed(change.json()) : change.json(),
                    closed));
        }
        states.add(visible());
    }

    /** How a closed change is told here, and opened. */
    static byte[] reversed(byte[] json) {
        return new StringBuilder(new String(json, StandardCharsets.UTF_8))
                .reverse()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private void endTransaction() {
        emitted.add(null);
        commits.add(emitted.size());
    }

    /** Commits some of the transactions that have ended. */
    void commit() {
        int open = 0;
        while (open < commits.size() && commits.get(open) <= committed) {
            open++;
        }
        if (open < commits.size()) {
            committed = commits.get(open + random.nextInt(commits.size() - open));
        }
    }

    private String key() {
        if (isLog) {
            return "%06d-%d".formatted(appended++, number);
        }
        return (random.nextBoolean() ? "a" : "b") + (char) ('a' + random.nextInt(KEYS)) + number;
    }

    private void put(String key, long offset, List<StreamChange> unit) {
        tell(key, offset, unit);
        String value = "v" + offset + "-" + unit.size();
        Entry old = stored.put(key, new Entry(value, offset));
        unit.add(change(key, old == null ? null : old.value(), value, offset, offset));
    }

    private void remove(String key, long offset, List<StreamChange> unit) {
        tell(key, offset, unit);
        Entry old = stored.remove(key);
        if (old != null) {
            unit.add(change(key, old.value(), null, offset, offset));
        }
    }

    private void tellHidden(long offset, int most, List<StreamChange> unit) {
        for (String key : List.copyOf(stored.keySet())) {
            if (unit.size() < most) {
                tell(key, offset, unit);
            }
        }
    }

    /** Tells that a purge has taken an entry, if one has. */
    private void tell(String key, long offset, List<StreamChange> unit) {
        Entry entry = stored.get(key);
        if (entry != null && hiddenBy(entry) >= 0) {
            stored.remove(key);
            unit.add(change(key, entry.value(), null, hiddenBy(entry), offset));
        }
    }

    private long hiddenBy(Entry entry) {
        return purges.stream()
                .filter(purge -> purge > entry.written())
                .findFirst()
                .orElse(-1L);
    }

    private Map<String, String> visible() {
        Map<String, String> visible = new TreeMap<>();
        stored.forEach((key, entry) -> {
            if (hiddenBy(entry) < 0) {
                visible.put(key, entry.value());
            }
        });
        return visible;
    }

    private static StreamChange change(
            String key, @Nullable String before, @Nullable String after, long source, long unit) {
        String json = key + "|" + (before == null ? "" : before) + "|" + (after == null ? "" : after);
        return new StreamChange(
                key.getBytes(StandardCharsets.UTF_8), source, unit, false, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Offset of the last input record processed. */
    long position() {
        return states.size() - 1L;
    }

    /** The input record that put a key, of a log: its value tells. */
    static long writtenAt(String value) {
        return Long.parseLong(value.substring(1, value.indexOf('-')));
    }

    Map<String, String> stateAt(long position) {
        return position < 0 ? Map.of() : states.get((int) position);
    }

    /** The sync offset of the next committed record to come. */
    int committed() {
        return committed;
    }

    /** The change at a sync offset, null for a transaction's marker. */
    @Nullable
    StreamChange at(int syncOffset) {
        return emitted.get(syncOffset);
    }
}
