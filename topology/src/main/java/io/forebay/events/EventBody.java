package io.forebay.events;

import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.StreamCondition;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An append as JSON: {@code event} or {@code events}, and {@code expected}. Everything that is wrong with it is told at once, that
 * a member is of the wrong kind as well as that it breaks a rule.
 */
public final class EventBody {

    /** More of a name that is unknown would only make the answer long. */
    private static final int LONGEST_STEP = 64;

    private static final Set<String> APPEND = Set.of("event", "events", "expected");

    /** {@code domain_sequence_number} is taken and not kept: some producers number their events so. */
    private static final Set<String> EVENT = Set.of(
            "id",
            "type",
            "domain",
            "instance_id",
            "data",
            "data_base64",
            "content_type",
            "metadata",
            "version",
            "domain_sequence_number");

    private static final Set<String> EXPECTED = Set.of("domain", "instance_id", "version");

    private static final Map<String, StreamCondition> CONDITIONS =
            Map.of("none", StreamCondition.none, "exists", StreamCondition.exists, "any", StreamCondition.any);

    private final Violations violations = new Violations();
    private final EventRules rules;

    private EventBody(EventRules rules) {
        this.rules = rules;
    }

    /**
     * Reads and checks an append.
     *
     * @param body in UTF-8
     * @param maxBytes of the body
     * @throws RefusedException with everything that is wrong
     */
    public static AppendEvents parse(byte[] body, int maxBytes, EventRules rules) throws RefusedException {
        JsonObject document;
        try {
            document = JsonObject.parse(body, new JsonLimits(maxBytes, JsonLimits.GREATEST_MAX_DEPTH));
        } catch (JsonSyntaxException e) {
            throw RefusedException.of(e);
        }
        return new EventBody(rules).append(document);
    }

    private AppendEvents append(JsonObject document) throws RefusedException {
        checkNames(document, APPEND, "");
        JsonValue one = document.member("event");
        List<JsonValue> many = array(document, "events");
        List<JsonValue> expectations = array(document, "expected");
        if ((one == null) != document.has("events")) {
            violations.add("/events", "given, or event in its place");
        }
        Violations tooMany = new Violations();
        rules.checkCounts(many.size(), expectations.size(), tooMany);
        tooMany.refuse();
        String pointer = one == null ? "/events/" : "/event";
        List<NewEvent> events = one == null ? events(many) : List.of(event(one, pointer));
        rules.checkIds(events, pointer, violations);
        List<ExpectedVersion> expected = expected(expectations);
        rules.checkStreams(expected, violations);
        violations.refuse();
        return new AppendEvents(events, expected);
    }

    private List<JsonValue> array(JsonObject document, String name) {
        JsonValue array = document.member(name);
        if (array == null) {
            return List.of();
        }
        if (!array.isArray()) {
            violations.add("/" + name, "an array");
            return List.of();
        }
        return array.elements();
    }

    private List<NewEvent> events(List<JsonValue> elements) {
        List<NewEvent> events = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            events.add(event(elements.get(i), "/events/" + i));
        }
        return events;
    }

    private NewEvent event(JsonValue value, String pointer) {
        if (!value.isObject()) {
            violations.add(pointer, "an object");
            return new NewEvent(null, "", "", "", "{}", null, null, null);
        }
        JsonObject event = value.asObject();
        NewEvent read = NewEvent.newBuilder()
                .setId(optionalText(event, "id", pointer))
                .setType(text(event, "type", pointer))
                .setDomain(text(event, "domain", pointer))
                .setInstanceId(text(event, "instance_id", pointer))
                .setData(data(event, pointer))
                .setContentType(optionalText(event, "content_type", pointer))
                .setMetadata(metadata(event, pointer))
                .setVersion(version(event, pointer))
                .build();
        checkNames(event, EVENT, pointer);
        return rules.event(read, pointer, violations);
    }

    private Object data(JsonObject event, String pointer) {
        JsonValue data = event.member("data");
        JsonValue encoded = event.member("data_base64");
        if ((data == null) == (encoded == null)) {
            violations.add(pointer + "/data", "given, or data_base64 in its place");
            return "{}";
        }
        if (data != null) {
            if (data.isObject()) {
                return data.raw();
            }
            violations.add(pointer + "/data", "an object");
            return "{}";
        }
        if (encoded.isString()) {
            try {
                return ByteBuffer.wrap(Base64.getDecoder().decode(encoded.asText()));
            } catch (IllegalArgumentException e) {
                // Told below, as for what is no string.
            }
        }
        violations.add(pointer + "/data_base64", "base64 (RFC 4648, section 4)");
        return ByteBuffer.allocate(0);
    }

    private @Nullable String metadata(JsonObject event, String pointer) {
        JsonValue metadata = event.member("metadata");
        if (metadata == null || metadata.isNull()) {
            return null;
        }
        if (metadata.isObject()) {
            return metadata.raw();
        }
        violations.add(pointer + "/metadata", "an object");
        return null;
    }

    private @Nullable Integer version(JsonObject event, String pointer) {
        JsonValue version = event.member("version");
        if (version == null || version.isNull()) {
            return null;
        }
        Long number = integer(version);
        if (number == null || number < 1 || number > Integer.MAX_VALUE) {
            violations.add(pointer + "/version", "an integer of 1 or greater, or null");
            return null;
        }
        return number.intValue();
    }

    private List<ExpectedVersion> expected(List<JsonValue> elements) {
        List<ExpectedVersion> expected = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            String pointer = "/expected/" + i;
            if (elements.get(i).isObject()) {
                expected.add(expected(elements.get(i).asObject(), pointer));
            } else {
                violations.add(pointer, "an object");
            }
        }
        return expected;
    }

    private ExpectedVersion expected(JsonObject element, String pointer) {
        ExpectedVersion one = new ExpectedVersion(
                text(element, "domain", pointer),
                text(element, "instance_id", pointer),
                expectedVersion(element.member("version"), pointer + "/version"));
        checkNames(element, EXPECTED, pointer);
        rules.checkExpected(one, pointer, violations);
        return one;
    }

    private Object expectedVersion(@Nullable JsonValue version, String pointer) {
        if (version != null && version.isString() && CONDITIONS.containsKey(version.asText())) {
            return CONDITIONS.get(version.asText());
        }
        Long number = version == null ? null : integer(version);
        if (number != null && number >= 0) {
            return number;
        }
        violations.add(pointer, "an integer of 0 or greater, or one of none, exists, any");
        return StreamCondition.any;
    }

    private static @Nullable Long integer(JsonValue value) {
        if (!value.isInteger()) {
            return null;
        }
        try {
            return Long.valueOf(value.raw());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private String text(JsonObject object, String name, String pointer) {
        JsonValue value = object.member(name);
        if (value == null || !value.isString()) {
            violations.add(pointer + "/" + name, "a string");
            return "";
        }
        return value.asText();
    }

    private @Nullable String optionalText(JsonObject object, String name, String pointer) {
        JsonValue value = object.member(name);
        return value == null || value.isNull() ? null : text(object, name, pointer);
    }

    private void checkNames(JsonObject object, Set<String> known, String pointer) {
        for (JsonObject.Member member : object.members()) {
            if (!known.contains(member.name())) {
                violations.add(
                        pointer + step(member.name()),
                        "is unknown; known are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** A name as a step of a JSON pointer (RFC 6901). */
    private static String step(String name) {
        String shown = name.length() <= LONGEST_STEP ? name : name.substring(0, LONGEST_STEP) + "…";
        return "/" + shown.replace("~", "~0").replace("/", "~1");
    }
}
