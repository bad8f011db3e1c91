package io.forebay.records.watch;

import io.forebay.records.model.Model;
import io.forebay.records.sync.Change;
import io.forebay.records.sync.EnteringShapes;
import io.forebay.records.sync.Loader;
import io.forebay.records.sync.MemoryRows;
import io.forebay.records.sync.Sync;
import io.forebay.records.sync.SyncOptions;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.schemas.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows, who subscribed to what, and what reached whom: all in memory, in the order of calls. A session that applies an insertion
 * follows the record from then on, with what it had subscribed to below it, and forgets one whose deletion it applies.
 */
final class Sessions {

    private final Model model;
    private Watchers watchers;
    private final MemoryRows rows;
    private final Map<String, Change> changes = new HashMap<>();
    private final Map<Identifier, Map<String, Shape>> subscribers = new LinkedHashMap<>();
    private final Map<String, List<List<Message>>> inboxes = new TreeMap<>();

    Sessions(Model model, Watchers watchers) {
        this.model = model;
        this.rows = new MemoryRows(model);
        this.watchers = watchers;
    }

    /** What a session is told of a change: the touches that reached it. */
    record Message(String change, RowEvent event, Touch touch) {

        /** What the change is for whom it reached: one that only entered what is subscribed to is new there. */
        static RowEvent as(List<Message> messages) {
            return messages.stream().allMatch(message -> message.touch().entered())
                    ? RowEvent.INSERTED
                    : messages.get(0).event();
        }
    }

    Model model() {
        return model;
    }

    Watchers watchers() {
        return watchers;
    }

    void define(Watchers others) {
        watchers = others;
    }

    void subscribe(String session, Map<Identifier, Shape> identifiers) {
        identifiers.forEach((identifier, shape) -> subscribers
                .computeIfAbsent(identifier, first -> new TreeMap<>())
                .merge(session, shape, Shape::merge));
    }

    void unsubscribe(String session, Collection<Identifier> identifiers) {
        identifiers.forEach(identifier ->
                subscribers.getOrDefault(identifier, new TreeMap<>()).remove(session));
    }

    /** What a session subscribed to. */
    List<Identifier> of(String session) {
        return subscribers.entrySet().stream()
                .filter(entry -> entry.getValue().containsKey(session))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The sessions that subscribed, and with what. */
    Map<String, Shape> of(Identifier identifier) {
        return subscribers.getOrDefault(identifier, Map.of());
    }

    void store(String table, JsonObject row) {
        rows.put(row(table, row));
    }

    /** Writes a row and tells everyone concerned; of an update the columns that are assigned. */
    void change(String name, RowEvent event, String table, JsonObject assigned) {
        Row told = row(table, assigned);
        Row before = event == RowEvent.INSERTED ? null : rows.find(told.id());
        Row after = before == null ? told : new Row(told.id(), before.columns().merge(assigned));
        int ref = changes.size() + 1;
        Change change = switch (event) {
            case INSERTED -> Change.inserted(after, ref);
            case UPDATED -> Change.updated(before, after, ref);
            case DELETED -> Change.deleted(told.id(), before == null ? told : before, ref);
        };
        rows.apply(change);
        changes.put(name.isEmpty() ? "change " + ref : name, change);
        tell(name, event, table, columns(change.before()), columns(change.after()));
    }

    /** Applies a change to a value of a session. */
    Value sync(String session, Value value, String name) {
        Change change = Objects.requireNonNull(changes.get(name));
        EnteringShapes subscribed = (row, association, owner) -> entering(session, row);
        Value after = new Sync(model).apply(value, change, SyncOptions.DEFAULTS.withEntering(subscribed), rows);
        Row inserted = change.after();
        if (change.kind() == Change.Kind.INSERTED && inserted != null) {
            Shape shape = entering(session, inserted);
            subscribe(
                    session, watchers.identifiers(new Loader(model, rows, 1_000).load(inserted, shape), shape, false));
        }
        Row deleted = change.before();
        if (change.kind() == Change.Kind.DELETED && deleted != null) {
            unsubscribe(
                    session,
                    watchers.identifiers(Value.Loaded.bare(deleted), Shape.BARE, false)
                            .keySet());
        }
        return after;
    }

    /** What a session subscribed to below a row that is inserted. */
    private Shape entering(String session, Row row) {
        Shape shape = Shape.BARE;
        for (Touch touch : watchers.touched(row.table(), RowEvent.INSERTED, null, row.columns())) {
            for (Identifier identifier : touch.identifiers()) {
                shape = shape.merge(of(identifier).getOrDefault(session, Shape.BARE));
            }
        }
        return shape;
    }

    private void tell(
            String change, RowEvent event, String table, @Nullable JsonObject before, @Nullable JsonObject after) {
        Map<String, List<Message>> told = new TreeMap<>();
        for (Touch touch : watchers.touched(table, event, before, after)) {
            Map<String, Message> once = new TreeMap<>();
            for (Identifier identifier : touch.identifiers()) {
                of(identifier).keySet().forEach(session -> once.put(session, new Message(change, event, touch)));
            }
            once.forEach((session, message) ->
                    told.computeIfAbsent(session, first -> new ArrayList<>()).add(message));
        }
        told.forEach((session, messages) ->
                inboxes.computeIfAbsent(session, first -> new ArrayList<>()).add(messages));
    }

    /** What reached a session since it looked last, by change. */
    List<List<Message>> drain(String session) {
        List<List<Message>> drained = inboxes.remove(session);
        return drained == null ? List.of() : drained;
    }

    private Row row(String table, JsonObject columns) {
        return new Row(Objects.requireNonNull(RecordId.of(model.require(table), columns)), columns);
    }

    private static @Nullable JsonObject columns(@Nullable Row row) {
        return row == null ? null : row.columns();
    }
}
