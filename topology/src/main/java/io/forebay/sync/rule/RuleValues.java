package io.forebay.sync.rule;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import io.forebay.schemas.json.JsonValue;

/**
 * What JSON is to a rule. An integer is an int where it fits one, else a uint; a number with a fraction or an exponent is a double.
 * Integers that fit neither and numbers beyond doubles are their text: two that differ stay different, where the nearest double
 * would make them the same and could show a row to the wrong one.
 */
final class RuleValues {

    private static final int LONGEST_INTEGER = 20;

    private RuleValues() {}

    static Object of(JsonValue value) {
        if (value.isString()) {
            return value.asText();
        }
        if (value.isNumber()) {
            return number(value);
        }
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isArray()) {
            return new JsonList(value);
        }
        return value.isObject() ? new JsonMap(value.asObject()) : NullValue.NULL_VALUE;
    }

    private static Object number(JsonValue value) {
        String raw = value.raw();
        if (!value.isInteger()) {
            double number = Double.parseDouble(raw);
            return Double.isInfinite(number) ? raw : number;
        }
        if (raw.length() > LONGEST_INTEGER) {
            return raw;
        }
        try {
            return Long.parseLong(raw);
        } catch (NumberFormatException beyondInt) {
            return unsigned(raw);
        }
    }

    private static Object unsigned(String raw) {
        try {
            return UnsignedLong.valueOf(raw);
        } catch (NumberFormatException beyondUint) {
            return raw;
        }
    }
}
