package io.forebay.records.watch;

import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.watch.WatchException.Kind;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identifiers by which one hears of what changes records that are there, and the associations that are asked for below
 * them. Of a record it is its updates and its deletion. Of what an association leads to:
 *
 * <table>
 * <caption>by kind, and by whether the record has it loaded</caption>
 * <tr><th></th><th>loaded</th><th>not loaded</th></tr>
 * <tr><td>has_one, has_many</td><td>insertions that refer to the record, and each record loaded</td><td>the insertions</td></tr>
 * <tr><td>belongs_to</td><td>the record loaded; of nothing nothing</td><td>the record that the foreign key names</td></tr>
 * <tr><td>many_to_many</td><td>all events of join rows that refer to the record, and each record loaded</td>
 * <td>the insertions of such rows</td></tr>
 * <tr><td>has_through</td><td>what its path asks for, and each record loaded</td><td>what its path asks for</td></tr>
 * </table>
 *
 * <p>What is asked for below an association is looked for in the records loaded there, and kept with each identifier: it is what a
 * record that enters by it is to be loaded with.
 */
final class TargetIdentifiers {

    private final Watchers watchers;
    private final Model model;
    private final Map<Identifier, Shape> identifiers = new LinkedHashMap<>();
    private final Set<WatchProblem> invalid = new LinkedHashSet<>();
    private final Set<WatchProblem> notFound = new LinkedHashSet<>();

    TargetIdentifiers(Watchers watchers, Model model) {
        this.watchers = watchers;
        this.model = model;
    }

    Map<Identifier, Shape> of(Value target, Shape assocs, boolean inserted) {
        List<Value.Loaded> records = new ArrayList<>();
        if (target instanceof Value.Loaded one) {
            records.add(one);
        } else if (target instanceof Value.Items several) {
            for (int i = 0; i < several.values().size(); i++) {
                if (several.values().get(i) instanceof Value.Loaded one) {
                    records.add(one);
                } else {
                    invalid.add(new WatchProblem("/target/" + i, "must be a record of the model"));
                }
            }
        } else {
            invalid.add(new WatchProblem("/target", "must be a record of the model or a list of such"));
        }
        for (Value.Loaded record : records) {
            record(record, assocs, "/assocs");
            if (inserted) {
                add(record.row().table(), RowEvent.INSERTED, Scope.EVERY_ROW, assocs);
            }
        }
        if (!invalid.isEmpty()) {
            throw new WatchException(Kind.INVALID, List.copyOf(invalid));
        }
        if (!notFound.isEmpty()) {
            throw new WatchException(Kind.NOT_FOUND, List.copyOf(notFound));
        }
        return identifiers;
    }

    private void record(Value.Loaded record, Shape assocs, String pointer) {
        Row row = record.row();
        Table table = model.require(row.table());
        oneRecord(table.name(), values(row, table.primaryKey()), assocs);
        assocs.associations().forEach((name, below) -> {
            Association association = table.association(name);
            if (association == null) {
                invalid.add(new WatchProblem(pointer, table.name() + " has no association " + name));
            } else {
                follow(
                        record,
                        association,
                        below,
                        pointer + "/" + name.replace("~", "~0").replace("/", "~1"));
            }
        });
    }

    private void follow(Value.Loaded record, Association association, Shape below, String pointer) {
        Value loaded = record.associations().get(association.name());
        if (association instanceof Association.Has has) {
            referring(record.row(), has.table(), has.foreignKey(), below, RowEvent.INSERTED);
        } else if (association instanceof Association.ManyToMany manyToMany) {
            RowEvent[] events = loaded == null ? new RowEvent[] {RowEvent.INSERTED} : RowEvent.values();
            referring(record.row(), manyToMany.through(), manyToMany.ownerKey(), below, events);
        } else if (association instanceof Association.BelongsTo belongsTo && loaded == null) {
            oneRecord(belongsTo.table(), values(record.row(), belongsTo.foreignKey()), below);
        } else if (association instanceof Association.HasThrough through) {
            follow(record, through.steps().get(0), path(through.steps(), 1, below), pointer);
        }
        if (loaded != null) {
            Value.records(loaded).forEach(each -> record(each, below, pointer));
        }
    }

    private static Shape path(List<Association.Direct> steps, int from, Shape below) {
        return from == steps.size() ? below : new Shape(Map.of(steps.get(from).name(), path(steps, from + 1, below)));
    }

    private void oneRecord(String table, @Nullable List<JsonValue> key, Shape assocs) {
        if (key != null) {
            add(table, RowEvent.UPDATED, new Scope.OneRecord(key), assocs);
            add(table, RowEvent.DELETED, new Scope.OneRecord(key), assocs);
        }
    }

    /** Rows that hold a record's primary key. */
    private void referring(Row record, String table, List<String> columns, Shape below, RowEvent... events) {
        List<JsonValue> key = values(record, model.require(record.table()).primaryKey());
        if (key != null) {
            for (RowEvent event : events) {
                add(table, event, new Scope.Associated(columns, key), below);
            }
        }
    }

    private static @Nullable List<JsonValue> values(Row row, List<String> columns) {
        return Scope.values(row.columns(), columns);
    }

    private void add(String table, RowEvent event, Scope scope, Shape assocs) {
        try {
            identifiers.merge(watchers.identifier(watchers.named(table, event), scope), assocs, Shape::merge);
        } catch (WatchException e) {
            if (e.kind() == Kind.CONFLICT) {
                throw e;
            }
            (e.kind() == Kind.INVALID ? invalid : notFound).addAll(e.problems());
        }
    }
}
