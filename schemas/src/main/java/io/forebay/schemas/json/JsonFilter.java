package io.forebay.schemas.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A typed predicate on one member of an object, written {@code <JSON Pointer>:<operator>:<JSON value>}, for example
 * {@code /client_status/desktop:eq:"online"} or {@code /activities/0/type:ge:2}.
 *
 * <p>{@code eq} and {@code ne} compare any values by value (numbers whatever their text, object members in
 * any order). {@code lt}, {@code le}, {@code gt} and {@code ge} compare two numbers, or two strings by code points, and do
 * not hold between other types. {@code exists} takes true or false. Where the member is absent only {@code ne} and
 * {@code exists:false} hold.
 */
public final class JsonFilter {

    /** How a member is compared. */
    public enum Operator {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE,
        EXISTS;

        private static @Nullable Operator of(String word) {
            for (Operator operator : values()) {
                if (operator.word().equals(word)) {
                    return operator;
                }
            }
            return null;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String FORM =
            "<JSON Pointer>:<eq|ne|lt|le|gt|ge|exists>:<JSON value>, such as /client_status/desktop:eq:\"online\"";

    private final String text;
    private final List<String> pointer;
    private final Operator operator;
    private final JsonValue value;

    private JsonFilter(String text, List<String> pointer, Operator operator, JsonValue value) {
        this.text = text;
        this.pointer = pointer;
        this.operator = operator;
        this.value = value;
    }

    /**
     * Reads the text form. The operator is the first one between colons, so a member's name may hold a colon.
     *
     * @throws IllegalArgumentException with the form it must have
     */
    public static JsonFilter parse(String text) {
        for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
            int next = text.indexOf(':', colon + 1);
            Operator operator = next < 0 ? null : Operator.of(text.substring(colon + 1, next));
            if (operator != null) {
                JsonValue value = value(text.substring(next + 1));
                if (operator == Operator.EXISTS && !value.isBoolean()) {
                    throw new IllegalArgumentException("exists takes true or false");
                }
                return new JsonFilter(text, pointer(text.substring(0, colon)), operator, value);
            }
        }
        throw new IllegalArgumentException(FORM);
    }

    /** Whether it holds of an object. */
    public boolean test(JsonObject object) {
        JsonValue member = find(object);
        if (operator == Operator.EXISTS) {
            return (member != null) == value.asBoolean();
        }
        if (member == null) {
            return operator == Operator.NE;
        }
        return switch (operator) {
            case EQ -> member.sameValue(value);
            case NE -> !member.sameValue(value);
            default -> ordered(member);
        };
    }

    @Override
    public String toString() {
        return text;
    }

    private boolean ordered(JsonValue member) {
        int order;
        if (member.isNumber() && value.isNumber()) {
            try {
                order = new BigDecimal(member.raw()).compareTo(new BigDecimal(value.raw()));
            } catch (NumberFormatException beyondAnyUse) {
                return false;
            }
        } else if (member.isString() && value.isString()) {
            order = compareCodePoints(member.asText(), value.asText());
        } else {
            return false;
        }
        return switch (operator) {
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            default -> false;
        };
    }

    private @Nullable JsonValue find(JsonObject object) {
        JsonValue found = object.member(pointer.get(0));
        for (int i = 1; i < pointer.size() && found != null; i++) {
            String step = pointer.get(i);
            if (found.isObject()) {
                found = found.asObject().member(step);
            } else if (found.isArray()) {
                found = element(found.elements(), step);
            } else {
                found = null;
            }
        }
        return found;
    }

    private static @Nullable JsonValue element(List<JsonValue> elements, String step) {
        boolean isIndex = step.matches("0|[1-9][0-9]{0,8}");
        int index = isIndex ? Integer.parseInt(step) : elements.size();
        return index < elements.size() ? elements.get(index) : null;
    }

    private static int compareCodePoints(String one, String other) {
        int[] left = one.codePoints().toArray();
        int[] right = other.codePoints().toArray();
        return Arrays.compare(left, right);
    }

    private static List<String> pointer(String text) {
        if (text.length() < 2 || text.charAt(0) != '/') {
            throw new IllegalArgumentException(FORM);
        }
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private static JsonValue value(String json) {
        try {
            JsonObject wrapped = JsonObject.parse("{\"value\":" + json + "}");
            if (wrapped.members().size() == 1) {
                return Objects.requireNonNull(wrapped.member("value"));
            }
            throw new IllegalArgumentException(FORM);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException("the value after the operator is JSON: a text stands in quotes", e);
        }
    }
}
