package io.forebay.remote;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer other than success: a problem document (RFC 9457), as far as it is one. What stands between can answer as well, with
 * a page of its own.
 *
 * @param status of the answer
 * @param code the problem's; empty where there is none
 * @param text its detail, or its title; empty where there is none
 * @param errors the members at fault
 */
public record Refusal(int status, String code, String text, List<FieldError> errors) {

    /** So many members are told; the rest is told once these are put right. */
    private static final int TOLD = 3;

    /**
     * A member at fault.
     *
     * @param field JSON pointer into the body, or the name of a parameter
     * @param rule what would have been right
     */
    public record FieldError(String field, String rule) {}

    public Refusal {
        errors = List.copyOf(errors);
    }

    static Refusal of(int status, byte[] body) {
        JsonObject document;
        try {
            document = JsonObject.parse(body, new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH));
        } catch (JsonSyntaxException e) {
            return new Refusal(status, "", "", List.of());
        }
        List<FieldError> errors = new ArrayList<>();
        JsonValue listed = document.member("errors");
        if (listed != null && listed.isArray()) {
            for (JsonValue element : listed.elements()) {
                if (element.isObject()) {
                    JsonObject error = element.asObject();
                    errors.add(new FieldError(text(error, "field"), text(error, "rule")));
                }
            }
        }
        String detail = text(document, "detail");
        return new Refusal(status, text(document, "code"), detail.isEmpty() ? text(document, "title") : detail, errors);
    }

    private static String text(JsonObject object, String name) {
        @Nullable JsonValue value = object.member(name);
        return value != null && value.isString() ? value.asText() : "";
    }

    /** For the terminal: the status, the code, and what is wrong. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder().append(status);
        if (!code.isEmpty()) {
            line.append(' ').append(code);
        }
        if (!errors.isEmpty()) {
            errors.stream()
                    .limit(TOLD)
                    .forEach(error ->
                            line.append(": ").append(error.field()).append(' ').append(error.rule()));
        } else if (!text.isEmpty()) {
            line.append(": ").append(text);
        }
        return line.toString();
    }
}
