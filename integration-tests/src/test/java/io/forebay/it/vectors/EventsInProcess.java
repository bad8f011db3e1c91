package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.events.Appended;
import io.forebay.events.EventBody;
import io.forebay.events.EventJson;
import io.forebay.events.EventRules;
import io.forebay.events.EventTime;
import io.forebay.events.EventsConfig;
import io.forebay.events.EventsFlow;
import io.forebay.events.query.EventPage;
import io.forebay.events.query.Pagination;
import io.forebay.events.query.ReadEvents;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.it.json.Json;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.path.Path;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events by their topology, on a clock that the vectors set. */
final class EventsInProcess extends EventOperations {
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final int MAX_BYTES = 1 << 24;
    private static final int DEFAULT_LIMIT = 100;
    private static final Set<String> PARAMETERS =
            Set.of("type", "domain", "instance_id", "from", "to", "limit", "offset");

    private final FlowInProcess flow;
    private final EventRules rules = new EventRules(EventsConfig.defaults());
    private final List<RecordedEvent> logged = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();

    private EventsInProcess(FlowInProcess flow) {
        this.flow = flow;
    }

    static EventsInProcess open() {
        FlowInProcess flow = FlowInProcess.open(
                EventsFlow::decisions,
                (topics, serdes, engine, retention, ticks, health) ->
                        EventsFlow.topology(topics, serdes, engine, EventsConfig.defaults(), retention, ticks, health));
        flow.setClock(START);
        return new EventsInProcess(flow);
    }

    @Override
    JsonNode append(ObjectNode body, @Nullable String idempotencyKey) {
        AppendEvents append;
        try {
            append = EventBody.parse(Json.write(body).getBytes(StandardCharsets.UTF_8), MAX_BYTES, rules);
        } catch (RefusedException e) {
            return error(e.code());
        }
        if (append.getEvents().isEmpty()) {
            return Json.object("events", Json.array());
        }
        NewEvent first = append.getEvents().get(0);
        byte[] command = flow.serdes()
                .serializer(EventCommand.class)
                .serialize(flow.topic().name(), new EventCommand(append));
        Outcome outcome = flow.decide(
                Path.of(first.getDomain(), first.getInstanceId()),
                command,
                idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey);
        return outcome.isRefused()
                ? error(String.valueOf(outcome.code()))
                : Json.object("events", json(Appended.parse(outcome.body()).records(append)));
    }

    @Override
    JsonNode get(Map<String, String> parameters) {
        try {
            return read(parameters);
        } catch (IllegalArgumentException e) {
            return error("invalid");
        }
    }

    private JsonNode read(Map<String, String> parameters) {
        int limit = Integer.parseInt(parameters.getOrDefault("limit", Integer.toString(DEFAULT_LIMIT)));
        long offset = Long.parseLong(parameters.getOrDefault("offset", "0"));
        if (limit < 1 || offset < 0 || !PARAMETERS.containsAll(parameters.keySet())) {
            return error("invalid");
        }
        ReadEvents query = new ReadEvents(
                parameters.get("type"),
                parameters.get("domain"),
                parameters.get("instance_id"),
                time(parameters.get("from")),
                time(parameters.get("to")),
                null,
                false,
                offset,
                limit,
                MAX_BYTES,
                null,
                true);
        EventPage page = flow.ask(EventsFlow.LOG, query);
        long total = Objects.requireNonNull(page.total(), "it was asked for");
        ObjectNode answer = Json.object(
                "events", json(page.events().stream().map(this::decode).toList()));
        answer.set("pagination", Json.parse(Pagination.of(total, limit, offset).toJson()));
        return answer;
    }

    private static @Nullable Long time(@Nullable String text) {
        return text == null ? null : EventTime.parse(text);
    }

    @Override
    JsonNode subscribe(String session) {
        look();
        seen.put(session, logged.size());
        return ok();
    }

    @Override
    ArrayNode inbox(String session) {
        look();
        int from = seen.getOrDefault(session, logged.size());
        seen.put(session, logged.size());
        return json(logged.subList(from, logged.size()));
    }

    /** Takes note of what the log's changelog has got, which is what streams tell. */
    private void look() {
        flow.produced(flow.topics().eventLog().name()).forEach(value -> logged.add(decode(value)));
    }

    @Override
    JsonNode clock(Instant now) {
        flow.setClock(now);
        return ok();
    }

    @Override
    public void close() {
        flow.close();
    }

    private RecordedEvent decode(byte[] value) {
        return flow.serdes()
                .deserializer(RecordedEvent.class)
                .deserialize(flow.topics().eventLog().name(), value);
    }

    private ArrayNode json(List<RecordedEvent> events) {
        ArrayNode json = Json.array();
        events.forEach(event -> json.add(Json.parse(
                EventJson.event(OpenedEvent.inClear(event), flow.topic().name()))));
        return json;
    }
}
