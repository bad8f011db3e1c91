package io.forebay.records.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.records.model.Model;
import io.forebay.records.value.InvalidValueException;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.ValueJson;
import io.forebay.records.watch.Sessions.Message;
import io.forebay.records.watch.Vectors.Vector;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The acceptance vectors of watchers and subscriptions, on sessions that are kept in memory. Those of record sync are run here
 * when they are about watchers, subscriptions and what is delivered, also with what follows when a session applies a change; those
 * that withhold what somebody may not see are run where that is done.
 */
class VectorsTest {

    private static final Set<String> OURS = Set.of(
            "model",
            "db",
            "change",
            "watchers",
            "subscribe",
            "unsubscribe",
            "subscriptions",
            "subscribed",
            "inbox",
            "sync");

    @BeforeAll
    static void areThere() {
        assumeTrue(Files.exists(Vectors.DIRECTORY), "no acceptance vectors at " + Vectors.DIRECTORY);
    }

    @TestFactory
    Stream<DynamicTest> watching() {
        return Vectors.of("watch").stream()
                .map(vector ->
                        DynamicTest.dynamicTest(vector.toString(), () -> run(vector, new Watching(models(vector)))));
    }

    @TestFactory
    Stream<DynamicTest> subscribing() {
        return Vectors.of("sync").stream()
                .filter(vector ->
                        isAboutSubscriptions(vector) && elsewhere(vector).isEmpty())
                .map(vector ->
                        DynamicTest.dynamicTest(vector.toString(), () -> run(vector, new Subscribing(models(vector)))));
    }

    @Test
    void whatIsNotRunHereIsNamed() {
        Map<String, List<String>> elsewhere = new TreeMap<>();
        List<String> here = new ArrayList<>();
        for (Vector vector : Vectors.of("sync")) {
            if (isAboutSubscriptions(vector)) {
                elsewhere(vector)
                        .ifPresentOrElse(
                                reason -> elsewhere
                                        .computeIfAbsent(reason, first -> new ArrayList<>())
                                        .add(vector.id()),
                                () -> here.add(vector.id()));
            }
        }
        System.out.println("watch: all " + Vectors.of("watch").size() + "; sync: " + here.size() + " here " + here
                + "; elsewhere " + elsewhere);
        assertThat(here)
                .hasSizeGreaterThan(
                        elsewhere.values().stream().mapToInt(List::size).sum());
    }

    private static boolean isAboutSubscriptions(Vector vector) {
        return vector.operations().stream()
                .anyMatch(
                        Set.of("watchers", "subscribe", "unsubscribe", "subscriptions", "subscribed", "inbox")
                                ::contains);
    }

    private static Optional<String> elsewhere(Vector vector) {
        if (!OURS.containsAll(vector.operations())) {
            return Optional.of("has other operations");
        }
        return vector.given().stream().anyMatch(call -> call.has("authorize"))
                ? Optional.of("withholds what may not be seen")
                : Optional.empty();
    }

    private static Model models(Vector vector) {
        return Optional.ofNullable(Vectors.models().get(Json.text(vector.given().get(0), "name")))
                .orElseThrow();
    }

    private static void run(Vector vector, Calls calls) {
        for (int i = 0; i < vector.given().size(); i++) {
            JsonObject call = vector.given().get(i);
            String answer = calls.answer(call);
            JsonValue expected = JsonValue.of(vector.then().get(i));
            assertThat(Json.canonical(Json.value(answer)))
                    .as("%s, call %d: %s", vector.id(), i, call.text())
                    .isEqualTo(Json.canonical(calls.inTheOrderOf(expected)));
        }
    }

    /** The operations of both areas. */
    private abstract static class Calls {
        final Sessions sessions;
        private List<Integer> sizes = List.of();

        Calls(Model model, Watchers watchers) {
            this.sessions = new Sessions(model, watchers);
        }

        String answer(JsonObject call) {
            try {
                return carryOut(call);
            } catch (WatchException e) {
                assertThat(e.problems()).isNotEmpty();
                return "{\"error\":\"" + e.kind().name().toLowerCase(Locale.ROOT) + "\"}";
            } catch (InvalidValueException e) {
                return "{\"error\":\"invalid\"}";
            }
        }

        String carryOut(JsonObject call) {
            String operation = Json.text(call, "op");
            if (operation.equals("model")) {
                return "{\"ok\":true}";
            }
            if (operation.equals("db")) {
                Json.member(call, "rows").elements().stream()
                        .map(JsonValue::asObject)
                        .forEach(row -> sessions.store(
                                Json.text(row, "table"), Json.member(row, "row").asObject()));
                return "{\"ok\":true}";
            }
            if (operation.equals("inbox")) {
                return inbox(sessions.drain(Json.text(call, "session")));
            }
            throw new AssertionError("an operation that is not known: " + operation);
        }

        void change(JsonObject call) {
            sessions.change(
                    call.has("id") ? Json.text(call, "id") : "",
                    RowEvent.of(Json.text(call, "event")).orElseThrow(),
                    Json.text(call, "table"),
                    Json.member(call, "row").asObject());
        }

        private String inbox(List<List<Message>> changes) {
            List<String> events = new ArrayList<>();
            List<Integer> inChange = new ArrayList<>();
            for (List<Message> messages : changes) {
                List<String> told = told(messages);
                inChange.add(told.size());
                told.stream().sorted().forEach(events::add);
            }
            sizes = inChange;
            return "{\"events\":" + Json.array(events) + "}";
        }

        abstract List<String> told(List<Message> messages);

        /** Messages of one change may come in any order. */
        JsonValue inTheOrderOf(JsonValue expected) {
            JsonValue events = expected.asObject().member("events");
            if (events == null
                    || sizes.stream().mapToInt(size -> size).sum()
                            != events.elements().size()) {
                return expected;
            }
            List<String> ordered = new ArrayList<>();
            int from = 0;
            for (int size : sizes) {
                events.elements().subList(from, from + size).stream()
                        .map(Json::canonical)
                        .sorted()
                        .forEach(ordered::add);
                from += size;
            }
            return Json.value("{\"events\":" + Json.array(ordered) + "}");
        }

        static WatcherName named(JsonObject call) {
            if (call.has("label")) {
                return new WatcherName.OfLabel(Json.text(call, "label"));
            }
            List<String> parts = Json.texts(Json.member(call, "watcher"));
            Optional<RowEvent> event = parts.size() == 2 ? RowEvent.of(parts.get(1)) : Optional.empty();
            return new WatcherName.OfTable(
                    parts.get(0),
                    event.orElseThrow(() -> new WatchException(
                            WatchException.Kind.INVALID, "/watcher", "must be a table and an event")));
        }

        static String written(WatcherName name) {
            if (name instanceof WatcherName.OfLabel labelled) {
                return "\"label\":" + Json.quoted(labelled.label());
            }
            WatcherName.OfTable table = (WatcherName.OfTable) name;
            return "\"watcher\":[" + Json.quoted(table.table()) + ",\""
                    + table.event().text() + "\"]";
        }
    }

    /** The operations of watchers. */
    private static final class Watching extends Calls {
        private @Nullable List<JsonObject> uncommitted;

        Watching(Model model) {
            super(model, Watchers.undefined(model));
        }

        @Override
        String carryOut(JsonObject call) {
            switch (Json.text(call, "op")) {
                case "watch.start" -> sessions.define(Watchers.define(sessions.model(), Json.member(call, "watchers")));
                case "watch.subscribe" ->
                    sessions.subscribe(Json.text(call, "session"), Map.of(identifier(call), Shape.BARE));
                case "watch.unsubscribe" -> sessions.unsubscribe(Json.text(call, "session"), List.of(identifier(call)));
                case "begin" -> uncommitted = new ArrayList<>();
                case "rollback" -> uncommitted = null;
                case "commit" -> commit();
                case "change" -> {
                    if (uncommitted == null) {
                        change(call);
                    } else {
                        uncommitted.add(call);
                    }
                }
                default -> {
                    return super.carryOut(call);
                }
            }
            return "{\"ok\":true}";
        }

        private void commit() {
            if (uncommitted != null) {
                uncommitted.forEach(this::change);
            }
            uncommitted = null;
        }

        private Identifier identifier(JsonObject call) {
            return sessions.watchers().identifier(named(call), scope(call.member("by")));
        }

        private static Scope scope(@Nullable JsonValue by) {
            if (by == null) {
                return Scope.EVERY_ROW;
            }
            JsonObject object = by.asObject();
            return object.has("pk")
                    ? new Scope.OneRecord(List.of(Json.member(object, "pk")))
                    : new Scope.Associated(Json.text(object, "column"), Json.member(object, "value"));
        }

        @Override
        List<String> told(List<Message> messages) {
            return messages.stream()
                    .map(message -> "{\"values\":" + message.touch().values().text() + ","
                            + written(message.touch().watcher().name()) + "}")
                    .map(event -> Json.canonical(Json.value(event)))
                    .toList();
        }
    }

    /** The operations of subscriptions. */
    private static final class Subscribing extends Calls {

        Subscribing(Model model) {
            super(model, Watchers.everyTable(model));
        }

        @Override
        String carryOut(JsonObject call) {
            switch (Json.text(call, "op")) {
                case "watchers" -> {
                    return derived(call);
                }
                case "subscribe" -> {
                    Map<Identifier, Shape> identifiers = identifiers(call);
                    sessions.subscribe(Json.text(call, "session"), identifiers);
                    return "{\"subscribed\":"
                            + written(identifiers.keySet().stream().toList()) + "}";
                }
                case "unsubscribe" -> {
                    sessions.unsubscribe(
                            Json.text(call, "session"), identifiers(call).keySet());
                    return "{\"ok\":true}";
                }
                case "subscriptions" -> {
                    return subscriptions(call);
                }
                case "change" -> {
                    if (call.has("fails")) {
                        return "{\"refused\":true}";
                    }
                    change(call);
                    return "{\"ok\":true}";
                }
                case "sync" -> {
                    Value synced = sessions.sync(
                            Json.text(call, "session"),
                            new ValueJson(sessions.model()).read(Json.member(call, "value")),
                            Json.text(call, "event"));
                    return "{\"value\":" + ValueJson.write(synced).raw() + "}";
                }
                default -> {
                    return super.carryOut(call);
                }
            }
        }

        private Map<Identifier, Shape> identifiers(JsonObject call) {
            Map<Identifier, Shape> identifiers = new LinkedHashMap<>();
            if (call.has("target")) {
                JsonValue assocs = call.member("assocs");
                JsonValue inserted = call.member("inserted");
                return sessions.watchers()
                        .identifiers(
                                new ValueJson(sessions.model()).read(Json.member(call, "target")),
                                assocs == null ? Shape.BARE : WatcherDerivation.assocs(assocs),
                                inserted != null && inserted.asBoolean());
            }
            if (call.has("table")) {
                sessions.watchers()
                        .identifiers(Json.text(call, "table"))
                        .forEach(identifier -> identifiers.put(identifier, Shape.BARE));
            } else {
                identifiers.put(identifier(call), Shape.BARE);
            }
            return identifiers;
        }

        private Identifier identifier(JsonObject call) {
            return sessions.watchers().identifier(named(call), scope(call.member("id")));
        }

        private static Scope scope(@Nullable JsonValue id) {
            if (id == null || id.isNull()) {
                return Scope.EVERY_ROW;
            }
            return id.isArray()
                    ? new Scope.Associated(
                            id.elements().get(0).asText(), id.elements().get(1))
                    : new Scope.OneRecord(List.of(id));
        }

        private String derived(JsonObject call) {
            JsonValue assocs = call.member("assocs");
            JsonValue existing = call.member("existing");
            List<Watcher> watchers = WatcherDerivation.derive(
                            sessions.model(),
                            Json.text(call, "table"),
                            assocs == null ? Shape.BARE : WatcherDerivation.assocs(assocs),
                            call.has("extra_columns") ? Json.texts(Json.member(call, "extra_columns")) : List.of(),
                            call.has("label") ? Json.text(call, "label") : null,
                            existing == null ? List.of() : WatcherList.parse(existing))
                    .watchers();
            return "{\"watchers\":"
                    + Json.array(watchers.stream()
                            .map(watcher -> watcher.toJson().text())
                            .toList())
                    + "}";
        }

        private String subscriptions(JsonObject call) {
            if (call.has("session")) {
                return "{\"subscriptions\":" + written(sessions.of(Json.text(call, "session"))) + "}";
            }
            List<String> those = new ArrayList<>();
            sessions.of(identifier(call))
                    .forEach((session, shape) -> those.add("{\"session\":" + Json.quoted(session)
                            + (shape.isBare() ? "" : ",\"assocs\":" + written(shape)) + "}"));
            return "{\"sessions\":" + Json.array(those) + "}";
        }

        private static String written(Shape shape) {
            StringBuilder text = new StringBuilder("{");
            shape.associations()
                    .forEach((name, below) -> text.append(text.length() > 1 ? "," : "")
                            .append(Json.quoted(name))
                            .append(':')
                            .append(written(below)));
            return text.append('}').toString();
        }

        private static String written(List<Identifier> identifiers) {
            return Json.array(identifiers.stream()
                    .map(identifier ->
                            "{" + written(identifier.watcher()) + ",\"id\":" + written(identifier.scope()) + "}")
                    .toList());
        }

        private static String written(Scope scope) {
            if (scope instanceof Scope.OneRecord record) {
                return record.key().get(0).raw();
            }
            if (scope instanceof Scope.Associated associated) {
                return "[" + Json.quoted(associated.columns().get(0)) + ","
                        + associated.values().get(0).raw() + "]";
            }
            return "null";
        }

        @Override
        List<String> told(List<Message> messages) {
            return List.of("{\"change\":" + Json.quoted(messages.get(0).change()) + ",\"as\":\""
                    + Message.as(messages).text() + "\"}");
        }
    }
}
