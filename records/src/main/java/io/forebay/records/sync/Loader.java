package io.forebay.records.sync;

import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.KeyText;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Items;
import io.forebay.records.value.Value.Loaded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads records with what a shape names below them. Lists are in the order that the association declares, or else by primary key. Asks
 * for a row as often as it leads somewhere; rows that it gets and records that it makes count against a limit, since a shape that goes in
 * circles multiplies.
 *
 * <p>For one load. Not safe for use by several threads.
 */
public final class Loader {

    private final Model model;
    private final Rows rows;
    private final int maxRows;
    private int count;

    /**
     * A loader for one load.
     *
     * @param maxRows how many rows it may take, each counted as often as it is come by; at least 1
     */
    public Loader(Model model, Rows rows, int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("a load takes at least one row");
        }
        this.model = model;
        this.rows = rows;
        this.maxRows = maxRows;
    }

    /**
     * Loads a record; null when there is none.
     *
     * @throws LoadLimitException when it would take too many rows
     */
    public @Nullable Loaded load(RecordId record, Shape shape) {
        Row row = rows.find(record);
        return row == null ? null : load(row, shape);
    }

    /**
     * Loads what is below a row.
     *
     * @throws LoadLimitException when it would take too many rows
     */
    public Loaded load(Row row, Shape shape) {
        take(1);
        if (shape.isBare()) {
            return Loaded.bare(row);
        }
        Table table = model.require(row.table());
        Map<String, Value> associations = new LinkedHashMap<>();
        shape.associations().forEach((name, below) -> {
            Association association = table.association(name);
            if (association == null) {
                throw new IllegalArgumentException(table.name() + " has no association " + name);
            }
            associations.put(name, load(row, association, below));
        });
        return new Loaded(row, associations);
    }

    private Value load(Row owner, Association association, Shape below) {
        List<Loaded> loaded = new ArrayList<>();
        for (Row row : related(owner, association)) {
            loaded.add(load(row, below));
        }
        if (association.isMany()) {
            return loaded.isEmpty() ? Items.NONE : new Items(loaded);
        }
        return loaded.isEmpty() ? Value.NOTHING : loaded.get(0);
    }

    /** The rows that an association of an owner leads to, in order; one at most for one that leads to one. */
    List<Row> related(Row owner, Association association) {
        List<Row> related;
        if (association instanceof Association.BelongsTo belongsTo) {
            related = parent(owner, belongsTo);
        } else if (association instanceof Association.Has has) {
            related = children(owner, has);
        } else if (association instanceof Association.ManyToMany manyToMany) {
            related = tied(owner, manyToMany);
        } else {
            related = reached(owner, (Association.HasThrough) association);
        }
        if (related.size() > 1) {
            related.sort(new RowOrder(model.require(association.table()), association.order()));
        }
        return association instanceof Association.HasOne && related.size() > 1 ? related.subList(0, 1) : related;
    }

    private List<Row> parent(Row owner, Association.BelongsTo association) {
        List<String> key = KeyText.of(owner.columns(), association.foreignKey());
        Row row = key == null ? null : find(association, new RecordId(association.table(), key));
        return row == null ? List.of() : List.of(row);
    }

    /** A record that an association may lead to; null when there is none or the conditions do not hold. */
    @Nullable
    Row find(Association association, RecordId record) {
        Row row = rows.find(record);
        take(1);
        return row != null && association.where().hold(row.columns()) ? row : null;
    }

    private List<Row> children(Row owner, Association.Has association) {
        List<Row> children = new ArrayList<>();
        for (Row row : find(new Lookup(
                association.table(), association.foreignKey(), owner.id().key()))) {
            if (association.where().hold(row.columns())) {
                children.add(row);
            }
        }
        return children;
    }

    private List<Row> tied(Row owner, Association.ManyToMany association) {
        List<Row> related = new ArrayList<>();
        for (RecordId record : ties(owner.id(), association)) {
            Row row = find(association, record);
            if (row != null) {
                related.add(row);
            }
        }
        return related;
    }

    /** The records that rows of the join table tie to an owner, whether they exist or not, each once. */
    List<RecordId> ties(RecordId owner, Association.ManyToMany association) {
        List<RecordId> tied = new ArrayList<>();
        for (Row row : find(new Lookup(association.through(), association.ownerKey(), owner.key()))) {
            List<String> key = KeyText.of(row.columns(), association.relatedKey());
            if (key != null) {
                tied.add(new RecordId(association.table(), key));
            }
        }
        return new ArrayList<>(new LinkedHashSet<>(tied));
    }

    private List<Row> reached(Row owner, Association.HasThrough association) {
        Map<RecordId, Row> at = Map.of(owner.id(), owner);
        for (Association.Direct step : association.steps()) {
            Map<RecordId, Row> next = new LinkedHashMap<>();
            for (Row row : at.values()) {
                for (Row related : related(row, step)) {
                    next.putIfAbsent(related.id(), related);
                }
            }
            at = next;
        }
        return new ArrayList<>(at.values());
    }

    private List<Row> find(Lookup lookup) {
        List<Row> found = rows.find(lookup);
        take(found.size());
        return found;
    }

    private void take(int more) {
        count += more;
        if (count > maxRows || count < 0) {
            throw new LoadLimitException(maxRows);
        }
    }
}
