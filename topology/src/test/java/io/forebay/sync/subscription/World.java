package io.forebay.sync.subscription;

import io.forebay.records.model.Conditions;
import io.forebay.records.model.Model;
import io.forebay.records.sync.Change;
import io.forebay.records.sync.MemoryRows;
import io.forebay.records.sync.RandomChanges;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.sync.row.Places;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Permit;
import io.forebay.sync.subscription.state.Subscribed;
import io.forebay.sync.subscription.state.SubscriberTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A database, its rows at places on several partitions, and one partition of subscribers, all of which go on at random: what the stages before
 * subscribers do, as simple as can be. A change is delivered when all its places have answered, in the order of its record; the rows of a place
 * are told at once.
 */
final class World implements Outbox {

    private static final int PARTITIONS = 3;

    /** A row at a place. */
    private record Copy(JsonObject row, long ref) {}

    /** A change on its way, and whom it concerns. */
    private static final class Pending {
        final RowOperation op;
        final RecordId record;
        final @Nullable JsonObject old;
        final @Nullable JsonObject row;
        final long ref;
        final Map<String, List<Following.Concern>> concerned = new TreeMap<>();
        int awaited;

        Pending(RowOperation op, RecordId record, @Nullable JsonObject old, @Nullable JsonObject row, long ref) {
            this.op = op;
            this.record = record;
            this.old = old;
            this.row = row;
            this.ref = ref;
        }
    }

    private final Random random;
    private final Model model;
    private final RandomChanges database;
    private final MemoryRows told;
    private final List<Deque<Runnable>> places = new ArrayList<>();
    private final Map<NodeKey, Map<RecordId, Copy>> copies = new LinkedHashMap<>();
    private final Map<NodeKey, Map<String, Long>> interests = new LinkedHashMap<>();
    private final List<Map<String, Map<String, Long>>> tables = new ArrayList<>();
    private final Map<String, Deque<Pending>> pending = new LinkedHashMap<>();
    private final Deque<Runnable> deliveries = new ArrayDeque<>();
    private final Map<String, Long> truncated = new LinkedHashMap<>();
    private final MemoryCells cells = new MemoryCells();
    private final Ground ground;
    private final Consumer<Sent> sink;
    private long ref;
    private long offset;

    /** What somebody was told. */
    record Sent(String subscriber, Told told) {}

    World(Random random, Model model, Function<Permit, Viewer> viewers, Consumer<Sent> sink) {
        this.random = random;
        this.model = model;
        this.database = new RandomChanges(random, model);
        this.told = database.copy();
        this.ground = new Ground(model, viewers);
        this.sink = sink;
        for (int i = 0; i < PARTITIONS; i++) {
            places.add(new ArrayDeque<>());
            tables.add(new LinkedHashMap<>());
        }
        for (String table : model.tables().keySet()) {
            for (Row row : told.all(table)) {
                ref++;
                placesOf(row.id(), row.columns()).forEach(node -> copy(node, row.id(), row.columns(), ref));
            }
        }
    }

    MemoryRows rows() {
        return database.rows();
    }

    MemoryCells cells() {
        return cells;
    }

    private Set<NodeKey> placesOf(RecordId record, @Nullable JsonObject row) {
        Set<NodeKey> nodes = new LinkedHashSet<>();
        if (row != null) {
            nodes.add(new NodeKey(PlaceKind.record, record.toString()));
            for (List<String> columns : model.associationKeys(record.table())) {
                Path place = Places.ofRow(record.table(), columns, row);
                if (place != null) {
                    nodes.add(new NodeKey(PlaceKind.column, place.toString()));
                }
            }
        }
        return nodes;
    }

    private void copy(NodeKey node, RecordId record, JsonObject row, long at) {
        copies.computeIfAbsent(node, key -> new LinkedHashMap<>()).put(record, new Copy(row, at));
    }

    private Deque<Runnable> partitionOf(NodeKey node) {
        return places.get(Math.floorMod(node.place().hashCode(), PARTITIONS));
    }

    /** Something happens in the database; the record it happened to, or the table. */
    Change change() {
        Change change = database.next();
        long at = ++ref;
        RecordId record = change.record();
        if (record == null) {
            told.apply(change);
            truncate(change.table(), at);
            return change;
        }
        Row before = told.find(record);
        told.apply(change);
        Row after = change.after();
        RowOperation op = RowOperation.valueOf(change.kind().name().toLowerCase(Locale.ROOT));
        Pending one = new Pending(
                op, record, before == null ? null : before.columns(), after == null ? null : after.columns(), at);
        Set<NodeKey> is = placesOf(record, one.row);
        Set<NodeKey> all = new LinkedHashSet<>(is);
        all.addAll(placesOf(record, one.old));
        NodeKey own = new NodeKey(PlaceKind.record, record.toString());
        all.add(own);
        pending.computeIfAbsent(record.toString(), key -> new ArrayDeque<>()).add(one);
        for (Deque<Runnable> partition : places) {
            List<NodeKey> here =
                    all.stream().filter(node -> partitionOf(node) == partition).toList();
            if (!here.isEmpty()) {
                one.awaited++;
                partition.add(() -> arrive(one, here, is));
            }
        }
        return change;
    }

    private void arrive(Pending one, List<NodeKey> here, Set<NodeKey> is) {
        for (NodeKey node : here) {
            if (is.contains(node)) {
                copy(node, one.record, Objects.requireNonNull(one.row), one.ref);
            } else {
                copies.getOrDefault(node, new LinkedHashMap<>()).remove(one.record);
            }
            match(node, interests.getOrDefault(node, Map.of()), one);
            if (node.kind() == PlaceKind.record) {
                NodeKey table =
                        new NodeKey(PlaceKind.table, Path.of(one.record.table()).toString());
                match(table, tablesAt(node).getOrDefault(one.record.table(), Map.of()), one);
            }
        }
        one.awaited--;
    }

    private static void match(NodeKey node, Map<String, Long> those, Pending one) {
        those.forEach((subscriber, request) -> one.concerned
                .computeIfAbsent(subscriber, name -> new ArrayList<>())
                .add(new Following.Concern(node, request)));
    }

    /** Interests in tables where a node is. */
    private Map<String, Map<String, Long>> tablesAt(NodeKey node) {
        return tables.get(places.indexOf(partitionOf(node)));
    }

    private void truncate(String table, long at) {
        for (int i = 0; i < PARTITIONS; i++) {
            int number = i;
            Deque<Runnable> partition = places.get(i);
            partition.add(() -> {
                Map<String, List<Following.Concern>> concerned = new TreeMap<>();
                copies.forEach((node, rows) -> {
                    if (node.table().equals(table) && partitionOf(node) == partition) {
                        rows.values().removeIf(copy -> copy.ref() < at);
                    }
                });
                tables.get(number)
                        .getOrDefault(table, Map.of())
                        .forEach((subscriber, request) -> concerned
                                .computeIfAbsent(subscriber, name -> new ArrayList<>())
                                .add(new Following.Concern(
                                        new NodeKey(
                                                PlaceKind.table, Path.of(table).toString()),
                                        request)));
                interests.forEach((node, those) -> {
                    if (node.table().equals(table) && partitionOf(node) == partition) {
                        those.forEach((subscriber, request) -> concerned
                                .computeIfAbsent(subscriber, name -> new ArrayList<>())
                                .add(new Following.Concern(node, request)));
                    }
                });
                if (!concerned.isEmpty()) {
                    deliveries.add(() -> {
                        truncated.put(table, at);
                        concerned.forEach(
                                (subscriber, concerns) -> following(subscriber).truncated(table, cause(at), concerns));
                    });
                }
            });
        }
    }

    private static Told.Cause cause(long at) {
        return new Told.Cause(0, at, null, null, null, null);
    }

    private Following following(String subscriber) {
        return new Following(ground, new SubscriberTable(cells, subscriber), subscriber, offset, 0, this);
    }

    void subscribe(String subscriber, Permit permit, List<Subscribed> rows) {
        rows.forEach(one -> deliveries.add(() -> following(subscriber).subscribe(one, permit)));
    }

    void unsubscribe(String subscriber, List<Subscribed> rows) {
        rows.forEach(one -> deliveries.add(() -> following(subscriber).unsubscribe(one)));
    }

    void unsubscribeAll(String subscriber) {
        deliveries.add(() -> following(subscriber).unsubscribeAll());
    }

    @Override
    public int want(String subscriber, NodeKey node, long request, boolean rows, String where) {
        if (node.kind() == PlaceKind.table) {
            for (int i = 0; i < PARTITIONS; i++) {
                int partition = i;
                places.get(i).add(() -> wantTable(subscriber, node, request, rows ? where : null, partition));
            }
            return rows ? PARTITIONS : 0;
        }
        partitionOf(node).add(() -> {
            interests.computeIfAbsent(node, key -> new TreeMap<>()).put(subscriber, request);
            Map<RecordId, Copy> there = new LinkedHashMap<>(rows ? copies.getOrDefault(node, Map.of()) : Map.of());
            deliveries.add(() -> following(subscriber).place(node, request, delivered(there), true));
        });
        return 1;
    }

    private void wantTable(String subscriber, NodeKey node, long request, @Nullable String where, int partition) {
        tables.get(partition)
                .computeIfAbsent(node.table(), key -> new TreeMap<>())
                .put(subscriber, request);
        if (where == null) {
            return;
        }
        Conditions conditions = Conditions.parse(JsonObject.parse(where));
        Map<RecordId, Copy> there = new LinkedHashMap<>();
        copies.forEach((at, rows) -> {
            if (at.kind() == PlaceKind.record && at.table().equals(node.table()) && isOn(partition, at)) {
                rows.forEach((record, copy) -> {
                    if (conditions.hold(copy.row())) {
                        there.put(record, copy);
                    }
                });
            }
        });
        deliveries.add(() -> following(subscriber).place(node, request, delivered(there), true));
    }

    private boolean isOn(int partition, NodeKey node) {
        return partitionOf(node) == places.get(partition);
    }

    private List<Delivered> delivered(Map<RecordId, Copy> copied) {
        List<Delivered> rows = new ArrayList<>();
        copied.forEach((record, copy) -> {
            if (copy.ref() > truncated.getOrDefault(record.table(), -1L)) {
                rows.add(new Delivered(
                        ground, RowOperation.snapshot, record.path(), null, copy.row(), cause(copy.ref())));
            }
        });
        return rows;
    }

    @Override
    public void unwant(String subscriber, NodeKey node, long request) {
        if (node.kind() == PlaceKind.table) {
            for (int i = 0; i < PARTITIONS; i++) {
                Map<String, Map<String, Long>> there = tables.get(i);
                places.get(i)
                        .add(() -> there.getOrDefault(node.table(), new TreeMap<>())
                                .remove(subscriber));
            }
            return;
        }
        partitionOf(node)
                .add(() -> interests.getOrDefault(node, new TreeMap<>()).remove(subscriber));
    }

    @Override
    public void due(long time) {}

    @Override
    public void tell(String subscriber, Told message) {
        sink.accept(new Sent(subscriber, message));
    }

    /** Some of what is under way gets on; tells whether anything was. */
    boolean step() {
        List<Runnable> next = new ArrayList<>();
        for (Deque<Runnable> partition : places) {
            if (!partition.isEmpty()) {
                next.add(() -> partition.remove().run());
            }
        }
        if (!deliveries.isEmpty()) {
            next.add(() -> {
                offset++;
                deliveries.remove().run();
            });
        }
        for (Deque<Pending> of : pending.values()) {
            if (!of.isEmpty() && of.element().awaited == 0) {
                next.add(() -> send(of.remove()));
            }
        }
        if (next.isEmpty()) {
            return false;
        }
        next.get(random.nextInt(next.size())).run();
        return true;
    }

    private void send(Pending one) {
        if (!one.concerned.isEmpty()) {
            deliveries.add(() -> deliver(one));
        }
    }

    private void deliver(Pending one) {
        if (one.ref <= truncated.getOrDefault(one.record.table(), -1L)) {
            return;
        }
        Delivered change = new Delivered(ground, one.op, one.record.path(), one.old, one.row, cause(one.ref));
        one.concerned.forEach((subscriber, concerns) -> following(subscriber).change(change, concerns));
    }

    /** Until nothing is under way. */
    void settle() {
        for (int steps = 0; step(); steps++) {
            if (steps > 200_000) {
                throw new AssertionError("it does not come to rest");
            }
        }
    }
}
