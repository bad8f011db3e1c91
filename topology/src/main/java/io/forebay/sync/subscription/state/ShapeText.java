package io.forebay.sync.subscription.state;

import io.forebay.records.value.Shape;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Shapes as text: a JSON object of objects with its members in order, so that equal shapes are equal texts. */
public final class ShapeText {

    /** Of a bare record. */
    public static final String BARE = "{}";

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private ShapeText() {}

    /** Writes a shape. */
    public static String of(Shape shape) {
        if (shape.isBare()) {
            return BARE;
        }
        StringJoiner text = new StringJoiner(",", "{", "}");
        new TreeMap<>(shape.associations())
                .forEach((name, below) -> text.add(JsonValue.ofText(name).raw() + ":" + of(below)));
        return text.toString();
    }

    /** Reads a shape. Whether a model has its associations is not asked; what is no object is a bare record. */
    public static Shape parse(String text) {
        return text.equals(BARE) ? Shape.BARE : shape(JsonObject.parse(text, LIMITS));
    }

    private static Shape shape(JsonObject object) {
        Map<String, Shape> associations = new LinkedHashMap<>();
        for (JsonObject.Member member : object.members()) {
            associations.put(
                    member.name(),
                    member.value().isObject() ? shape(member.value().asObject()) : Shape.BARE);
        }
        return new Shape(associations);
    }
}
