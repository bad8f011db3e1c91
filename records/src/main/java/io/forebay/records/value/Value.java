package io.forebay.records.value;

import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sees: nothing, a record with what is loaded below it, a list of values, or something else, which no change
 * concerns. {@link ValueJson} has the JSON form.
 *
 * <p>Immutable. How deep values are nested is bounded when they are made, so whatever walks one may recurse.
 */
public sealed interface Value {

    /** How deep values may be nested, lists and records counting one each. */
    int MAX_DEPTH = 160;

    /** Nothing: JSON null. */
    Value NOTHING = new Nothing();

    /** How many values are nested in it at its deepest place, itself counting 1. */
    int depth();

    /** See {@link Value#NOTHING}. */
    record Nothing() implements Value {
        @Override
        public int depth() {
            return 1;
        }
    }

    /** Anything that is no record and no list: it comes back as it is. */
    record Other(JsonValue json) implements Value {
        @Override
        public int depth() {
            return 1;
        }
    }

    /** Values in order. */
    final class Items implements Value {

        /** None. */
        public static final Items NONE = new Items(List.of());

        private final List<Value> values;
        private final int depth;

        /**
         * A list of these.
         *
         * @throws InvalidValueException when it is nested too deeply
         */
        public Items(List<? extends Value> values) {
            this.values = List.copyOf(values);
            this.depth = Depth.above(this.values);
        }

        /** The values, in order. */
        public List<Value> values() {
            return values;
        }

        @Override
        public int depth() {
            return depth;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Items that && values.equals(that.values);
        }

        @Override
        public int hashCode() {
            return values.hashCode();
        }

        @Override
        public String toString() {
            return values.toString();
        }
    }

    /**
     * A record with what is loaded below it. An association that is loaded has here the record it leads to, {@link
     * Value#NOTHING} or {@link Items} of records; one that is not loaded is absent.
     */
    final class Loaded implements Value {

        private final Row row;
        private final Map<String, Value> associations;
        private final int depth;

        /**
         * A record with associations, in this order.
         *
         * @throws InvalidValueException when it is nested too deeply
         */
        public Loaded(Row row, Map<String, ? extends Value> associations) {
            this.row = row;
            this.associations = Collections.unmodifiableMap(new LinkedHashMap<>(associations));
            this.depth = Depth.above(this.associations.values());
        }

        /** A record with nothing loaded below it. */
        public static Loaded bare(Row row) {
            return new Loaded(row, Map.of());
        }

        /** The row. */
        public Row row() {
            return row;
        }

        /** Which record it is. */
        public RecordId id() {
            return row.id();
        }

        /** What is loaded, by association. */
        public Map<String, Value> associations() {
            return associations;
        }

        /** This with another row. */
        public Loaded withRow(Row other) {
            return other.equals(row) ? this : new Loaded(other, associations);
        }

        /** What is loaded below it. Of the records of one list the shapes are taken together. */
        public Shape shape() {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            associations.forEach((name, value) -> shapes.put(name, Value.shapeOf(value)));
            return shapes.isEmpty() ? Shape.BARE : new Shape(shapes);
        }

        @Override
        public int depth() {
            return depth;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Loaded that && row.equals(that.row) && associations.equals(that.associations);
        }

        @Override
        public int hashCode() {
            return 31 * row.hashCode() + associations.hashCode();
        }

        @Override
        public String toString() {
            return row.id() + (associations.isEmpty() ? "" : associations.toString());
        }
    }

    private static Shape shapeOf(Value value) {
        if (value instanceof Loaded loaded) {
            return loaded.shape();
        }
        Shape shape = Shape.BARE;
        if (value instanceof Items items) {
            for (Value item : items.values()) {
                shape = shape.merge(shapeOf(item));
            }
        }
        return shape;
    }

    /** The records directly in a loaded association. */
    static List<Loaded> records(Value association) {
        if (association instanceof Loaded one) {
            return List.of(one);
        }
        List<Loaded> records = new ArrayList<>();
        if (association instanceof Items items) {
            for (Value item : items.values()) {
                if (item instanceof Loaded loaded) {
                    records.add(loaded);
                }
            }
        }
        return records;
    }
}
