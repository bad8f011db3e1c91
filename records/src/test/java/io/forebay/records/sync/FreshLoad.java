package io.forebay.records.sync;

import io.forebay.records.model.Association;
import io.forebay.records.model.Conditions;
import io.forebay.records.model.Model;
import io.forebay.records.model.Ordering;
import io.forebay.records.model.Table;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Items;
import io.forebay.records.value.Value.Loaded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What there would be if a value were loaded again: what a value that follows changes is compared with. */
final class FreshLoad {

    private static final int MAX_ROWS = 3_000;

    private final Model model;

    FreshLoad(Model model) {
        this.model = model;
    }

    Value load(Declared declared, MemoryRows rows) {
        Loader loader = new Loader(model, rows, MAX_ROWS);
        if (declared instanceof Declared.One one) {
            Loaded loaded = loader.load(one.record(), one.shape());
            return loaded == null ? Value.NOTHING : loaded;
        }
        Declared.Many many = (Declared.Many) declared;
        List<Loaded> loaded = new ArrayList<>();
        rows.all(many.table()).stream()
                .filter(row -> many.where().hold(row.columns()))
                .sorted(new RowOrder(model.require(many.table()), many.order()))
                .forEach(row -> loaded.add(loader.load(row, many.shape())));
        return new Items(loaded);
    }

    /** The value with every list that has no declared order in the order of primary keys. */
    Value sorted(Value value, Declared declared) {
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
    Shape shape(Random random, Table table, int depth) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Association association : table.associations().values()) {
            if (shapes.size() < 3 && random.nextInt(depth) > 0) {
                shapes.put(association.name(), shape(random, model.require(association.table()), depth - 1));
            }
        }
        return new Shape(shapes);
    }

    static Conditions anyOf(Random random, Table table) {
        List<Conditions> known = new ArrayList<>(List.of(Conditions.NONE));
        table.associations().values().stream()
                .filter(association -> association.table().equals(table.name()))
                .forEach(association -> known.add(association.where()));
        return known.get(random.nextInt(known.size()));
    }
}
