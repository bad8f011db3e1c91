package io.forebay.records.watch;

import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.KeyText;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.watch.WatchException.Kind;
import io.forebay.records.watch.Watcher.Definition;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watchers that there are: what can be subscribed to, and which of them a change counts for.
 *
 * <p>They are defined together or not at all, and looked up by indexes that are made then: a change finds the watchers of its
 * table and event, of those with trigger columns the ones whose columns have other values, and nothing else is looked at. So
 * a change costs what it matches and one comparison for each column that any watcher of the table tracks.
 *
 * <p>A row that moves from one parent to the other touches the identifiers of both, whatever the event. Immutable.
 */
public final class Watchers {

    private final Model model;
    private final boolean defined;
    private final Map<WatcherName, Known> byName = new LinkedHashMap<>();
    private final Map<WatcherName.OfTable, Listeners> byEvent = new HashMap<>();

    private Watchers(Model model, boolean defined, Collection<Watcher> watchers) {
        this.model = model;
        this.defined = defined;
        for (Watcher watcher : watchers) {
            Known known = known(watcher);
            byName.put(watcher.name(), known);
            byEvent.computeIfAbsent(new WatcherName.OfTable(watcher.table(), watcher.event()), event -> new Listeners())
                    .add(known);
        }
    }

    /** None yet: whoever subscribes is told of a conflict. */
    public static Watchers undefined(Model model) {
        return new Watchers(model, false, List.of());
    }

    /** For each table of a model the three that tell all its association columns. */
    public static Watchers everyTable(Model model) {
        List<Watcher> watchers = new ArrayList<>();
        for (String table : model.tables().keySet()) {
            for (RowEvent event : RowEvent.values()) {
                watchers.add(new Watcher(table, event, null, Set.of(), model.associationColumns(table), null));
            }
        }
        return new Watchers(model, true, watchers);
    }

    /**
     * Defines watchers in the form of {@link WatcherList}.
     *
     * @throws WatchException invalid or a conflict, with all that is wrong; then none is defined
     */
    public static Watchers define(Model model, JsonValue list) {
        WatcherList read = WatcherList.read(list);
        return define(model, read.watchers(), read.problems());
    }

    /**
     * Defines watchers.
     *
     * @throws WatchException invalid or a conflict, with all that is wrong; then none is defined
     */
    public static Watchers define(Model model, List<Watcher> watchers) {
        Map<Integer, Watcher> byPlace = new LinkedHashMap<>();
        watchers.forEach(watcher -> byPlace.put(byPlace.size(), watcher));
        return define(model, byPlace, List.of());
    }

    private static Watchers define(Model model, Map<Integer, Watcher> watchers, List<WatchProblem> unread) {
        List<WatchProblem> problems = new ArrayList<>(unread);
        watchers.forEach((place, watcher) -> check(model, "/" + place, watcher, problems));
        Kind kind = problems.isEmpty() ? Kind.CONFLICT : Kind.INVALID;
        Map<WatcherName, Integer> places = new HashMap<>();
        watchers.forEach((place, watcher) -> {
            Integer other = places.putIfAbsent(watcher.name(), place);
            if (other != null) {
                problems.add(new WatchProblem(
                        "/" + place,
                        watcher.label() == null
                                ? "watches the same as /" + other + "; one of them needs a label"
                                : "has the label of /" + other));
            }
        });
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(WatchProblem::place));
            throw new WatchException(kind, problems);
        }
        return new Watchers(model, true, watchers.values());
    }

    private static void check(Model model, String pointer, Watcher watcher, List<WatchProblem> problems) {
        Table table = model.table(watcher.table());
        Definition definition = watcher.definition();
        if (definition == null && table == null) {
            problems.add(new WatchProblem(pointer + "/table", "names no table of the model"));
            return;
        }
        if (definition != null && watcher.label() == null) {
            problems.add(new WatchProblem(pointer + "/label", "is missing; a table that is schemaless needs one"));
        }
        Set<String> columns = new LinkedHashSet<>();
        if (definition != null) {
            columns.addAll(definition.columns());
            unknown(columns, definition.associationColumns(), pointer + "/association_columns", problems);
            columns.addAll(definition.primaryKey());
        } else if (table != null) {
            columns.addAll(table.columns());
        }
        unknown(columns, watcher.triggerColumns(), pointer + "/trigger_columns", problems);
        unknown(columns, watcher.extraColumns(), pointer + "/extra_columns", problems);
        if (!watcher.triggerColumns().isEmpty() && watcher.event() != RowEvent.UPDATED) {
            problems.add(new WatchProblem(pointer + "/trigger_columns", "are for updated only"));
        }
        if (!watcher.triggerColumns().isEmpty() && watcher.label() == null && definition == null) {
            problems.add(new WatchProblem(pointer + "/label", "is missing; a watcher with trigger_columns needs one"));
        }
    }

    private static void unknown(Set<String> columns, Set<String> named, String pointer, List<WatchProblem> problems) {
        for (String column : named) {
            if (!columns.contains(column)) {
                problems.add(new WatchProblem(pointer, "there is no column " + column));
            }
        }
    }

    private Known known(Watcher watcher) {
        Definition definition = watcher.definition();
        Collection<List<String>> keys = definition == null
                ? model.associationKeys(watcher.table())
                : definition.associationColumns().stream().map(List::of).toList();
        return new Known(
                watcher,
                definition == null ? model.require(watcher.table()).primaryKey() : definition.primaryKey(),
                List.copyOf(keys),
                keys.stream().filter(watcher.extraColumns()::containsAll).toList());
    }

    /** All of them, in the order of their definition. */
    public List<Watcher> all() {
        return byName.values().stream().map(Known::watcher).toList();
    }

    /** The watcher of this name; null when there is none. */
    public @Nullable Watcher watcher(WatcherName name) {
        Known known = byName.get(name);
        return known == null ? null : known.watcher();
    }

    /**
     * The identifier by which one subscribes to some rows of a watcher. A column that is the whole primary key and no
     * association's stands for the record.
     *
     * @throws WatchException a conflict when no watchers are defined yet; not found when this one is not; invalid when the model
     *     has no such table, when rows that are inserted are asked for by primary key, when a value is null or no part of a
     *     key, when columns are not those of an association, or are not told by the watcher
     */
    public Identifier identifier(WatcherName name, Scope scope) {
        if (!defined) {
            throw new WatchException(Kind.CONFLICT, "", "no watchers are defined yet");
        }
        Known known = byName.get(name);
        if (known == null) {
            if (name instanceof WatcherName.OfTable ofTable && model.table(ofTable.table()) == null) {
                throw new WatchException(Kind.INVALID, "/watcher", "the model has no table " + ofTable.table());
            }
            throw new WatchException(
                    Kind.NOT_FOUND,
                    name instanceof WatcherName.OfLabel ? "/label" : "/watcher",
                    "there is no watcher " + name);
        }
        return new Identifier(name, known.checked(scope));
    }

    /**
     * The identifiers of all changes of a table, which are those of its watchers without label.
     *
     * @throws WatchException as {@link #identifier}
     */
    public List<Identifier> identifiers(String table) {
        List<Identifier> identifiers = new ArrayList<>();
        for (RowEvent event : RowEvent.values()) {
            identifiers.add(identifier(new WatcherName.OfTable(table, event), Scope.EVERY_ROW));
        }
        return identifiers;
    }

    /**
     * The identifiers by which one hears of what changes records and what is loaded below them, each with what a record that
     * enters by it is to be loaded with: see {@link TargetIdentifiers}.
     *
     * @param target a record or a list of records, with what is loaded below them
     * @param assocs associations to hear of, and those below them; {@link Value.Loaded#shape()} for all that is loaded
     * @param inserted whether to hear of all records that are inserted into the tables of the target
     * @throws WatchException invalid, when this is no such target or a table has no such association, with all that is wrong; and
     *     as {@link #identifier}
     */
    public Map<Identifier, Shape> identifiers(Value target, Shape assocs, boolean inserted) {
        return new TargetIdentifiers(this, model).of(target, assocs, inserted);
    }

    /** The watcher of a table's events that a derivation gives: the one without label, or that of a join table with its label. */
    public WatcherName named(String table, RowEvent event) {
        WatcherName name = new WatcherName.OfTable(table, event);
        if (!byName.containsKey(name)) {
            WatcherName labelled = new WatcherName.OfLabel(WatcherDerivation.label(table, event));
            Known known = byName.get(labelled);
            if (known != null
                    && known.watcher().table().equals(table)
                    && known.watcher().event() == event) {
                return labelled;
            }
        }
        return name;
    }

    /**
     * What a change touches. An update that gives a row another key of an association also touches who waits for insertions with
     * the new one, since there the row is new: {@link Touch#entered}. A column that a row does not have is taken for null.
     *
     * @param before the row before it; null for one that was inserted
     * @param after the row after it; null for one that was deleted
     */
    public List<Touch> touched(String table, RowEvent event, @Nullable JsonObject before, @Nullable JsonObject after) {
        Listeners listeners = byEvent.get(new WatcherName.OfTable(table, event));
        JsonObject told = after == null ? before : after;
        if (told == null) {
            return List.of();
        }
        List<Touch> touched = new ArrayList<>();
        if (listeners != null) {
            for (Known known : listeners.of(before, after)) {
                touched.add(known.touch(told, before, after));
            }
        }
        if (event == RowEvent.UPDATED && before != null && after != null) {
            entered(table, before, after, touched);
        }
        return touched;
    }

    private void entered(String table, JsonObject before, JsonObject after, List<Touch> touched) {
        Listeners listeners = byEvent.get(new WatcherName.OfTable(table, RowEvent.INSERTED));
        if (listeners == null) {
            return;
        }
        Map<Known, List<Identifier>> entered = new LinkedHashMap<>();
        listeners.byKey.forEach((columns, those) -> {
            List<JsonValue> key = Scope.values(after, columns);
            if (key != null && !Scope.sameKey(key, Scope.values(before, columns))) {
                Scope scope = new Scope.Associated(columns, key);
                those.forEach(known -> entered.computeIfAbsent(known, first -> new ArrayList<>())
                        .add(new Identifier(known.watcher().name(), scope)));
            }
        });
        entered.forEach((known, identifiers) ->
                touched.add(new Touch(known.watcher(), identifiers, known.values(after), true)));
    }

    /** Those that listen to one event of one table. */
    private static final class Listeners {
        private final List<Known> toAll = new ArrayList<>();
        private final Map<String, List<Known>> byColumn = new LinkedHashMap<>();
        private final Map<List<String>, List<Known>> byKey = new LinkedHashMap<>();

        void add(Known known) {
            if (known.watcher().triggerColumns().isEmpty()) {
                toAll.add(known);
            }
            for (String column : known.watcher().triggerColumns()) {
                byColumn.computeIfAbsent(column, name -> new ArrayList<>()).add(known);
            }
            for (List<String> key : known.told()) {
                byKey.computeIfAbsent(key, columns -> new ArrayList<>()).add(known);
            }
        }

        Collection<Known> of(@Nullable JsonObject before, @Nullable JsonObject after) {
            if (byColumn.isEmpty()) {
                return toAll;
            }
            Set<Known> those = new LinkedHashSet<>(toAll);
            byColumn.forEach((column, known) -> {
                if (!value(before, column).sameValue(value(after, column))) {
                    those.addAll(known);
                }
            });
            return those;
        }

        private static JsonValue value(@Nullable JsonObject row, String column) {
            JsonValue value = row == null ? null : row.member(column);
            return value == null ? JsonValue.NULL : value;
        }
    }

    /** A watcher with what has to be known of its table: the keys by which its rows meet others, and those of them it tells. */
    private static final class Known {
        private final Watcher watcher;
        private final List<String> primaryKey;
        private final List<List<String>> keys;
        private final List<List<String>> told;

        Known(Watcher watcher, List<String> primaryKey, List<List<String>> keys, List<List<String>> told) {
            this.watcher = watcher;
            this.primaryKey = primaryKey;
            this.keys = keys;
            this.told = told;
        }

        Watcher watcher() {
            return watcher;
        }

        List<List<String>> told() {
            return told;
        }

        Scope checked(Scope scope) {
            if (scope instanceof Scope.OneRecord record) {
                return record(record.key(), "/pk");
            }
            if (scope instanceof Scope.Associated associated) {
                return associated(associated);
            }
            return scope;
        }

        private Scope record(List<JsonValue> key, String pointer) {
            if (watcher.event() == RowEvent.INSERTED) {
                throw new WatchException(
                        Kind.INVALID, pointer, "rows that are inserted have no primary key that could be known before");
            }
            if (key.size() != primaryKey.size()) {
                throw new WatchException(
                        Kind.INVALID, pointer, "must have the values of " + String.join(", ", primaryKey));
            }
            values(key, pointer);
            return new Scope.OneRecord(key);
        }

        private Scope associated(Scope.Associated scope) {
            if (!keys.contains(scope.columns())) {
                if (scope.columns().equals(primaryKey)) {
                    return record(scope.values(), "/value");
                }
                throw new WatchException(
                        Kind.INVALID,
                        "/column",
                        "no association of " + watcher.table() + " goes by " + String.join(", ", scope.columns()));
            }
            if (!told.contains(scope.columns())) {
                throw new WatchException(
                        Kind.INVALID,
                        "/column",
                        String.join(", ", scope.columns()) + " must be among the watcher's extra_columns");
            }
            if (scope.values().size() != scope.columns().size()) {
                throw new WatchException(
                        Kind.INVALID, "/value", "must have the values of " + String.join(", ", scope.columns()));
            }
            values(scope.values(), "/value");
            return scope;
        }

        private static void values(List<JsonValue> values, String pointer) {
            if (!values.stream().allMatch(value -> KeyText.of(value) != null)) {
                throw new WatchException(Kind.INVALID, pointer, "must be a text, a number, true or false");
            }
        }

        Touch touch(JsonObject row, @Nullable JsonObject before, @Nullable JsonObject after) {
            Set<Identifier> identifiers = new LinkedHashSet<>();
            WatcherName name = watcher.name();
            identifiers.add(new Identifier(name, Scope.EVERY_ROW));
            if (watcher.event() != RowEvent.INSERTED) {
                List<JsonValue> key = Scope.values(row, primaryKey);
                if (key != null) {
                    identifiers.add(new Identifier(name, new Scope.OneRecord(key)));
                }
            }
            for (List<String> columns : told) {
                add(identifiers, name, columns, before);
                add(identifiers, name, columns, after);
            }
            return new Touch(watcher, List.copyOf(identifiers), values(row), false);
        }

        private static void add(
                Set<Identifier> identifiers, WatcherName name, List<String> columns, @Nullable JsonObject row) {
            List<JsonValue> values = row == null ? null : Scope.values(row, columns);
            if (values != null) {
                identifiers.add(new Identifier(name, new Scope.Associated(columns, values)));
            }
        }

        private JsonObject values(JsonObject row) {
            Set<String> columns = new LinkedHashSet<>(primaryKey);
            columns.addAll(watcher.extraColumns());
            JsonObject values = JsonObject.parse("{}");
            for (String column : columns) {
                JsonValue value = row.member(column);
                if (value != null) {
                    values = values.with(column, value);
                }
            }
            return values;
        }
    }
}
