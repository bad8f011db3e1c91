package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Record sync by the calls of a running Forebay, and by its topic. Several vectors are run on one, one after the other: each has names of its own
 * for its changes and sessions, waits after each change until whom it concerns has been told, and leaves no rows and no subscriptions behind.
 */
final class RecordsOverHttp extends RecordOperations {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** A watcher, and a record, of nobody's. */
    private static final String END = "end-of-inbox";

    /** What a subscriber is told that is no change. */
    private static final Set<String> NO_CHANGES = Set.of("snapshot", "released", "caught_up");

    private final RecordStacks stacks;
    private final JsonNode models;
    private final boolean isUndefined;
    private final String own = UUID.randomUUID().toString().substring(0, 8) + ".";
    private final Set<String> subscribers = new TreeSet<>();
    private final Map<String, List<JsonNode>> inboxes = new TreeMap<>();
    private String model = "";
    private @Nullable ForebayStack taken;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private @Nullable AvroSerdes serdes;
    private Position written = Position.empty();
    private int unnamed;
    private boolean defines;
    private boolean isUnderWay;

    /**
     * @param models by their names
     * @param isUndefined whether it runs where nobody has ever defined watchers, and they are required
     */
    RecordsOverHttp(RecordStacks stacks, JsonNode models, boolean isUndefined) {
        this.isUndefined = isUndefined;
        this.stacks = stacks;
        this.models = models;
    }

    private ForebayStack stack() {
        return Objects.requireNonNull(taken, "a vector begins with its model");
    }

    @Override
    void use(String name) throws InterruptedException {
        model = name;
        ForebayStack stack = stacks.take(name, models.required(name), isUndefined);
        taken = stack;
        TopicSpec topic = stack.topics().recordsSync();
        KafkaConsumer<byte[], byte[]> reading = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer = reading;
        serdes = AvroSerdes.create(Map.of("schema.registry.url", stack.registryUrl()));
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            partitions.add(new TopicPartition(topic.name(), partition));
        }
        reading.assign(partitions);
        reading.seekToEnd(partitions);
        partitions.forEach(reading::position);
    }

    @Override
    List<String> primaryKey(String table) {
        JsonNode key = models.required(model).required("tables").path(table).path("pk");
        List<String> columns = new ArrayList<>();
        key.forEach(column -> columns.add(column.asText()));
        return columns.isEmpty() ? List.of("id") : columns;
    }

    @Override
    void write(List<ObjectNode> changes) {
        ArrayNode all = Json.array();
        for (ObjectNode change : changes) {
            ObjectNode named = change.deepCopy();
            boolean isTold = !change.path("op").asText().equals("snapshot");
            if (isTold) {
                String id = change.path("id").asText();
                named.put("id", own + (id.isEmpty() ? "change-" + ++unnamed : id));
            }
            if (change.has("by")) {
                named.put("by", own + change.get("by").asText());
            }
            all.add(named);
        }
        ObjectNode body = Json.object("changes", all);
        if (changes.size() > 1 && all.get(0).has("id")) {
            body.put("transaction", all.get(0).get("id").asText());
        }
        call("POST", "/v1/changes", body).orFail();
        isUnderWay = true;
        if (!subscribers.isEmpty()) {
            settle();
        }
    }

    /** Waits until all changes have been told to whom they concern. */
    private void settle() {
        if (!isUnderWay) {
            return;
        }
        stack().client().get("/v1/subscriptions/" + own + "nobody", position()).orFail();
        isUnderWay = false;
    }

    private Reply call(String method, String target, @Nullable JsonNode body) {
        ForebayClient.Call call = stack().client().call(method, target);
        Reply reply = (body == null ? call : call.json(Json.write(body))).send();
        if (reply.position() != null) {
            written = written.merge(Position.parse(reply.position()));
        }
        return reply;
    }

    private @Nullable String position() {
        return written.isEmpty() ? null : written.token();
    }

    private static JsonNode answer(Reply reply) {
        if (reply.isSuccess()) {
            return reply.text().isEmpty() ? Json.object() : reply.json();
        }
        String code = reply.code();
        boolean isKnown = Set.of("invalid", "not_found", "conflict").contains(code);
        return Json.object().put("error", isKnown ? code : reply.status() + " " + reply.text());
    }

    @Override
    JsonNode sync(ObjectNode body) {
        body.put("event", own + body.path("event").asText());
        if (body.has("subscriber")) {
            body.put("subscriber", own + body.get("subscriber").asText());
        }
        return answer(stack().client()
                .call("POST", "/v1/sync")
                .atLeast(position())
                .json(Json.write(body))
                .send());
    }

    @Override
    JsonNode changed(String id, JsonNode shape) {
        List<String> paths = new ArrayList<>();
        paths("", shape, paths);
        String preload = paths.isEmpty() ? "" : "?preload=" + ForebayClient.encode(String.join(",", paths));
        return answer(stack().client().get("/v1/changes/" + own + id + preload, position()));
    }

    private static void paths(String above, JsonNode shape, List<String> paths) {
        shape.properties().forEach(association -> {
            String path = above.isEmpty() ? association.getKey() : above + "." + association.getKey();
            paths.add(path);
            paths(path, association.getValue(), paths);
        });
    }

    @Override
    JsonNode applies(String id, String session) {
        return answer(
                stack().client().get("/v1/changes/" + own + id + "/applies?subscriber=" + own + session, position()));
    }

    @Override
    JsonNode add(String session, ObjectNode body) {
        settle();
        subscribers.add(own + session);
        return answer(call("POST", "/v1/subscriptions/" + own + session + ":add", body));
    }

    @Override
    JsonNode remove(String session, ObjectNode body) {
        return answer(call("POST", "/v1/subscriptions/" + own + session + ":remove", body));
    }

    @Override
    JsonNode subscribed(String session) {
        return answer(stack().client().get("/v1/subscriptions/" + own + session, position()));
    }

    @Override
    JsonNode listening(String table, String event, @Nullable JsonNode id) {
        String query = "?table=" + table + "&event=" + event;
        if (id != null && id.isArray()) {
            query += "&column=" + id.get(0).asText() + "&value="
                    + ForebayClient.encode(id.get(1).asText());
        } else if (id != null && !id.isNull()) {
            query += "&id=" + ForebayClient.encode(id.asText());
        }
        JsonNode found = answer(stack().client().get("/v1/subscriptions" + query, position()));
        for (JsonNode one : found.path("subscribers")) {
            ((ObjectNode) one).put("subscriber", one.get("subscriber").asText().replaceFirst(own, ""));
        }
        return found;
    }

    @Override
    JsonNode define(JsonNode watchers) {
        JsonNode all = watchers;
        if (watchers.isArray()) {
            all = ((ArrayNode) watchers.deepCopy())
                    .add(Json.object()
                            .put("table", firstTable())
                            .put("event", "updated")
                            .put("label", END));
        }
        JsonNode defined = answer(call("PUT", "/v1/watchers", Json.object("watchers", all)));
        defines |= !defined.has("error");
        return defined;
    }

    private String firstTable() {
        return models.required(model).required("tables").fieldNames().next();
    }

    @Override
    JsonNode derive(ObjectNode body) {
        return answer(call("POST", "/v1/watchers:derive", body));
    }

    /** All that was told before somebody else on the same partition was told something that he asked for afterwards. */
    @Override
    List<JsonNode> told(String session) {
        TopicSpec topic = stack().topics().recordsSync();
        int partition = topic.partitionFor(Path.of(own + session));
        String last = own + "end-" + ++unnamed;
        while (topic.partitionFor(Path.of(last)) != partition) {
            last = own + "end-" + ++unnamed;
        }
        subscribers.add(last);
        call("POST", "/v1/subscriptions/" + last + ":add", nothing()).orFail();
        long until = System.nanoTime() + SOON.toNanos();
        while (inboxes.getOrDefault(last, List.of()).isEmpty()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("nobody was told that he has caught up");
            }
            poll(topic);
        }
        List<JsonNode> told = inboxes.remove(own + session);
        return told == null
                ? List.of()
                : told.stream()
                        .filter(message ->
                                !NO_CHANGES.contains(message.path("op").asText()))
                        .collect(Collectors.toList());
    }

    /** A subscription to a record that there is not, by which one is told nothing but that one has caught up. */
    private ObjectNode nothing() {
        if (defines) {
            return Json.object()
                    .put("label", END)
                    .put("snapshot", true)
                    .set("by", Json.object().put("pk", END));
        }
        String table = firstTable();
        ObjectNode row = Json.object();
        primaryKey(table).forEach(column -> row.put(column, END));
        return Json.object("target", Json.object().put("table", table).set("row", row));
    }

    private void poll(TopicSpec topic) {
        for (ConsumerRecord<byte[], byte[]> one :
                Objects.requireNonNull(consumer).poll(Duration.ofMillis(100))) {
            String subscriber =
                    Path.parse(new String(one.key(), StandardCharsets.UTF_8)).part(0);
            RecordTold told = Objects.requireNonNull(serdes)
                    .deserializer(RecordTold.class)
                    .deserialize(topic.name(), one.value());
            inboxes.computeIfAbsent(subscriber, first -> new ArrayList<>()).add(message(told));
        }
    }

    private JsonNode message(RecordTold told) {
        ObjectNode message = Json.object().put("op", told.getOp().name());
        String id = told.getId();
        if (id != null) {
            message.put("id", id.startsWith(own) ? id.substring(own.length()) : id);
        }
        if (!told.getRecord().isEmpty()) {
            message.put("table", Path.parse(told.getRecord()).part(0));
        }
        if (told.getRow() != null) {
            message.set("row", Json.parse(told.getRow()));
        }
        if (told.getOldRow() != null) {
            message.set("before", Json.parse(told.getOldRow()));
        }
        ArrayNode identifiers = Json.array();
        told.getIdentifiers().forEach(identifier -> identifiers.add(Json.parse(identifier)));
        return message.set("identifiers", identifiers);
    }

    @Override
    public void close() {
        ForebayStack stack = taken;
        if (stack == null) {
            return;
        }
        if (consumer != null) {
            consumer.close();
        }
        if (serdes != null) {
            serdes.close();
        }
        boolean isEmpty = false;
        try {
            leaveEmpty();
            isEmpty = true;
        } finally {
            taken = null;
            if (isEmpty) {
                stacks.giveBack(model, isUndefined, stack);
            } else {
                stacks.discard(model, isUndefined, stack);
            }
        }
    }

    private void leaveEmpty() {
        subscribers.forEach(subscriber ->
                call("DELETE", "/v1/subscriptions/" + subscriber, null).orFail());
        ArrayNode truncations = Json.array();
        models.required(model)
                .required("tables")
                .fieldNames()
                .forEachRemaining(table ->
                        truncations.add(Json.object().put("op", "truncated").put("table", table)));
        call("POST", "/v1/changes", Json.object("changes", truncations)).orFail();
        isUnderWay = true;
        settle();
    }
}
