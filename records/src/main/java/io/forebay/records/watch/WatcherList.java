package io.forebay.records.watch;

import io.forebay.records.watch.WatchException.Kind;
import io.forebay.records.watch.Watcher.Definition;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Watchers as they are written: a JSON array of objects with {@code table}, {@code event} and, as needed, {@code label},
 * {@code trigger_columns}, {@code extra_columns}, and for a table that is described here and not by the model
 * {@code "schemaless": true}, {@code primary_key} ({@code ["id"]} when absent), {@code columns}, {@code association_columns}.
 */
public final class WatcherList {

    private static final Set<String> MEMBERS = new TreeSet<>(Set.of(
            "table",
            "event",
            "label",
            "trigger_columns",
            "extra_columns",
            "schemaless",
            "primary_key",
            "columns",
            "association_columns"));

    private final Map<Integer, Watcher> read = new LinkedHashMap<>();
    private final List<WatchProblem> problems = new ArrayList<>();

    private WatcherList() {}

    /**
     * Reads watchers; whether a model has what they name is another question.
     *
     * @throws WatchException invalid, with every place where this is not the form
     */
    public static List<Watcher> parse(JsonValue list) {
        WatcherList parsed = read(list);
        if (!parsed.problems.isEmpty()) {
            throw new WatchException(Kind.INVALID, parsed.problems);
        }
        return List.copyOf(parsed.read.values());
    }

    /** Reads what can be read. */
    static WatcherList read(JsonValue list) {
        WatcherList watchers = new WatcherList();
        if (!list.isArray()) {
            watchers.problem("", "must be a list of watchers");
            return watchers;
        }
        List<JsonValue> elements = list.elements();
        for (int i = 0; i < elements.size(); i++) {
            watchers.element(i, elements.get(i));
        }
        return watchers;
    }

    /** What was read, by place in the list. */
    Map<Integer, Watcher> watchers() {
        return read;
    }

    /** What could not be read. */
    List<WatchProblem> problems() {
        return problems;
    }

    private void element(int place, JsonValue element) {
        String pointer = "/" + place;
        if (!element.isObject()) {
            problem(pointer, "must be an object");
            return;
        }
        JsonObject object = element.asObject();
        object.members().stream()
                .map(JsonObject.Member::name)
                .filter(name -> !MEMBERS.contains(name))
                .forEach(name -> problem(
                        pointer, "has an unknown member, " + name + "; known are " + String.join(", ", MEMBERS)));
        String table = text(object, "table", pointer, true);
        RowEvent event = event(text(object, "event", pointer, true), pointer);
        String label = text(object, "label", pointer, false);
        Set<String> triggerColumns = texts(object, "trigger_columns", pointer);
        Set<String> extraColumns = texts(object, "extra_columns", pointer);
        Definition definition = definition(object, pointer);
        if (table != null && event != null) {
            read.put(place, new Watcher(table, event, label, triggerColumns, extraColumns, definition));
        }
    }

    private @Nullable RowEvent event(@Nullable String text, String pointer) {
        if (text == null) {
            return null;
        }
        RowEvent event = RowEvent.of(text).orElse(null);
        if (event == null) {
            problem(pointer + "/event", "must be inserted, updated or deleted");
        }
        return event;
    }

    private @Nullable Definition definition(JsonObject object, String pointer) {
        JsonValue schemaless = object.member("schemaless");
        boolean described = schemaless != null && schemaless.isBoolean() && schemaless.asBoolean();
        if (schemaless != null && !schemaless.isBoolean()) {
            problem(pointer + "/schemaless", "must be true or false");
        }
        Set<String> primaryKey = texts(object, "primary_key", pointer);
        Definition definition = new Definition(
                primaryKey.isEmpty() ? List.of("id") : List.copyOf(primaryKey),
                texts(object, "columns", pointer),
                texts(object, "association_columns", pointer));
        if (!described) {
            for (String member : List.of("primary_key", "columns", "association_columns")) {
                if (object.has(member)) {
                    problem(pointer + "/" + member, "is for tables that are schemaless");
                }
            }
            return null;
        }
        return definition;
    }

    private @Nullable String text(JsonObject object, String name, String pointer, boolean required) {
        JsonValue value = object.member(name);
        if (value == null || (value.isNull() && !required)) {
            if (required) {
                problem(pointer + "/" + name, "is missing");
            }
            return null;
        }
        if (!value.isString() || value.asText().isEmpty()) {
            problem(pointer + "/" + name, "must be a text");
            return null;
        }
        return value.asText();
    }

    private Set<String> texts(JsonObject object, String name, String pointer) {
        Set<String> texts = new LinkedHashSet<>();
        JsonValue value = object.member(name);
        if (value == null || value.isNull()) {
            return texts;
        }
        if (!value.isArray()) {
            problem(pointer + "/" + name, "must be a list of columns");
            return texts;
        }
        List<JsonValue> elements = value.elements();
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i).isString()) {
                texts.add(elements.get(i).asText());
            } else {
                problem(pointer + "/" + name + "/" + i, "must be the name of a column");
            }
        }
        return texts;
    }

    private void problem(String pointer, String problem) {
        problems.add(new WatchProblem(pointer, problem));
    }
}
