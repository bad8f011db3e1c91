package io.forebay.records.value;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of key columns as text, the way they stand in a record's key on Kafka: a text as it is, a boolean as {@code true} or
 * {@code false}, a number as the shortest text of its value, so that 7 and 7.0 and "7" are one key. A column holds values of one
 * kind, and sources write 64-bit numbers as texts; telling them apart would split what the database has as one.
 */
public final class KeyText {

    /** Numbers with more zeros at their end than this are written with an exponent. */
    private static final int MAX_ZEROS = 64;

    private KeyText() {}

    /** The text of a value; null when it can be no key: null, an array, an object. */
    public static @Nullable String of(JsonValue value) {
        if (value.isString()) {
            return value.asText();
        }
        if (value.isNumber()) {
            return number(value);
        }
        return value.isBoolean() ? value.raw() : null;
    }

    /** The texts of a row's values in some columns; null when one of them is absent or can be no key. */
    public static @Nullable List<String> of(JsonObject row, List<String> columns) {
        List<String> key = new ArrayList<>(columns.size());
        for (String column : columns) {
            JsonValue value = row.member(column);
            String text = value == null ? null : of(value);
            if (text == null) {
                return null;
            }
            key.add(text);
        }
        return List.copyOf(key);
    }

    private static String number(JsonValue value) {
        String raw = value.raw();
        if (value.isInteger() && !raw.equals("-0")) {
            return raw;
        }
        try {
            BigDecimal number = new BigDecimal(raw).stripTrailingZeros();
            return number.scale() >= -MAX_ZEROS && number.scale() <= MAX_ZEROS
                    ? number.toPlainString()
                    : number.toString();
        } catch (NumberFormatException beyondAnyUse) {
            return raw;
        }
    }
}
