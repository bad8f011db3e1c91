package io.forebay.records.sync;

import io.forebay.records.model.Association;
import io.forebay.records.model.Conditions;
import io.forebay.records.model.Model;
import io.forebay.records.model.Ordering;
import io.forebay.records.model.Table;
import io.forebay.records.value.KeyText;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Items;
import io.forebay.records.value.Value.Loaded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** What there would be if a value were loaded again: what a value that follows changes is compared with. */
public final class FreshLoad {

    private static final int MAX_ROWS = 1_000;

    private final Model model;

    /** Of values of a model. */
    public FreshLoad(Model model) {
        this.model = model;
    }

    /** Loads a value. */
    public Value load(Declared declared, MemoryRows rows) {
        return new Scan(rows).load(declared);
    }

    /** One load that looks at every row for everything: slow, and without a thought that could be wrong in {@link Loader} too. */
    private final class Scan {

        private final MemoryRows rows;
        private int count;

        Scan(MemoryRows rows) {
            this.rows = rows;
        }

        Value load(Declared declared) {
            if (declared instanceof Declared.One one) {
                Row row = rows.find(one.record());
                return row == null ? Value.NOTHING : load(row, one.shape());
            }
            Declared.Many many = (Declared.Many) declared;
            List<Loaded> loaded = new ArrayList<>();
            all(many.table(), row -> many.where().hold(row.columns())).stream()
                    .sorted(new RowOrder(model.require(many.table()), many.order()))
                    .forEach(row -> loaded.add(load(row, many.shape())));
            return new Items(loaded);
        }

        private List<Row> all(String table, Predicate<Row> wanted) {
            return rows.all(table).stream().filter(wanted).toList();
        }

        private Loaded load(Row row, Shape shape) {
            if (++count > MAX_ROWS) {
                throw new LoadLimitException(MAX_ROWS);
            }
            Map<String, Value> associations = new LinkedHashMap<>();
            shape.associations().forEach((name, below) -> {
                Association association =
                        Objects.requireNonNull(model.require(row.table()).association(name));
                List<Loaded> loaded = related(row, association).stream()
                        .map(one -> load(one, below))
                        .toList();
                Value one = loaded.isEmpty() ? Value.NOTHING : loaded.get(0);
                associations.put(name, association.isMany() ? new Items(loaded) : one);
            });
            return new Loaded(row, associations);
        }

        private List<Row> related(Row owner, Association association) {
            List<Row> related = new ArrayList<>(found(owner, association));
            related.removeIf(row -> !association.where().hold(row.columns()));
            related.sort(new RowOrder(model.require(association.table()), association.order()));
            return association instanceof Association.HasOne && related.size() > 1 ? related.subList(0, 1) : related;
        }

        private Collection<Row> found(Row owner, Association association) {
            if (association instanceof Association.BelongsTo to) {
                return all(association.table(), row -> holds(owner, to.foreignKey(), row));
            }
            if (association instanceof Association.Has has) {
                return all(association.table(), row -> holds(row, has.foreignKey(), owner));
            }
            if (association instanceof Association.ManyToMany tied) {
                List<Row> joins = all(tied.through(), join -> holds(join, tied.ownerKey(), owner));
                return all(
                        association.table(),
                        row -> joins.stream().anyMatch(join -> holds(join, tied.relatedKey(), row)));
            }
            Set<Row> at = Set.of(owner);
            for (Association.Direct step : ((Association.HasThrough) association).steps()) {
                Set<Row> next = new LinkedHashSet<>();
                at.forEach(row -> next.addAll(related(row, step)));
                at = next;
            }
            return at;
        }

        private static boolean holds(Row holder, List<String> foreignKey, Row held) {
            return held.id().key().equals(KeyText.of(holder.columns(), foreignKey));
        }
    }

    /** The value with every list that has no declared order in the order of primary keys. */
    public Value sorted(Value value, Declared declared) {
        if (declared instanceof Declared.Many many && value instanceof Items items) {
            return sorted(items, model.require(many.table()), many.order());
        }
        return value instanceof Loaded loaded ? sorted(loaded) : value;
    }

    private Loaded sorted(Loaded loaded) {
        Map<String, Value> associations = new LinkedHashMap<>();
        Table table = model.require(loaded.row().table());
        loaded.associations().forEach((name, value) -> {
            Association association = table.associations().get(name);
            if (association != null && value instanceof Items items) {
                associations.put(name, sorted(items, model.require(association.table()), association.order()));
            } else {
                associations.put(name, value instanceof Loaded one ? sorted(one) : value);
            }
        });
        return new Loaded(loaded.row(), associations);
    }

    private Items sorted(Items items, Table table, Ordering order) {
        List<Loaded> sorted = new ArrayList<>();
        Value.records(items).forEach(record -> sorted.add(sorted(record)));
        if (!order.isDeclared()) {
            sorted.sort(Comparator.comparing(Loaded::row, new RowOrder(table, Ordering.NONE)));
        }
        return new Items(sorted);
    }

    /** A shape that does not grow out of hand. */
    public Shape shape(Random random, Table table, int depth) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Association association : table.associations().values()) {
            if (shapes.size() < 3 && random.nextInt(depth) > 0) {
                shapes.put(association.name(), shape(random, model.require(association.table()), depth - 1));
            }
        }
        return new Shape(shapes);
    }

    /** Conditions that a table is looked at under, or none. */
    public static Conditions anyOf(Random random, Table table) {
        List<Conditions> known = new ArrayList<>(List.of(Conditions.NONE));
        table.associations().values().stream()
                .filter(association -> association.table().equals(table.name()))
                .forEach(association -> known.add(association.where()));
        return known.get(random.nextInt(known.size()));
    }
}
