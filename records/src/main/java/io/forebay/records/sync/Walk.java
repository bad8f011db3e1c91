package io.forebay.records.sync;

import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Loaded;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies one change to records and what is loaded below them: see {@link Sync}. It recurses as deep as values are nested, which is
 * bounded. Made for one application of one change.
 */
final class Walk {

    private final Model model;
    private final Change change;
    private final SyncOptions options;
    private final Loader loader;
    private final AssociationWalk associations;

    Walk(Model model, Change change, SyncOptions options, Rows rows) {
        this.model = model;
        this.change = change;
        this.options = options;
        this.loader = new Loader(model, new RowsAfter(rows, change), options.maxRows());
        this.associations = new AssociationWalk(this);
    }

    Model model() {
        return model;
    }

    Change change() {
        return change;
    }

    SyncOptions options() {
        return options;
    }

    Loader loader() {
        return loader;
    }

    /** A record that is not removed, after the change; the same when nothing is different. */
    Loaded record(Loaded record, @Nullable Shape declared) {
        boolean isChanged = change.isOf(record.id());
        Row row = isChanged ? change.requireAfter() : record.row();
        Shape preload = isChanged ? options.preloads().get(change.table()) : null;
        if (preload != null) {
            return loader.load(row, preload);
        }
        Map<String, Value> next = null;
        Table table = model.require(row.table());
        for (Map.Entry<String, Value> loaded : record.associations().entrySet()) {
            Association association = table.association(loaded.getKey());
            if (association == null) {
                throw new IllegalArgumentException(table.name() + " has no association " + loaded.getKey());
            }
            Shape below = declared == null ? null : declared.associations().get(loaded.getKey());
            Value after = associations.apply(row, association, loaded.getValue(), below);
            if (after != loaded.getValue()) {
                next = next == null ? new LinkedHashMap<>(record.associations()) : next;
                next.put(loaded.getKey(), after);
            }
        }
        return next == null ? record.withRow(row) : new Loaded(row, next);
    }

    /** A record that enters at the root. */
    Loaded enterRoot(Row row) {
        Declared declared = options.declared();
        return enter(row, null, null, declared == null ? null : declared.shape(), null);
    }

    /** A record that enters. */
    Loaded enter(
            Row row,
            @Nullable Association association,
            @Nullable Row owner,
            @Nullable Shape declared,
            @Nullable Loaded sibling) {
        Shape shape = options.preloads().get(row.table());
        shape = shape == null ? declared : shape;
        shape = shape == null ? options.entering().shapeOf(row, association, owner) : shape;
        shape = shape == null && sibling != null ? sibling.shape() : shape;
        return loader.load(row, shape == null ? Shape.BARE : shape);
    }
}
