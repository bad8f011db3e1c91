package io.forebay.records.sync;

import io.forebay.records.value.Row;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Items;
import io.forebay.records.value.Value.Loaded;
import java.util.ArrayList;
import java.util.List;

/** Applies one change to what is outside of any record: see {@link Sync}. */
final class RootWalk {

    private final Walk walk;
    private final Change change;

    RootWalk(Walk walk) {
        this.walk = walk;
        this.change = walk.change();
    }

    Value apply(Value value) {
        Declared declared = walk.options().declared();
        if (declared instanceof Declared.One one) {
            return one(value, one);
        }
        if (declared instanceof Declared.Many many) {
            return many(value, many);
        }
        if (value instanceof Value.Nothing && change.kind() == Change.Kind.INSERTED) {
            return walk.enterRoot(change.requireAfter());
        }
        return each(value);
    }

    private Value one(Value value, Declared.One declared) {
        if (!change.isOf(declared.record())) {
            return value instanceof Loaded loaded ? walk.record(loaded, declared.shape()) : value;
        }
        if (change.removes()) {
            return Value.NOTHING;
        }
        return value instanceof Loaded loaded && change.isOf(loaded.id())
                ? walk.record(loaded, declared.shape())
                : walk.enterRoot(change.requireAfter());
    }

    private Value many(Value value, Declared.Many declared) {
        if (!(value instanceof Items items)) {
            return value;
        }
        Row after = change.after();
        boolean belongs = after != null
                && change.table().equals(declared.table())
                && declared.where().hold(after.columns());
        return new MemberWalk(walk, declared.table(), declared.order(), declared.shape())
                .apply(
                        items,
                        record -> change.isOf(record) && !belongs,
                        belongs ? List.of(after) : List.of(),
                        (row, sibling) -> walk.enterRoot(row));
    }

    private Value each(Value value) {
        if (value instanceof Loaded loaded) {
            return change.isOf(loaded.id()) && change.removes() ? loaded : walk.record(loaded, null);
        }
        return value instanceof Items items ? list(items) : value;
    }

    private Value list(Items items) {
        if (items.values().isEmpty()) {
            return change.kind() == Change.Kind.INSERTED
                    ? new Items(List.of(walk.enterRoot(change.requireAfter())))
                    : items;
        }
        List<Value> next = new ArrayList<>(items.values().size() + 1);
        boolean ofTable = false;
        boolean held = false;
        boolean same = true;
        for (Value value : items.values()) {
            boolean isRecord = value instanceof Loaded loaded && change.isOf(loaded.id());
            ofTable |= value instanceof Loaded loaded
                    && change.table().equals(loaded.row().table());
            held |= isRecord;
            if (isRecord && change.removes()) {
                same = false;
            } else {
                Value after = each(value);
                same &= after == value;
                next.add(after);
            }
        }
        if (ofTable && !held && !change.removes()) {
            next.add(walk.enterRoot(change.requireAfter()));
            same = false;
        }
        return same ? items : new Items(next);
    }
}
