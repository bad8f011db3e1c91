package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operations of record sync and of watchers, whatever carries them out. What is asked and answered has the form that calls have. */
abstract class RecordOperations implements SystemUnderTest {

    private final Map<String, JsonNode> changes = new HashMap<>();
    private final Map<String, JsonNode> views = new HashMap<>();
    private final Map<String, JsonNode> watchers = new HashMap<>();
    private @Nullable List<ObjectNode> uncommitted;

    @Override
    public final JsonNode perform(JsonNode operation) throws Exception {
        String session = operation.path("session").asText();
        return switch (operation.path("op").asText()) {
            case "model" -> {
                use(operation.required("name").asText());
                yield ok();
            }
            case "db" -> store(operation.required("rows"));
            case "change" -> change(operation);
            case "begin" -> {
                uncommitted = new ArrayList<>();
                yield ok();
            }
            case "rollback" -> {
                uncommitted = null;
                yield ok();
            }
            case "commit" -> commit();
            case "sync" -> sync(operation);
            case "get" -> get(operation);
            case "should_apply" -> applies(operation.required("event").asText(), session);
            case "subscribe" -> {
                JsonNode added = add(session, kept(operation, "op", "session"));
                yield added.has("error") ? added : Json.object("subscribed", identifiers(added));
            }
            case "unsubscribe" -> done(remove(session, kept(operation, "op", "session")));
            case "subscriptions" -> subscriptions(operation);
            case "watchers" -> derived(kept(operation, "op"));
            case "watch.start" -> start(operation.required("watchers"));
            case "watch.subscribe" -> done(add(session, watched(operation)));
            case "watch.unsubscribe" -> done(remove(session, watched(operation)));
            case "inbox" -> Json.object("events", inbox(session));
            default -> throw new IllegalArgumentException("no such operation: " + operation.path("op"));
        };
    }

    /** Uses a model; nothing is there yet. */
    abstract void use(String model) throws Exception;

    /** Takes row changes, which are one transaction. */
    abstract void write(List<ObjectNode> changes) throws Exception;

    /** Applies a change to a value: the new value with what has been applied to it, or an error. */
    abstract JsonNode sync(ObjectNode body) throws Exception;

    /** The record of a change as it is now, with associations below it. */
    abstract JsonNode changed(String id, JsonNode shape) throws Exception;

    abstract JsonNode applies(String id, String session) throws Exception;

    /** Subscribes; the identifiers, or an error. */
    abstract JsonNode add(String session, ObjectNode body) throws Exception;

    /** Ends subscriptions; whatever, or an error. */
    abstract JsonNode remove(String session, ObjectNode body) throws Exception;

    /** All that a session has subscribed to: the identifiers. */
    abstract JsonNode subscribed(String session) throws Exception;

    /** Who listens to an identifier: {@code {"subscribers": [{"subscriber", "assocs"}]}}. */
    abstract JsonNode listening(String table, String event, @Nullable JsonNode id) throws Exception;

    /** Defines watchers; whatever, or an error. */
    abstract JsonNode define(JsonNode watchers) throws Exception;

    abstract JsonNode derive(ObjectNode body) throws Exception;

    /** What a session was told of changes since it looked last, as a stream tells it. */
    abstract List<JsonNode> told(String session) throws Exception;

    private JsonNode store(JsonNode rows) throws Exception {
        List<ObjectNode> snapshots = new ArrayList<>();
        rows.forEach(row -> snapshots.add(((ObjectNode) row.deepCopy()).put("op", "snapshot")));
        write(snapshots);
        return ok();
    }

    private JsonNode change(JsonNode operation) throws Exception {
        if (operation.has("fails")) {
            return Json.object().put("refused", true);
        }
        ObjectNode change = kept(operation, "op", "event");
        change.set("op", operation.required("event"));
        if (operation.has("id")) {
            changes.put(operation.get("id").asText(), change);
        }
        if (uncommitted == null) {
            write(List.of(change));
        } else {
            uncommitted.add(change);
        }
        return ok();
    }

    private JsonNode commit() throws Exception {
        List<ObjectNode> transaction = uncommitted;
        uncommitted = null;
        if (transaction != null && !transaction.isEmpty()) {
            write(transaction);
        }
        return ok();
    }

    private JsonNode sync(JsonNode operation) throws Exception {
        ObjectNode body = kept(operation, "op", "session", "view");
        if (operation.has("session")) {
            body.set("subscriber", operation.get("session"));
        }
        String view = operation.path("view").asText();
        if (!view.isEmpty()) {
            body.set("view", views.getOrDefault(view, Json.object()));
        }
        JsonNode answer = sync(body);
        if (answer.has("view")) {
            views.put(view, answer.get("view"));
        }
        return answer.has("error") ? answer : Json.object("value", answer.get("value"));
    }

    private JsonNode get(JsonNode operation) throws Exception {
        String id = operation.required("event").asText();
        JsonNode written = changes.get(id);
        if (written == null) {
            throw new IllegalArgumentException("no such change: " + id);
        }
        String table = written.required("table").asText();
        JsonNode found = changed(id, operation.path("preloads").path(table));
        if (found.has("error")) {
            return found;
        }
        if (found.path("row").isNull()) {
            // A key is told as texts; the vectors write the value that it has in the row.
            JsonNode key = found.required("key");
            JsonNode value = written.required("row").path("id");
            boolean isIt = key.size() == 1 && key.get(0).asText().equals(value.asText());
            ObjectNode deleted = Json.object("table", found.get("table"));
            return Json.object("deleted", deleted.set("id", isIt ? value : key));
        }
        return Json.object("value", ((ObjectNode) found.deepCopy()).retain("table", "row", "assocs"));
    }

    private JsonNode subscriptions(JsonNode operation) throws Exception {
        if (operation.has("session")) {
            JsonNode subscribed = subscribed(operation.get("session").asText());
            return subscribed.has("error") ? subscribed : Json.object("subscriptions", identifiers(subscribed));
        }
        JsonNode watcher = operation.required("watcher");
        JsonNode found = listening(watcher.get(0).asText(), watcher.get(1).asText(), operation.get("id"));
        if (found.has("error")) {
            return found;
        }
        ArrayNode sessions = Json.array();
        for (JsonNode one : found.required("subscribers")) {
            ObjectNode session = Json.object("session", one.get("subscriber"));
            if (one.has("assocs")) {
                session.set("assocs", one.get("assocs"));
            }
            sessions.add(session);
        }
        return Json.object("sessions", sessions);
    }

    private JsonNode derived(ObjectNode body) throws Exception {
        JsonNode derived = derive(body);
        return derived.has("error") ? derived : Json.object("watchers", derived.get("watchers"));
    }

    private JsonNode start(JsonNode list) throws Exception {
        JsonNode defined = define(list);
        if (!defined.has("error")) {
            watchers.clear();
            list.forEach(watcher -> watchers.put(name(watcher), watcher));
        }
        return done(defined);
    }

    private static String name(JsonNode watcher) {
        return watcher.has("label")
                ? watcher.get("label").toString()
                : Json.array()
                        .add(watcher.get("table"))
                        .add(watcher.get("event"))
                        .toString();
    }

    private static ObjectNode watched(JsonNode operation) {
        ObjectNode body = kept(operation, "op", "session");
        if (body.has("watcher") && body.has("by")) {
            body.set("id", body.remove("by"));
        }
        return body;
    }

    /** Events by watcher where there are watchers, with the columns that these name; else changes. */
    private ArrayNode inbox(String session) throws Exception {
        ArrayNode events = Json.array();
        for (JsonNode message : told(session)) {
            if (watchers.isEmpty()) {
                events.add(Json.object("change", message.get("id")).set("as", message.get("op")));
            } else {
                byWatcher(message).forEach(events::add);
            }
        }
        return events;
    }

    private Iterable<JsonNode> byWatcher(JsonNode message) {
        JsonNode row = message.path("row").isObject() ? message.get("row") : message.path("before");
        Map<String, JsonNode> events = new LinkedHashMap<>();
        for (JsonNode identifier : message.path("identifiers")) {
            JsonNode name = identifier.required("watcher");
            JsonNode watcher = watchers.getOrDefault(name.toString(), Json.object());
            ObjectNode values = Json.object();
            key(message).forEach(column -> values.set(column, row.get(column)));
            watcher.path("extra_columns").forEach(column -> values.set(column.asText(), row.get(column.asText())));
            ObjectNode event = Json.object("values", values);
            event.set(name.isTextual() ? "label" : "watcher", name);
            // By it, what one change made is found where it is compared.
            event.set(CHANGE, message.get("id"));
            events.put(name.toString(), event);
        }
        return events.values();
    }

    /** A member of events that tells which change they are of. */
    static final String CHANGE = "of_change";

    /** The columns of the primary key of a message's table. */
    abstract List<String> primaryKey(String table);

    private List<String> key(JsonNode message) {
        return primaryKey(message.required("table").asText());
    }

    private static ArrayNode identifiers(JsonNode answer) {
        ArrayNode identifiers = Json.array();
        for (JsonNode identifier : answer.required("identifiers")) {
            identifiers.add(((ObjectNode) identifier.deepCopy()).retain("watcher", "id"));
        }
        return identifiers;
    }

    private static ObjectNode kept(JsonNode operation, String... without) {
        ObjectNode body = operation.deepCopy();
        return body.remove(List.of(without));
    }

    private static JsonNode done(JsonNode answer) {
        return answer.has("error") ? answer : ok();
    }

    static JsonNode ok() {
        return Json.object().put("ok", true);
    }
}
