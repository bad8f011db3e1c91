package io.forebay.records.model;

import io.forebay.records.model.Association.BelongsTo;
import io.forebay.records.model.Association.Has;
import io.forebay.records.model.Association.HasOne;
import io.forebay.records.model.Association.HasThrough;
import io.forebay.records.model.Association.ManyToMany;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Collection;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes a model as its file has it, with nothing left out that a reader of the file would add: keys are lists, and join tables that
 * are only mentioned are declared.
 */
final class ModelWriter {

    private static final JsonLimits UNLIMITED = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private ModelWriter() {}

    static JsonObject write(Model model) {
        return JsonObject.parse("{\"tables\":" + object(model.tables(), ModelWriter::table) + "}", UNLIMITED);
    }

    private static String table(Table table) {
        StringJoiner members = members()
                .add("\"pk\":" + names(table.primaryKey()))
                .add("\"columns\":" + names(table.columns()))
                .add("\"assocs\":" + object(table.associations(), ModelWriter::association));
        if (table.schemaless()) {
            members.add("\"schemaless\":true");
        }
        return members.toString();
    }

    private static String association(Association association) {
        StringJoiner members = members();
        if (association instanceof HasThrough through) {
            members.add("\"kind\":\"has_through\"").add("\"path\":" + names(through.path()));
        } else {
            members.add("\"kind\":" + text(kind(association))).add("\"table\":" + text(association.table()));
        }
        if (association instanceof BelongsTo belongsTo) {
            members.add("\"fk\":" + names(belongsTo.foreignKey()));
        } else if (association instanceof Has has) {
            members.add("\"fk\":" + names(has.foreignKey()));
        } else if (association instanceof ManyToMany manyToMany) {
            members.add("\"through\":" + text(manyToMany.through()))
                    .add("\"owner_key\":" + names(manyToMany.ownerKey()))
                    .add("\"related_key\":" + names(manyToMany.relatedKey()));
        }
        if (!association.where().isEmpty()) {
            members.add("\"where\":" + conditions(association.where()));
        }
        if (association.order().isDeclared()) {
            members.add("\"order\":" + list(association.order().terms(), ModelWriter::term));
        }
        return members.toString();
    }

    static String conditions(Conditions where) {
        return object(where.byColumn(), ModelWriter::condition);
    }

    private static String kind(Association association) {
        if (association instanceof BelongsTo) {
            return "belongs_to";
        }
        if (association instanceof Has) {
            return association instanceof HasOne ? "has_one" : "has_many";
        }
        return "many_to_many";
    }

    private static String condition(Condition condition) {
        if (condition instanceof Condition.Not not) {
            return "{\"not\":" + condition(not.condition()) + "}";
        }
        if (condition instanceof Condition.In in) {
            return "{\"in\":" + list(in.expected(), JsonValue::raw) + "}";
        }
        return condition instanceof Condition.Equals equals ? equals.expected().raw() : "null";
    }

    private static String term(Ordering.Term term) {
        return "[" + text(term.column()) + (term.descending() ? ",\"desc\"]" : ",\"asc\"]");
    }

    private static <T> String object(Map<String, T> members, Function<T, String> written) {
        StringJoiner object = members();
        members.forEach((name, value) -> object.add(text(name) + ":" + written.apply(value)));
        return object.toString();
    }

    private static String names(Collection<String> names) {
        return list(names, ModelWriter::text);
    }

    private static <T> String list(Collection<T> elements, Function<T, String> written) {
        return elements.stream().map(written).collect(Collectors.joining(",", "[", "]"));
    }

    private static StringJoiner members() {
        return new StringJoiner(",", "{", "}");
    }

    private static String text(String text) {
        return JsonValue.ofText(text).raw();
    }
}
