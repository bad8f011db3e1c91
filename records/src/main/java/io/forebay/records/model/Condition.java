package io.forebay.records.model;

import io.forebay.schemas.json.JsonValue;
import java.util.List;

/**
 * What is asked of the value of one column, by SQL's three-valued logic: beside true and false there is unknown, which is what
 * comes of comparing with null. Values are compared by {@link JsonValue#sameValue}: a number and a text are never the same.
 */
public sealed interface Condition {

    /** Whether it is true of the value. */
    boolean holds(JsonValue value);

    /** Whether it is false of the value, and not just unknown. */
    boolean fails(JsonValue value);

    /** The value is this one, which is not null. */
    record Equals(JsonValue expected) implements Condition {
        @Override
        public boolean holds(JsonValue value) {
            return !value.isNull() && value.sameValue(expected);
        }

        @Override
        public boolean fails(JsonValue value) {
            return !value.isNull() && !value.sameValue(expected);
        }
    }

    /** The value is null. Never unknown. */
    record IsNull() implements Condition {
        @Override
        public boolean holds(JsonValue value) {
            return value.isNull();
        }

        @Override
        public boolean fails(JsonValue value) {
            return !value.isNull();
        }
    }

    /** The value is one of these. Null among them makes unknown what would be false; none of them makes it false. */
    record In(List<JsonValue> expected) implements Condition {
        public In {
            expected = List.copyOf(expected);
        }

        @Override
        public boolean holds(JsonValue value) {
            return !value.isNull() && expected.stream().anyMatch(one -> !one.isNull() && one.sameValue(value));
        }

        @Override
        public boolean fails(JsonValue value) {
            boolean known = !value.isNull() && expected.stream().noneMatch(JsonValue::isNull);
            return expected.isEmpty() || (known && !holds(value));
        }
    }

    /** The opposite; of what is unknown it is unknown. */
    record Not(Condition condition) implements Condition {
        @Override
        public boolean holds(JsonValue value) {
            return condition.fails(value);
        }

        @Override
        public boolean fails(JsonValue value) {
            return condition.holds(value);
        }
    }
}
