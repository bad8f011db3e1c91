package io.forebay.sync.http;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.http.Request;
import io.forebay.http.calls.Refusals;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON object that a call takes. What is wrong with its members is gathered, and told at once. */
final class Body {

    final JsonObject object;
    private final List<String> known;
    private final List<Violation> violations = new ArrayList<>();

    /**
     * Reads the body of a request; what is no JSON is answered with a problem.
     *
     * @param known the members that it may have
     */
    Body(Request request, SyncHttpConfig config, String... known) {
        this.object = Refusals.checked(() -> parse(request.body(), config));
        this.known = List.of(known);
    }

    private static JsonObject parse(byte[] body, SyncHttpConfig config) throws RefusedException {
        try {
            return JsonObject.parse(body, new JsonLimits(config.bodyBytes(), JsonLimits.GREATEST_MAX_DEPTH));
        } catch (JsonSyntaxException e) {
            throw RefusedException.of(e);
        }
    }

    void violate(String pointer, String rule) {
        violations.add(new Violation(pointer, rule));
    }

    /** Refuses a body that breaks a rule that was found so far. */
    void throwIfViolated() throws RefusedException {
        if (!violations.isEmpty()) {
            throw RefusedException.invalid(violations);
        }
    }

    /** Notes members that it may not have. */
    void requireKnown() throws RefusedException {
        for (JsonObject.Member member : object.members()) {
            if (!known.contains(member.name())) {
                violate(pointer(member.name()), "one of " + String.join(", ", known));
            }
        }
        throwIfViolated();
    }

    /** A member; null where it is absent or null. */
    @Nullable
    JsonValue member(String name) {
        JsonValue value = object.member(name);
        return value == null || value.isNull() ? null : value;
    }

    /** A text that is not empty; null where it is absent or null. */
    @Nullable
    String text(String name) {
        JsonValue value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.isString() || value.asText().isEmpty()) {
            violate(pointer(name), "a text that is not empty");
            return null;
        }
        return value.asText();
    }

    /** A truth value; false where it is absent or null. */
    boolean flag(String name) {
        JsonValue value = member(name);
        if (value != null && !value.isBoolean()) {
            violate(pointer(name), "true or false");
            return false;
        }
        return value != null && value.asBoolean();
    }

    /** A list of texts; empty where it is absent or null. */
    List<String> texts(String name) {
        JsonValue value = member(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || !value.elements().stream().allMatch(JsonValue::isString)) {
            violate(pointer(name), "a list of texts");
            return List.of();
        }
        return value.elements().stream().map(JsonValue::asText).toList();
    }

    /** The place of a member. */
    static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
