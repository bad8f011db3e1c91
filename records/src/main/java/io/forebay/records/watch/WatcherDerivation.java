package io.forebay.records.watch;

import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.WatchException.Kind;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watchers that associations need: three for each table on the way, and told with each the columns by which its rows meet
 * others. A belongs_to needs its foreign key told by its owner, a has_one and a has_many theirs by the other table, a
 * many_to_many both keys by the join table, which is known by labels where it is nothing but that; a has_through needs what its
 * path needs.
 *
 * <p>A table that is met twice has its columns together, and so has one that is among watchers that are there already, which keep
 * all else that they say.
 */
public final class WatcherDerivation {

    private final Model model;
    private final Map<Place, Watcher> watchers = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private WatcherDerivation(Model model) {
        this.model = model;
    }

    /**
     * Watchers that were derived.
     *
     * @param warnings of what was asked for and passed over, a sentence each
     */
    public record Derived(List<Watcher> watchers, List<String> warnings) {
        public Derived {
            watchers = List.copyOf(watchers);
            warnings = List.copyOf(warnings);
        }
    }

    private record Place(
            String table, RowEvent event, @Nullable String label) {}

    /**
     * Derives watchers. An association that there is not is passed over with a warning.
     *
     * @param table where the associations begin
     * @param extraColumns to be told of its rows
     * @param label of its watchers, each of which adds its event: {@code label_inserted}; null: they are known by table and event
     * @param existing watchers that are there already
     * @throws WatchException invalid, when there is no such table or column
     */
    public static Derived derive(
            Model model,
            String table,
            Shape assocs,
            Collection<String> extraColumns,
            @Nullable String label,
            List<Watcher> existing) {
        check(model, table, extraColumns, label);
        WatcherDerivation derivation = new WatcherDerivation(model);
        existing.forEach(derivation::merge);
        derivation.add(table, label, extraColumns);
        derivation.walk(table, label, assocs);
        return new Derived(List.copyOf(derivation.watchers.values()), derivation.warnings);
    }

    private static void check(Model model, String name, Collection<String> extraColumns, @Nullable String label) {
        Table table = model.table(name);
        if (table == null) {
            throw new WatchException(Kind.INVALID, "/table", "names no table of the model");
        }
        List<WatchProblem> problems = new ArrayList<>();
        for (String column : new LinkedHashSet<>(extraColumns)) {
            if (!table.columns().contains(column)) {
                problems.add(new WatchProblem("/extra_columns", name + " has no column " + column));
            }
        }
        if (label != null && label.isEmpty()) {
            problems.add(new WatchProblem("/label", "must be a text"));
        }
        if (!problems.isEmpty()) {
            throw new WatchException(Kind.INVALID, problems);
        }
    }

    private void walk(String table, @Nullable String label, Shape assocs) {
        assocs.associations().forEach((name, below) -> {
            Association association = model.require(table).association(name);
            if (association == null) {
                warnings.add(table + " has no association " + name);
            } else if (association instanceof Association.HasThrough through) {
                String from = label;
                List<Association.Direct> steps = through.steps();
                for (Association.Direct step : steps) {
                    follow(step, from);
                    from = null;
                }
                walk(through.table(), null, below);
            } else {
                follow(association, label);
                walk(association.table(), null, below);
            }
        });
    }

    private void follow(Association association, @Nullable String label) {
        Set<String> related = new LinkedHashSet<>();
        if (association instanceof Association.BelongsTo belongsTo) {
            add(association.owner(), label, belongsTo.foreignKey());
        } else if (association instanceof Association.Has has) {
            related.addAll(has.foreignKey());
        } else if (association instanceof Association.ManyToMany manyToMany) {
            Set<String> keys = new LinkedHashSet<>(manyToMany.ownerKey());
            keys.addAll(manyToMany.relatedKey());
            String through = manyToMany.through();
            add(through, model.require(through).schemaless() ? through : null, keys);
        }
        add(association.table(), null, related);
    }

    private void add(String table, @Nullable String label, Collection<String> columns) {
        for (RowEvent event : RowEvent.values()) {
            merge(new Watcher(
                    table,
                    event,
                    label == null ? null : label(label, event),
                    Set.of(),
                    new LinkedHashSet<>(columns),
                    null));
        }
    }

    private void merge(Watcher watcher) {
        watchers.merge(
                new Place(watcher.table(), watcher.event(), watcher.label()),
                watcher,
                (there, further) -> there.withExtraColumns(further.extraColumns()));
    }

    /** The label of one of three watchers. */
    static String label(String label, RowEvent event) {
        return label + "_" + event.text();
    }

    /**
     * Reads associations to derive from, in the form of {@link Shape}, whether or not a model has them.
     *
     * @throws WatchException invalid, when they are not in that form
     */
    public static Shape assocs(JsonValue json) {
        return assocs(json, "/assocs", 1);
    }

    private static Shape assocs(JsonValue json, String pointer, int depth) {
        if (!json.isObject() || depth > Shape.MAX_DEPTH) {
            throw new WatchException(
                    Kind.INVALID,
                    pointer,
                    "must be an object of associations, nested " + Shape.MAX_DEPTH + " deep at the most");
        }
        Map<String, Shape> associations = new LinkedHashMap<>();
        for (JsonObject.Member member : json.asObject().members()) {
            associations.put(member.name(), assocs(member.value(), pointer + "/" + member.name(), depth + 1));
        }
        return new Shape(associations);
    }
}
