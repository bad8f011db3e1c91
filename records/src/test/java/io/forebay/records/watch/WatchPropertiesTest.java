package io.forebay.records.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.model.Table;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random models, watchers, values and changes, against what one finds by looking at everything. The seed is printed. */
class WatchPropertiesTest {

    private static final int CASES = Integer.getInteger("watch.cases", 150);

    @Test
    void aChangeTouchesWhatLookingAtEverythingFinds() {
        each((random, seed) -> {
            Model model = model(random);
            Watchers watchers = Watchers.define(model, watchers(random, model));
            List<Identifier> subscribed = subscribed(random, model, watchers);
            for (int i = 0; i < 20; i++) {
                Table table = pick(random, new ArrayList<>(model.tables().values()));
                RowEvent event = pick(random, List.of(RowEvent.values()));
                JsonObject before = event == RowEvent.INSERTED ? null : row(random, table, 1);
                JsonObject after = event == RowEvent.DELETED ? null : row(random, table, 1);
                Set<Identifier> touched = new HashSet<>();
                for (Touch touch : watchers.touched(table.name(), event, before, after)) {
                    assertThat(touch.identifiers()).as("seed %d", seed).doesNotHaveDuplicates();
                    touched.addAll(touch.identifiers());
                }
                for (Identifier identifier : subscribed) {
                    assertThat(touched.contains(identifier))
                            .as("seed %d: %s %s by %s", seed, table.name(), event, identifier)
                            .isEqualTo(concerns(model, watchers, identifier, table, event, before, after));
                }
            }
        });
    }

    @Test
    void derivedWatchersAreEnoughForTheSameAssociations() {
        each((random, seed) -> {
            Model model = model(random);
            Table table = pick(random, new ArrayList<>(model.tables().values()));
            Shape assocs = shape(random, model, table, 3);
            Value.Loaded value = value(random, model, table, 3);
            List<Watcher> derived = WatcherDerivation.derive(model, table.name(), assocs, List.of(), null, List.of())
                    .watchers();

            Map<Identifier, Shape> identifiers = Watchers.define(model, derived).identifiers(value, assocs, true);

            assertThat(identifiers.keySet())
                    .as("seed %d", seed)
                    .hasSameSizeAs(Watchers.everyTable(model)
                            .identifiers(value, assocs, true)
                            .keySet());
        });
    }

    @Test
    void derivingAgainAddsNothing() {
        each((random, seed) -> {
            Model model = model(random);
            Table table = pick(random, new ArrayList<>(model.tables().values()));
            Shape assocs = shape(random, model, table, 3);
            List<Watcher> existing = watchers(random, model);
            List<Watcher> once = WatcherDerivation.derive(model, table.name(), assocs, List.of(), null, existing)
                    .watchers();

            List<Watcher> twice = WatcherDerivation.derive(model, table.name(), assocs, List.of(), null, once)
                    .watchers();

            assertThat(twice).as("seed %d", seed).isEqualTo(once);
            assertThat(once.stream().map(Watcher::name).toList())
                    .as("seed %d", seed)
                    .containsAll(existing.stream().map(Watcher::name).toList());
        });
    }

    @Test
    void theShapeOfAValueIsHeardOfInAnyOrderOfAsking() {
        each((random, seed) -> {
            Model model = model(random);
            Table table = pick(random, new ArrayList<>(model.tables().values()));
            Watchers watchers = Watchers.everyTable(model);
            Value.Loaded value = value(random, model, table, 3);
            Shape one = shape(random, model, table, 3);
            Shape other = shape(random, model, table, 3);
            Map<Identifier, Shape> apart = new LinkedHashMap<>(watchers.identifiers(value, one, false));
            watchers.identifiers(value, other, false)
                    .forEach((identifier, shape) -> apart.merge(identifier, shape, Shape::merge));

            Map<Identifier, Shape> together = watchers.identifiers(value, one.merge(other), false);

            assertThat(together).as("seed %d", seed).isEqualTo(apart);
        });
    }

    /** What the documentation says, said for one identifier. */
    private static boolean concerns(
            Model model,
            Watchers watchers,
            Identifier identifier,
            Table table,
            RowEvent event,
            @Nullable JsonObject before,
            @Nullable JsonObject after) {
        Watcher watcher = Objects.requireNonNull(watchers.watcher(identifier.watcher()));
        if (!watcher.table().equals(table.name())) {
            return false;
        }
        if (watcher.event() == RowEvent.INSERTED && event == RowEvent.UPDATED) {
            return identifier.scope() instanceof Scope.Associated associated
                    && has(after, associated)
                    && !has(before, associated);
        }
        if (watcher.event() != event) {
            return false;
        }
        boolean counts = watcher.triggerColumns().isEmpty()
                || watcher.triggerColumns().stream()
                        .anyMatch(column -> !value(before, column).sameValue(value(after, column)));
        if (!counts) {
            return false;
        }
        if (identifier.scope() instanceof Scope.Associated associated) {
            return has(before, associated) || has(after, associated);
        }
        if (identifier.scope() instanceof Scope.OneRecord record) {
            List<String> key = model.require(table.name()).primaryKey();
            return has(after == null ? before : after, new Scope.Associated(key, record.key()));
        }
        return true;
    }

    private static boolean has(@Nullable JsonObject row, Scope.Associated scope) {
        return IntStream.range(0, scope.columns().size())
                .allMatch(i -> text(value(row, scope.columns().get(i)))
                        .equals(text(scope.values().get(i))));
    }

    private static String text(JsonValue value) {
        return value.isNull() ? "nothing" : value.isString() ? value.asText() : value.raw();
    }

    private static JsonValue value(@Nullable JsonObject row, String column) {
        JsonValue value = row == null ? null : row.member(column);
        return value == null ? JsonValue.NULL : value;
    }

    private interface Case {
        void run(Random random, long seed);
    }

    private static void each(Case property) {
        long first = Long.getLong("watch.seed", new Random().nextLong());
        System.out.println("seed " + first + ", " + CASES + " cases; again by -Dwatch.seed=" + first);
        for (int i = 0; i < CASES; i++) {
            property.run(new Random(first + i), first + i);
        }
    }

    /** Three to five tables with keys of one or two columns, which refer to each other in every way. */
    private static Model model(Random random) {
        int tables = 3 + random.nextInt(3);
        StringBuilder text = new StringBuilder("{\"tables\":{");
        int[] keys = random.ints(tables, 1, 3).toArray();
        for (int t = 0; t < tables; t++) {
            Set<String> columns = new LinkedHashSet<>();
            List<String> assocs = new ArrayList<>();
            List<String> key = keys[t] == 1 ? List.of("id") : List.of("k1", "k2");
            columns.addAll(key);
            columns.addAll(List.of("a", "b"));
            for (int other = 0; other < tables; other++) {
                List<String> toOther = foreignKey("f" + other, keys[other]);
                columns.addAll(toOther);
                assocs.add("\"to" + other + "\":{\"kind\":\"belongs_to\",\"table\":\"t" + other + "\",\"fk\":"
                        + names(toOther) + "}");
                assocs.add("\"from" + other + "\":{\"kind\":\"" + (random.nextBoolean() ? "has_many" : "has_one")
                        + "\",\"table\":\"t" + other + "\",\"fk\":" + names(foreignKey("f" + t, keys[t])) + "}");
                assocs.add("\"tied" + other + "\":{\"kind\":\"many_to_many\",\"table\":\"t" + other
                        + "\",\"through\":\"j" + Math.min(t, other) + Math.max(t, other) + "\",\"owner_key\":"
                        + names(foreignKey(t <= other ? "l" : "r", keys[t])) + ",\"related_key\":"
                        + names(foreignKey(t <= other ? "r" : "l", keys[other])) + "}");
                assocs.add(
                        "\"beyond" + other + "\":{\"kind\":\"has_through\",\"path\":[\"from" + other + "\",\"to0\"]}");
            }
            text.append(t == 0 ? "" : ",")
                    .append("\"t" + t + "\":{\"pk\":" + names(key) + ",\"columns\":" + names(List.copyOf(columns))
                            + ",\"assocs\":{" + String.join(",", assocs) + "}}");
        }
        return ModelFile.parse(JsonObject.parse(text.append("}}").toString()));
    }

    private static List<String> foreignKey(String name, int columns) {
        return columns == 1 ? List.of(name) : List.of(name + "_1", name + "_2");
    }

    private static String names(List<String> names) {
        return Json.array(names.stream().map(Json::quoted).toList());
    }

    private static List<Watcher> watchers(Random random, Model model) {
        List<Watcher> watchers = new ArrayList<>();
        Set<WatcherName> names = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            Table table = pick(random, new ArrayList<>(model.tables().values()));
            RowEvent event = pick(random, List.of(RowEvent.values()));
            String label = random.nextBoolean() ? "label " + i : null;
            Set<String> triggers = label == null || event != RowEvent.UPDATED || random.nextBoolean()
                    ? Set.of()
                    : some(random, table.columns());
            Set<String> extra = random.nextInt(3) == 0
                    ? some(random, table.columns())
                    : new LinkedHashSet<>(model.associationColumns(table.name()));
            Watcher watcher = new Watcher(table.name(), event, label, triggers, extra, null);
            if (names.add(watcher.name())) {
                watchers.add(watcher);
            }
        }
        return watchers;
    }

    private static List<Identifier> subscribed(Random random, Model model, Watchers watchers) {
        List<Identifier> identifiers = new ArrayList<>();
        for (Watcher watcher : watchers.all()) {
            Table table = model.require(watcher.table());
            identifiers.add(watchers.identifier(watcher.name(), Scope.EVERY_ROW));
            if (watcher.event() != RowEvent.INSERTED) {
                identifiers.add(watchers.identifier(
                        watcher.name(), new Scope.OneRecord(values(row(random, table, 0), table.primaryKey()))));
            }
            for (List<String> key : model.associationKeys(table.name())) {
                if (watcher.extraColumns().containsAll(key)) {
                    identifiers.add(watchers.identifier(
                            watcher.name(), new Scope.Associated(key, values(row(random, table, 0), key))));
                }
            }
        }
        return identifiers;
    }

    private static List<JsonValue> values(JsonObject row, List<String> columns) {
        return columns.stream().map(column -> Json.member(row, column)).toList();
    }

    /** Few values, so that rows meet; a key now and then as text. Columns that are no key's may be null. */
    private static JsonObject row(Random random, Table table, int nulls) {
        JsonObject row = JsonObject.parse("{}");
        for (String column : table.columns()) {
            int value = random.nextInt(3);
            boolean isNull = nulls > 0 && !table.primaryKey().contains(column) && random.nextInt(5) == 0;
            row = row.with(
                    column,
                    isNull ? JsonValue.NULL : Json.value(random.nextInt(4) == 0 ? "\"" + value + "\"" : "" + value));
        }
        return row;
    }

    private static Shape shape(Random random, Model model, Table table, int depth) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Association association : table.associations().values()) {
            if (depth > 0 && random.nextInt(6) == 0) {
                shapes.put(association.name(), shape(random, model, model.require(association.table()), depth - 1));
            }
        }
        return new Shape(shapes);
    }

    private static Value.Loaded value(Random random, Model model, Table table, int depth) {
        JsonObject row = row(random, table, 1);
        Map<String, Value> loaded = new LinkedHashMap<>();
        for (Association association : table.associations().values()) {
            if (depth > 0 && random.nextInt(6) == 0) {
                List<Value.Loaded> below = IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> value(random, model, model.require(association.table()), depth - 1))
                        .toList();
                loaded.put(
                        association.name(),
                        association.isMany() ? new Value.Items(below) : below.isEmpty() ? Value.NOTHING : below.get(0));
            }
        }
        return new Value.Loaded(new Row(Objects.requireNonNull(RecordId.of(table, row)), row), loaded);
    }

    private static Set<String> some(Random random, List<String> columns) {
        Set<String> some = new LinkedHashSet<>();
        columns.forEach(column -> {
            if (random.nextBoolean()) {
                some.add(column);
            }
        });
        return some;
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
