package io.forebay.events;

import io.forebay.command.MediaType;
import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.StreamCondition;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an append has to be like, wherever it comes from. Everything that is wrong is told at once, with nothing of what was
 * given but names of members.
 */
public final class EventRules {

    /** Members of metadata that are the event's own. */
    static final String DOMAIN = "domain";

    static final String INSTANCE_ID = "instance_id";

    private final EventsConfig config;

    /** The rules as they are configured. */
    public EventRules(EventsConfig config) {
        this.config = config;
    }

    /**
     * Checks an append.
     *
     * @return the append as it is to be decided: with metadata that say nothing but what they add
     * @throws RefusedException with everything that is wrong
     */
    public AppendEvents check(AppendEvents append) throws RefusedException {
        Violations violations = new Violations();
        checkCounts(append.getEvents().size(), append.getExpected().size(), violations);
        violations.refuse();
        List<NewEvent> events = new ArrayList<>(append.getEvents().size());
        for (int i = 0; i < append.getEvents().size(); i++) {
            events.add(event(append.getEvents().get(i), "/events/" + i, violations));
        }
        checkIds(append.getEvents(), "/events/", violations);
        for (int i = 0; i < append.getExpected().size(); i++) {
            checkExpected(append.getExpected().get(i), "/expected/" + i, violations);
        }
        checkStreams(append.getExpected(), violations);
        violations.refuse();
        return new AppendEvents(events, append.getExpected());
    }

    void checkCounts(int events, int expected, Violations violations) {
        if (events > config.appendMaxCount()) {
            violations.addTooLarge("/events", "at most " + config.appendMaxCount() + " events");
        }
        if (expected > config.appendMaxCount()) {
            violations.addTooLarge("/expected", "at most " + config.appendMaxCount() + " streams");
        }
    }

    /** No id twice in a stream. */
    void checkIds(List<NewEvent> events, String pointer, Violations violations) {
        Set<List<String>> ids = new HashSet<>();
        for (int i = 0; i < events.size(); i++) {
            NewEvent event = events.get(i);
            String id = event.getId();
            boolean named = isNamed(event.getDomain(), event.getInstanceId());
            if (id != null && named && !ids.add(List.of(event.getDomain(), event.getInstanceId(), id))) {
                violations.add(pointer + i + "/id", "an id that no other event of the stream has");
            }
        }
    }

    /** No stream twice. */
    void checkStreams(List<ExpectedVersion> expected, Violations violations) {
        Set<List<String>> streams = new HashSet<>();
        for (int i = 0; i < expected.size(); i++) {
            ExpectedVersion one = expected.get(i);
            boolean named = isNamed(one.getDomain(), one.getInstanceId());
            if (named && !streams.add(List.of(one.getDomain(), one.getInstanceId()))) {
                violations.add("/expected/" + i, "a stream that is named once");
            }
        }
    }

    /** Whether it is a stream at all; where it is not, that is told and nothing that would follow from it. */
    private static boolean isNamed(String domain, String instanceId) {
        return !domain.isEmpty() && !instanceId.isEmpty();
    }

    /** Checks an event and gives it as it is to be decided. */
    NewEvent event(NewEvent event, String pointer, Violations violations) {
        checkName(event.getType(), pointer + "/type", violations);
        checkName(event.getDomain(), pointer + "/domain", violations);
        checkName(event.getInstanceId(), pointer + "/instance_id", violations);
        if (event.getId() != null) {
            checkName(event.getId(), pointer + "/id", violations);
        }
        Integer version = event.getVersion();
        if (version != null && version < 1) {
            violations.add(pointer + "/version", "1 or greater, or null");
        }
        checkData(event, pointer, violations);
        return NewEvent.newBuilder(event)
                .setMetadata(metadata(event.getMetadata(), pointer + "/metadata", violations))
                .build();
    }

    void checkExpected(ExpectedVersion expected, String pointer, Violations violations) {
        checkName(expected.getDomain(), pointer + "/domain", violations);
        checkName(expected.getInstanceId(), pointer + "/instance_id", violations);
        Object version = expected.getVersion();
        boolean isOne = version instanceof Long number ? number >= 0 : version != StreamCondition.other;
        if (!isOne) {
            violations.add(pointer + "/version", "0 or greater, or one of none, exists, any");
        }
    }

    private void checkName(String name, String field, Violations violations) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            violations.add(field, "a string of at least one character, without U+0000");
        } else if (name.getBytes(StandardCharsets.UTF_8).length > config.nameMaxBytes()) {
            violations.add(field, "at most " + config.nameMaxBytes() + " bytes in UTF-8");
        }
    }

    private void checkData(NewEvent event, String pointer, Violations violations) {
        String contentType = event.getContentType();
        if (event.getData() instanceof ByteBuffer bytes) {
            if (bytes.remaining() > config.dataMaxBytes()) {
                violations.addTooLarge(pointer + "/data_base64", "at most " + config.dataMaxBytes() + " bytes");
            }
            if (contentType == null || !MediaType.isValid(contentType)) {
                violations.add(pointer + "/content_type", MediaType.RULE + ", beside data that are bytes");
            }
            return;
        }
        if (contentType != null) {
            violations.add(pointer + "/content_type", "given with data that are bytes only");
        }
        checkObject((String) event.getData(), config.dataMaxBytes(), pointer + "/data", violations);
    }

    private @Nullable String metadata(@Nullable String metadata, String pointer, Violations violations) {
        if (metadata == null) {
            return null;
        }
        JsonObject object = checkObject(metadata, config.metadataMaxBytes(), pointer, violations);
        if (object == null) {
            return metadata;
        }
        JsonObject further = object.without(DOMAIN).without(INSTANCE_ID);
        return further.members().isEmpty() ? null : further.text();
    }

    private static @Nullable JsonObject checkObject(String text, int maxBytes, String pointer, Violations violations) {
        try {
            return JsonObject.parse(text, JsonLimits.defaults().withMaxBytes(maxBytes));
        } catch (JsonSyntaxException e) {
            String field = pointer + e.pointer();
            if (e.reason() == JsonSyntaxException.Reason.TOO_LARGE) {
                violations.addTooLarge(field, "at most " + maxBytes + " bytes");
            } else {
                violations.add(field, "a JSON object: " + e.getMessage());
            }
            return null;
        }
    }
}
