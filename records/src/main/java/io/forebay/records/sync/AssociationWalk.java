package io.forebay.records.sync;

import io.forebay.records.model.Association;
import io.forebay.records.value.KeyText;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Applies one change to what one association of a record has loaded: see {@link Sync}. */
final class AssociationWalk {

    private final Walk walk;
    private final Change change;

    AssociationWalk(Walk walk) {
        this.walk = walk;
        this.change = walk.change();
    }

    /**
     * What is loaded, after the change; the same when nothing is different.
     *
     * @param owner the row of the record that has the association, after the change
     * @param declared what is loaded below the records of the association, if that is known
     */
    Value apply(Row owner, Association association, Value value, @Nullable Shape declared) {
        Place place = new Place(owner, association, declared);
        if (association instanceof Association.BelongsTo belongsTo) {
            return belongsTo(place, belongsTo, value);
        }
        if (association instanceof Association.HasOne hasOne) {
            return hasOne(place, hasOne, value);
        }
        if (!(value instanceof Items items)) {
            return value;
        }
        if (association instanceof Association.HasMany hasMany) {
            return hasMany(place, hasMany, items);
        }
        if (association instanceof Association.ManyToMany manyToMany) {
            return manyToMany(place, manyToMany, items);
        }
        return hasThrough(place, (Association.HasThrough) association, items);
    }

    /** Where records are loaded. */
    private record Place(
            Row owner, Association association, @Nullable Shape declared) {}

    private Loaded enter(Place place, Row row, @Nullable Loaded sibling) {
        return walk.enter(row, place.association(), place.owner(), place.declared(), sibling);
    }

    private Value one(Place place, Value value) {
        if (!(value instanceof Loaded loaded)) {
            return value;
        }
        return change.isOf(loaded.id()) && change.removes() ? Value.NOTHING : walk.record(loaded, place.declared());
    }

    private Items members(Place place, Items items, Predicate<RecordId> leaves, List<Row> enters) {
        Association association = place.association();
        return new MemberWalk(walk, association.table(), association.order(), place.declared())
                .apply(items, leaves, enters, (row, sibling) -> enter(place, row, sibling));
    }

    private Items members(Place place, Items items) {
        return members(place, items, record -> false, List.of());
    }

    private Value belongsTo(Place place, Association.BelongsTo association, Value value) {
        List<String> key = KeyText.of(place.owner().columns(), association.foreignKey());
        if (key == null) {
            return Value.NOTHING;
        }
        RecordId parent = new RecordId(association.table(), key);
        Loaded loaded = value instanceof Loaded there ? there : null;
        boolean isLoaded = loaded != null && loaded.id().equals(parent);
        boolean isChanged = change.isOf(parent);
        if (!isChanged && (isLoaded || !change.isOf(place.owner().id()))) {
            return one(place, value);
        }
        Row row = walk.loader().find(association, parent);
        if (row == null) {
            return Value.NOTHING;
        }
        return isLoaded ? one(place, value) : enter(place, row, loaded);
    }

    private Value hasOne(Place place, Association.HasOne association, Value value) {
        if (!association.table().equals(change.table())) {
            return one(place, value);
        }
        Row after = change.after();
        boolean belongs = after != null && belongs(place.owner(), association, after);
        if (!(value instanceof Loaded loaded)) {
            return belongs ? enter(place, change.requireAfter(), null) : value;
        }
        if (!change.isOf(loaded.id())) {
            RowOrder order = new RowOrder(walk.model().require(association.table()), association.order());
            return belongs && order.compare(change.requireAfter(), loaded.row()) < 0
                    ? enter(place, change.requireAfter(), loaded)
                    : one(place, value);
        }
        if (belongs
                && association
                                .order()
                                .compare(
                                        loaded.row().columns(),
                                        change.requireAfter().columns())
                        == 0) {
            return one(place, value);
        }
        List<Row> first = walk.loader().related(place.owner(), association);
        if (first.isEmpty()) {
            return Value.NOTHING;
        }
        return first.get(0).id().equals(loaded.id()) ? one(place, value) : enter(place, first.get(0), loaded);
    }

    private static boolean belongs(Row owner, Association.Has association, Row row) {
        return owner.id().key().equals(KeyText.of(row.columns(), association.foreignKey()))
                && association.where().hold(row.columns());
    }

    private Value hasMany(Place place, Association.HasMany association, Items items) {
        if (!association.table().equals(change.table())) {
            return members(place, items);
        }
        Row after = change.after();
        boolean belongs = after != null && belongs(place.owner(), association, after);
        return members(place, items, record -> change.isOf(record) && !belongs, belongs ? List.of(after) : List.of());
    }

    private Value manyToMany(Place place, Association.ManyToMany association, Items items) {
        Set<RecordId> leave = new HashSet<>();
        List<Row> enter = new ArrayList<>();
        if (association.through().equals(change.table())) {
            joined(place, association, items, leave, enter);
        }
        if (association.table().equals(change.table())) {
            relatedChanged(place, association, items, leave, enter);
        }
        return members(place, items, leave::contains, enter);
    }

    private void joined(
            Place place, Association.ManyToMany association, Items items, Set<RecordId> leave, List<Row> enter) {
        RecordId owner = place.owner().id();
        RecordId was = tied(owner, association, change.before());
        RecordId is = tied(owner, association, change.after());
        Set<RecordId> left = new HashSet<>();
        Set<RecordId> joined = new HashSet<>();
        if (!change.knowsBefore()) {
            joined.addAll(walk.loader().ties(owner, association));
            Value.records(items).forEach(member -> left.add(member.id()));
            left.removeAll(joined);
        } else {
            if (was != null && !was.equals(is) && !isStillTied(owner, association, was)) {
                left.add(was);
            }
            if (is != null) {
                joined.add(is);
            }
        }
        leave.addAll(left);
        Value.records(items).forEach(member -> joined.remove(member.id()));
        for (RecordId record : joined) {
            Row row = walk.loader().find(association, record);
            if (row != null) {
                enter.add(row);
            }
        }
    }

    /** What a row of the join table ties to an owner; null when it is not the owner's, or ties nothing. */
    private static @Nullable RecordId tied(RecordId owner, Association.ManyToMany association, @Nullable Row join) {
        if (join == null || !owner.key().equals(KeyText.of(join.columns(), association.ownerKey()))) {
            return null;
        }
        List<String> key = KeyText.of(join.columns(), association.relatedKey());
        return key == null ? null : new RecordId(association.table(), key);
    }

    private boolean isStillTied(RecordId owner, Association.ManyToMany association, RecordId record) {
        List<String> pair = new ArrayList<>(association.ownerKey());
        pair.addAll(association.relatedKey());
        boolean onlyOne =
                pair.containsAll(walk.model().require(association.through()).primaryKey());
        return !onlyOne && walk.loader().ties(owner, association).contains(record);
    }

    private void relatedChanged(
            Place place, Association.ManyToMany association, Items items, Set<RecordId> leave, List<Row> enter) {
        Row after = change.after();
        if (after == null) {
            return;
        }
        if (!association.where().hold(after.columns())) {
            leave.add(after.id());
            return;
        }
        Row before = change.before();
        boolean belongedBefore = before != null && association.where().hold(before.columns());
        boolean isMember = Value.records(items).stream().anyMatch(member -> change.isOf(member.id()));
        if (!isMember
                && !belongedBefore
                && walk.loader().ties(place.owner().id(), association).contains(after.id())) {
            enter.add(after);
        }
    }

    private Value hasThrough(Place place, Association.HasThrough association, Items items) {
        if (association.steps().stream().noneMatch(this::concerns)) {
            return members(place, items);
        }
        List<Row> reached = walk.loader().related(place.owner(), association);
        Set<RecordId> belong = new HashSet<>();
        reached.forEach(row -> belong.add(row.id()));
        return members(place, items, record -> !belong.contains(record), reached);
    }

    /** Whether the change may have made a step of a path lead elsewhere. */
    private boolean concerns(Association.Direct step) {
        Set<String> columns = new HashSet<>();
        boolean onPath = step.table().equals(change.table());
        if (onPath) {
            columns.addAll(step.where().byColumn().keySet());
        }
        if (step instanceof Association.BelongsTo belongsTo && step.owner().equals(change.table())) {
            onPath = true;
            columns.addAll(belongsTo.foreignKey());
        }
        if (step instanceof Association.Has has && step.table().equals(change.table())) {
            columns.addAll(has.foreignKey());
            has.order().terms().forEach(term -> columns.add(term.column()));
        }
        if (step instanceof Association.ManyToMany manyToMany
                && manyToMany.through().equals(change.table())) {
            onPath = true;
            columns.addAll(manyToMany.ownerKey());
            columns.addAll(manyToMany.relatedKey());
        }
        Row before = change.before();
        Row after = change.after();
        if (!onPath || before == null || after == null) {
            return onPath;
        }
        return columns.stream().anyMatch(column -> !before.column(column).sameValue(after.column(column)));
    }
}
