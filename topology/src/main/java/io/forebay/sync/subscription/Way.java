package io.forebay.sync.subscription;

import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Association;
import io.forebay.records.model.Conditions;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.KeyText;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Shape;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.json.JsonObject;
import io.forebay.sync.row.Places;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Reason;
import io.forebay.sync.subscription.state.ShapeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Reason} means under the model: which rows are followed for it, and to which places each leads.
 *
 * <p>Each association is one step: has_one and has_many to the place of the value by which rows refer to the record, belongs_to to the place of the
 * record that is referred to, many_to_many to the place of the value in the join table, whose rows lead to the places of the records that they
 * tie. has_through is its steps, one below the other. Conditions are asked of the rows that an association leads to, not where it starts.
 */
final class Way {

    /** Leads nowhere and is followed by nothing: of an association that the model does not have any more. */
    private static final Way NONE = new Way(null, List.of());

    private final @Nullable Conditions where;
    private final List<Step> steps;

    private Way(@Nullable Conditions where, List<Step> steps) {
        this.where = where;
        this.steps = List.copyOf(steps);
    }

    /** A step from a row. */
    private interface Step {
        @Nullable
        Lead from(RecordId record, JsonObject row);
    }

    /**
     * Where a row leads to.
     *
     * @param reason why that place is followed
     */
    record Lead(NodeKey to, Reason reason) {}

    static Way of(Reason reason, Model model) {
        Table table = model.table(reason.table());
        if (table == null) {
            return NONE;
        }
        Shape shape = ShapeText.parse(reason.shape());
        if (reason.kind() == Reason.Kind.SUBSCRIBED) {
            return new Way(Conditions.NONE, steps(table, shape));
        }
        if (reason.kind() == Reason.Kind.ROWS) {
            return new Way(conditions(reason.association(), table), steps(table, shape));
        }
        Association association = table.association(reason.association());
        if (association == null) {
            return NONE;
        }
        if (reason.kind() == Reason.Kind.TARGET) {
            return new Way(association.where(), steps(model.require(association.table()), shape));
        }
        return association instanceof Association.ManyToMany tied
                ? new Way(Conditions.NONE, List.of(tie(tied, target(association, shape))))
                : NONE;
    }

    /** Null where the model does not have their columns any more. */
    private static @Nullable Conditions conditions(String where, Table table) {
        try {
            return Conditions.parse(JsonObject.parse(where), table);
        } catch (InvalidFileException e) {
            return null;
        }
    }

    private static List<Step> steps(Table table, Shape shape) {
        List<Step> steps = new ArrayList<>();
        shape.associations().forEach((name, below) -> {
            Association association = table.association(name);
            if (association instanceof Association.HasThrough through) {
                steps.add(step(through.steps().get(0), path(through.steps(), 1, below)));
            } else if (association instanceof Association.Direct direct) {
                steps.add(step(direct, below));
            }
        });
        return steps;
    }

    private static Shape path(List<Association.Direct> steps, int from, Shape below) {
        return from == steps.size() ? below : new Shape(Map.of(steps.get(from).name(), path(steps, from + 1, below)));
    }

    private static Step step(Association.Direct association, Shape below) {
        if (association instanceof Association.Has has) {
            Reason reason = target(has, below);
            return (record, row) -> column(has.table(), has.foreignKey(), record, reason);
        }
        if (association instanceof Association.BelongsTo belongsTo) {
            Reason reason = target(belongsTo, below);
            return (record, row) -> record(belongsTo.table(), belongsTo.foreignKey(), row, reason);
        }
        Association.ManyToMany tied = (Association.ManyToMany) association;
        Reason reason = new Reason(Reason.Kind.JOIN, tied.owner(), tied.name(), ShapeText.of(below), false);
        return (record, row) -> column(tied.through(), tied.ownerKey(), record, reason);
    }

    private static Step tie(Association.ManyToMany tied, Reason reason) {
        return (record, row) -> record(tied.table(), tied.relatedKey(), row, reason);
    }

    private static Reason target(Association association, Shape below) {
        return new Reason(Reason.Kind.TARGET, association.owner(), association.name(), ShapeText.of(below), false);
    }

    private static Lead column(String table, List<String> columns, RecordId record, Reason reason) {
        return new Lead(
                new NodeKey(
                        PlaceKind.column,
                        Places.ofColumns(table, columns, record.key()).toString()),
                reason);
    }

    private static @Nullable Lead record(String table, List<String> columns, JsonObject row, Reason reason) {
        List<String> key = KeyText.of(row, columns);
        return key == null
                ? null
                : new Lead(new NodeKey(PlaceKind.record, new RecordId(table, key).toString()), reason);
    }

    /** Where a row leads to; null when it is not followed. */
    @Nullable
    List<Lead> leads(RecordId record, JsonObject row) {
        if (where == null || !where.hold(row)) {
            return null;
        }
        List<Lead> leads = new ArrayList<>(steps.size());
        for (Step step : steps) {
            Lead lead = step.from(record, row);
            if (lead != null) {
                leads.add(lead);
            }
        }
        return leads;
    }
}
