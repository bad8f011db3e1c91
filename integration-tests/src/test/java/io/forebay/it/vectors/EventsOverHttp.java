package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Events by the calls of a running Forebay that has topics and state of its own. Every read is at or after the appends before
 * it; what a session is told ends with an event that is appended for it, and that is told to nobody else.
 */
final class EventsOverHttp extends EventOperations {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String END = "end-of-inbox";

    private final ForebayStack stack;
    private final Map<String, EventStream> sessions = new HashMap<>();
    private Position written = Position.empty();

    private EventsOverHttp(ForebayStack stack) {
        this.stack = stack;
    }

    static EventsOverHttp open() {
        return new EventsOverHttp(ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "events")));
    }

    @Override
    JsonNode append(ObjectNode body, @Nullable String idempotencyKey) {
        Call call = stack.client().call("POST", "/v1/events");
        Reply reply = (idempotencyKey == null ? call : call.idempotencyKey(idempotencyKey))
                .json(Json.write(body))
                .send();
        String position = reply.position();
        if (position != null) {
            written = written.merge(Position.parse(position));
        }
        return reply.isSuccess() ? reply.json() : error(reply);
    }

    @Override
    JsonNode get(Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + ForebayClient.encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
        Reply reply = stack.client().get("/v1/events?" + query, written.isEmpty() ? null : written.token());
        return reply.isSuccess() ? reply.json() : error(reply);
    }

    @Override
    JsonNode subscribe(String session) {
        EventStream stream = stack.client().stream("/v1/events?start=now", null);
        stream.until("caught-up", SOON);
        sessions.put(session, stream);
        return ok();
    }

    @Override
    ArrayNode inbox(String session) {
        ObjectNode last = Json.object().put("type", END).put("domain", END).put("instance_id", session);
        last.set("data", Json.object());
        append(Json.object("event", last), null);
        EventStream stream = sessions.get(session);
        ArrayNode told = Json.array();
        while (stream != null) {
            EventStream.Message message = stream.next(SOON);
            if (message.event().equals("change")) {
                if (message.json().path("type").asText().equals(END)) {
                    return told;
                }
                told.add(message.json());
            }
        }
        return told;
    }

    @Override
    JsonNode clock(Instant now) {
        throw new IllegalStateException("over HTTP no clock is moved");
    }

    @Override
    public void close() {
        sessions.values().forEach(EventStream::close);
        stack.close();
    }

    private static JsonNode error(Reply reply) {
        JsonNode error = error(reply.code());
        boolean known = error.path("error").asText().matches("invalid|conflict");
        return known ? error : Json.object().put("error", reply.status() + " " + reply.text());
    }
}
