package io.forebay.records.value;

import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is loaded below a record: associations, and what is loaded below the records they lead to. Its JSON form is an object of
 * shapes by association, its text form {@code posts.comments,posts.tags}.
 *
 * @param associations shapes by association; none for a bare record
 */
public record Shape(Map<String, Shape> associations) {

    /** A record with nothing below it. */
    public static final Shape BARE = new Shape(Map.of());

    /** How many associations below each other a shape may have. */
    public static final int MAX_DEPTH = 64;

    public Shape {
        associations = Collections.unmodifiableMap(new LinkedHashMap<>(associations));
    }

    /** Whether nothing is loaded. */
    public boolean isBare() {
        return associations.isEmpty();
    }

    /**
     * Reads the JSON form of a shape of a table's records.
     *
     * @throws InvalidValueException when it is no object of objects, names an association that the model does not have, or is too deep
     */
    public static Shape parse(JsonValue json, Table table, Model model) {
        return parse(json, table, model, "", 1);
    }

    private static Shape parse(JsonValue json, Table table, Model model, String pointer, int depth) {
        if (!json.isObject()) {
            throw new InvalidValueException(pointer, "is an object of what is loaded, by association");
        }
        JsonObject object = json.asObject();
        if (object.members().isEmpty()) {
            return BARE;
        }
        if (depth > MAX_DEPTH) {
            throw new InvalidValueException(pointer, "is deeper than " + MAX_DEPTH + " associations");
        }
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (JsonObject.Member member : object.members()) {
            Association association = InvalidValueException.require(table, member.name(), pointer);
            Table related = model.require(association.table());
            String at = InvalidValueException.child(pointer, member.name());
            shapes.put(member.name(), parse(member.value(), related, model, at, depth + 1));
        }
        return new Shape(shapes);
    }

    /**
     * Reads the text form: paths of associations with dots in them, separated by commas. The empty text is a bare record.
     *
     * @throws InvalidValueException when it names an association that the model does not have, or is too deep
     */
    public static Shape parse(String text, Table table, Model model) {
        Shape shape = BARE;
        for (String path : text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1))) {
            List<String> steps = List.of(path.split("\\.", -1));
            if (steps.size() > MAX_DEPTH) {
                throw new InvalidValueException("", "is deeper than " + MAX_DEPTH + " associations");
            }
            Table at = table;
            for (String step : steps) {
                at = model.require(InvalidValueException.require(at, step, "").table());
            }
            shape = shape.merge(ofPath(steps, 0));
        }
        return shape;
    }

    private static Shape ofPath(List<String> steps, int from) {
        return from == steps.size() ? BARE : new Shape(Map.of(steps.get(from), ofPath(steps, from + 1)));
    }

    /** All that either of both has. */
    public Shape merge(Shape other) {
        if (isBare()) {
            return other;
        }
        Map<String, Shape> merged = new LinkedHashMap<>(associations);
        other.associations.forEach((name, shape) -> merged.merge(name, shape, Shape::merge));
        return new Shape(merged);
    }

    /** The JSON form. */
    public JsonObject toJson() {
        StringBuilder text = new StringBuilder();
        write(text);
        return JsonObject.parse(text.toString());
    }

    private void write(StringBuilder text) {
        char before = '{';
        for (Map.Entry<String, Shape> association : associations.entrySet()) {
            text.append(before)
                    .append(JsonValue.ofText(association.getKey()).raw())
                    .append(':');
            association.getValue().write(text);
            before = ',';
        }
        text.append(associations.isEmpty() ? "{}" : "}");
    }
}
