package io.forebay.records.sync;

import io.forebay.records.model.Ordering;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Items;
import io.forebay.records.value.Value.Loaded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies one change to a list of records of which it is known who belongs in it. What stays keeps its place, unless the order is
 * declared and by it the changed record has another one; the changed record is there once at most.
 */
final class MemberWalk {

    private final Walk walk;
    private final Change change;
    private final RowOrder order;
    private final @Nullable Shape declared;

    MemberWalk(Walk walk, String table, Ordering ordering, @Nullable Shape declared) {
        this.walk = walk;
        this.change = walk.change();
        this.order = new RowOrder(walk.model().require(table), ordering);
        this.declared = declared;
    }

    /**
     * The list after the change; the same when nothing is different.
     *
     * @param leaves which records do not belong in it any more
     * @param enters rows that belong in it, in order; those that are in it already do not enter
     * @param load makes the record of a row that enters, given its first sibling
     */
    Items apply(
            Items items, Predicate<RecordId> leaves, List<Row> enters, BiFunction<Row, @Nullable Loaded, Loaded> load) {
        List<Value> next = new ArrayList<>(items.values().size() + enters.size());
        Loaded moved = null;
        Loaded sibling = null;
        boolean held = false;
        boolean same = true;
        for (Value value : items.values()) {
            if (!(value instanceof Loaded member)) {
                next.add(value);
                continue;
            }
            boolean isChanged = change.isOf(member.id());
            sibling = sibling == null && !isChanged ? member : sibling;
            if (leaves.test(member.id()) || (isChanged && (held || change.removes()))) {
                same = false;
                continue;
            }
            held |= isChanged;
            Loaded after = walk.record(member, declared);
            same &= value == after;
            if (isChanged && isElsewhere(member.row(), after.row())) {
                moved = after;
            } else {
                next.add(after);
            }
        }
        if (moved != null) {
            insert(moved, next);
        }
        Set<RecordId> there = enters.isEmpty() ? Set.of() : ids(next);
        for (Row row : enters) {
            if (!there.contains(row.id())) {
                insert(load.apply(row, sibling), next);
                same = false;
            }
        }
        return same ? items : next.isEmpty() ? Items.NONE : new Items(next);
    }

    private boolean isElsewhere(Row before, Row after) {
        return order.declared().compare(before.columns(), after.columns()) != 0;
    }

    private static Set<RecordId> ids(List<Value> values) {
        Set<RecordId> ids = new HashSet<>();
        for (Value value : values) {
            if (value instanceof Loaded loaded) {
                ids.add(loaded.id());
            }
        }
        return ids;
    }

    private void insert(Loaded record, List<Value> values) {
        int from = order.declared().isDeclared() ? 0 : values.size();
        int to = values.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            boolean isBehind =
                    values.get(middle) instanceof Loaded other && order.compare(other.row(), record.row()) > 0;
            if (isBehind) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        values.add(from, record);
    }
}
