package io.forebay.sync.rule;

import io.forebay.records.model.Condition;
import io.forebay.records.model.Conditions;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a subscription itself asks of the rows it brings, beside the server's rules: nothing; a rule; or values that columns have. It
 * is asked of rows of every table, with what is hidden left out, since whoever made it could learn from its answers.
 */
public sealed interface OwnRule {

    /** Asks nothing. */
    OwnRule NONE = new Anything();

    /**
     * Reads one: a text is a rule; an object holds values by column, all of which a row has to have. They are compared as in the
     * conditions of associations: a number and a text are never the same, null asks for null, and a column that is absent is null.
     *
     * @throws RuleException when it is neither, or no rule
     */
    static OwnRule parse(JsonValue authorize) {
        if (authorize.isString()) {
            return new Written(Rule.compile(authorize.asText()));
        }
        if (!authorize.isObject()) {
            throw new RuleException("is a rule, or an object of values by column");
        }
        Map<String, Condition> conditions = new LinkedHashMap<>();
        for (JsonObject.Member member : authorize.asObject().members()) {
            JsonValue value = member.value();
            conditions.put(member.name(), value.isNull() ? new Condition.IsNull() : new Condition.Equals(value));
        }
        return conditions.isEmpty() ? NONE : new Equal(new Conditions(conditions));
    }

    /**
     * Reads one from the text that a subscription is kept with: an object of JSON, or else a rule.
     *
     * @throws RuleException when it is neither
     */
    static OwnRule ofText(String text) {
        if (text.startsWith("{")) {
            try {
                return parse(JsonValue.of(JsonObject.parse(text)));
            } catch (JsonSyntaxException e) {
                // A rule can begin so too.
            }
        }
        return parse(JsonValue.ofText(text));
    }

    /** Asks nothing. */
    record Anything() implements OwnRule {}

    /** A rule. */
    record Written(Rule rule) implements OwnRule {}

    /** Values by column. */
    record Equal(Conditions conditions) implements OwnRule {}
}
