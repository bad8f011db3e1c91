package io.forebay.sync.oracle;

import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.model.Table;
import io.forebay.records.value.Shape;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Function;

/** Models with all tables of another and some of its associations, some of these without their conditions. */
final class PartOfModel {

    private PartOfModel() {}

    /** One of them. */
    static Model of(Model model, Random random) {
        while (true) {
            String text = "{\"tables\":"
                    + object(member(ModelFile.write(model), "tables"), table -> table(table, random)) + "}";
            try {
                return ModelFile.parse(text);
            } catch (InvalidFileException pathOverWhatIsLeftOut) {
                // Another one may be without the path as well.
            }
        }
    }

    private static String table(JsonObject.Member table, Random random) {
        return object(
                table.value().asObject(),
                member -> member.name().equals("assocs")
                        ? object(member.value().asObject(), association -> association(association, random))
                        : member.value().raw());
    }

    /** Nothing where it is left out. */
    private static String association(JsonObject.Member association, Random random) {
        if (random.nextInt(3) == 0) {
            return "";
        }
        boolean isBare = random.nextInt(5) == 0;
        return object(
                association.value().asObject(),
                member -> isBare && member.name().equals("where")
                        ? ""
                        : member.value().raw());
    }

    private static JsonObject member(JsonObject object, String name) {
        return Objects.requireNonNull(object.member(name)).asObject();
    }

    private static String object(JsonObject object, Function<JsonObject.Member, String> written) {
        StringJoiner text = new StringJoiner(",", "{", "}");
        for (JsonObject.Member member : object.members()) {
            String value = written.apply(member);
            if (!value.isEmpty()) {
                text.add(JsonValue.ofText(member.name()).raw() + ":" + value);
            }
        }
        return text.toString();
    }

    /** What of a shape a model has. */
    static Shape shape(Shape shape, Table table, Model model) {
        Map<String, Shape> known = new LinkedHashMap<>();
        shape.associations().forEach((name, below) -> {
            Association association = table.association(name);
            if (association != null) {
                known.put(name, shape(below, model.require(association.table()), model));
            }
        });
        return new Shape(known);
    }
}
