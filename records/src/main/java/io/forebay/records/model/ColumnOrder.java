package io.forebay.records.model;

import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import java.math.BigDecimal;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The order of values of one column: false before true, numbers by value, texts by code points (the collation "C"), null and
 * absent last. A column holds values of one kind; for what does otherwise the order is boolean, number, text, array, object, and
 * arrays and objects go by their spelling. It is total, and numbers beyond what {@link BigDecimal} holds come after all others.
 */
public final class ColumnOrder {

    private ColumnOrder() {}

    /** Compares two values, null being JSON null. */
    public static int compare(@Nullable JsonValue one, @Nullable JsonValue other) {
        int kind = kind(one);
        int order = Integer.compare(kind, kind(other));
        if (order != 0 || one == null || other == null) {
            return order;
        }
        return switch (kind) {
            case 0 -> Boolean.compare(one.asBoolean(), other.asBoolean());
            case 1 -> compareNumbers(one.raw(), other.raw());
            case 2 -> Path.compareParts(one.asText(), other.asText());
            case 3, 4 -> Path.compareParts(one.raw(), other.raw());
            default -> 0;
        };
    }

    private static int kind(@Nullable JsonValue value) {
        if (value == null || value.isNull()) {
            return 5;
        }
        if (value.isBoolean()) {
            return 0;
        }
        if (value.isNumber()) {
            return 1;
        }
        if (value.isString()) {
            return 2;
        }
        return value.isArray() ? 3 : 4;
    }

    private static int compareNumbers(String one, String other) {
        BigDecimal left = number(one);
        BigDecimal right = number(other);
        if (left != null && right != null) {
            return left.compareTo(right);
        }
        if (left == null && right == null) {
            return Comparator.<String>naturalOrder().compare(one, other);
        }
        return left == null ? 1 : -1;
    }

    private static @Nullable BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException beyond) {
            return null;
        }
    }
}
