package io.forebay.it.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.flipkart.zjsonpatch.JsonPatch;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that shows a value by the stream of it, and knows nothing else. */
final class LiveRecord implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final EventStream stream;
    private final List<JsonNode> patches = new ArrayList<>();
    private JsonNode value;

    LiveRecord(ForebayClient client, String target) {
        this(client, target, null);
    }

    LiveRecord(ForebayClient client, String target, @Nullable String lastEventId) {
        stream = client.stream(target, lastEventId);
        List<Message> first = stream.until("snapshot", SOON);
        value = first.get(first.size() - 1).json();
    }

    JsonNode value() {
        return value;
    }

    @Nullable
    String lastEventId() {
        return stream.lastEventId();
    }

    /** The patches that came so far. */
    List<JsonNode> patches() {
        return patches;
    }

    /** Takes patches until the value is this one. */
    void becomes(JsonNode wanted) {
        while (!value.equals(wanted)) {
            next();
        }
    }

    /** Takes one patch. */
    JsonNode next() {
        Message message = stream.next(SOON);
        if (!message.event().equals("patch")) {
            throw new AssertionError("a patch is due, and not " + message);
        }
        patches.add(message.json());
        value = JsonPatch.apply(message.json(), value);
        return message.json();
    }

    @Override
    public void close() {
        stream.close();
    }
}
