package io.forebay.it.sync;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.json.Json;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.ToldOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A subscriber that knows nothing but what it is told, and keeps of it what concerns it. */
final class Listener {
    private final BiPredicate<RecordTold, JsonNode> keeps;
    private final boolean follows;
    private final Map<String, JsonNode> known = new TreeMap<>();
    private final Map<String, Long> last = new HashMap<>();
    private final Map<String, Long> lastChange = new HashMap<>();
    private final Map<String, Set<Long>> unitsOfTransactions = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int changes;

    /** One that keeps what it follows. */
    static Listener following() {
        return new Listener((told, row) -> told.getFollowed(), true);
    }

    /** One that follows nothing and keeps the rows that are of interest to it. */
    static Listener of(BiPredicate<RecordTold, JsonNode> keeps) {
        return new Listener(keeps, false);
    }

    private Listener(BiPredicate<RecordTold, JsonNode> keeps, boolean follows) {
        this.keeps = keeps;
        this.follows = follows;
    }

    /** Takes the next message. */
    void take(RecordTold told) {
        ToldOperation op = told.getOp();
        String record = told.getRecord();
        if (op == ToldOperation.caught_up) {
            return;
        }
        if (op == ToldOperation.released) {
            forget(record);
            return;
        }
        boolean isSnapshot = op == ToldOperation.snapshot;
        Long before = last.put(record, told.getRef());
        Long change = isSnapshot ? null : lastChange.put(record, told.getRef());
        boolean isLate = before != null && told.getRef() < before;
        if (isLate || (change != null && told.getRef() <= change)) {
            wrong.add(op + " " + record + " at " + told.getRef() + " after " + before);
        }
        if (!isSnapshot) {
            changes++;
            String transaction = told.getTransaction();
            if (transaction != null) {
                unitsOfTransactions
                        .computeIfAbsent(transaction, first -> new LinkedHashSet<>())
                        .add(told.getUnitOffset());
            }
        }
        String row = told.getRow();
        JsonNode now = row == null ? null : Json.parse(row);
        if (now != null && keeps.test(told, now)) {
            known.put(record, now);
        } else if (follows) {
            forget(record);
        } else {
            known.remove(record);
        }
    }

    /** What is followed again may be told from a place that is not as far as the one by which it was known. */
    private void forget(String record) {
        known.remove(record);
        last.remove(record);
        lastChange.remove(record);
    }

    /** The rows that it knows, by their records. */
    Map<String, JsonNode> known() {
        return known;
    }

    /** How many changes it was told. */
    int changes() {
        return changes;
    }

    /** What was told again, or behind what is later. */
    List<String> wrong() {
        return wrong;
    }

    /** Transactions that came in several units. */
    List<String> parted() {
        List<String> parted = new ArrayList<>();
        unitsOfTransactions.forEach((transaction, units) -> {
            if (units.size() > 1) {
                parted.add(transaction + " in " + units);
            }
        });
        return parted;
    }

    /** Where it knows something else than what is there. */
    @Nullable
    String difference(Map<String, JsonNode> there) {
        if (known.equals(there)) {
            return null;
        }
        Map<String, JsonNode> more = new TreeMap<>(known);
        more.entrySet().removeIf(row -> row.getValue().equals(there.get(row.getKey())));
        Map<String, JsonNode> less = new TreeMap<>(there);
        less.entrySet().removeIf(row -> row.getValue().equals(known.get(row.getKey())));
        return "knows " + more + ", and there is " + less;
    }
}
