package io.forebay.sync.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
import io.forebay.records.model.Ordering;
import io.forebay.records.model.Table;
import io.forebay.records.sync.Change;
import io.forebay.records.sync.Declared;
import io.forebay.records.sync.FreshLoad;
import io.forebay.records.sync.MemoryRows;
import io.forebay.records.sync.RandomChanges;
import io.forebay.records.sync.RandomModel;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreEngine;
import io.forebay.sync.identifier.IdentifierPath;
import io.forebay.sync.identifier.WatchedRowsForm;
import io.forebay.sync.rule.AccessRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Random model, rows, subscriptions and transactions, played in a random order of all partitions of all stages. */
final class Case {

    private static final int SUBSCRIBERS = 3;

    private final Random random;
    private final Model model;

    /** Whether models with less in them come and go. */
    private final boolean isRemodelled;

    /** The model that was declared last. */
    private Model last;

    private final FreshLoad fresh;
    private final RandomChanges changes;
    private final Watchers watchers;
    private final World world;

    /** Whether rows are shown by what they have in {@code v}. */
    private final boolean isRuled;

    /** Records that have been there from the beginning: a deletion on its way would end what is subscribed to after it. */
    private final Set<RecordId> steady = new HashSet<>();

    private final Set<RecordId> roots = new HashSet<>();
    private final Map<String, Long> subscribed = new LinkedHashMap<>();
    private @Nullable LiveValue live;
    private long position;
    private int transactions;

    Case(Random random, boolean isRemodelled, StoreEngine engine) {
        this.random = random;
        this.isRemodelled = isRemodelled;
        this.model = RandomModel.of(random);
        this.last = model;
        this.fresh = new FreshLoad(model);
        this.changes = new RandomChanges(random, model);
        this.watchers = Watchers.everyTable(model);
        this.isRuled = random.nextInt(3) == 0;
        this.world = new World(random, model, isRuled ? rules() : AccessRules.open(model), engine);
    }

    private AccessRules rules() {
        String tables = model.tables().keySet().stream()
                .filter(table -> model.require(table).columns().contains("v"))
                .map(table -> "\"" + table + "\":{\"visible\":\"row.v == null || row.v == claims.v\"}")
                .collect(Collectors.joining(","));
        return AccessRules.parse("{\"tables\":{" + tables + "}}", model);
    }

    private boolean isShown(Row row) {
        String value = row.column("v").raw();
        return !isRuled
                || !model.require(row.table()).columns().contains("v")
                || value.equals("null")
                || value.equals("\"a\"");
    }

    /** The rows that there are to be seen. */
    private MemoryRows shown() {
        MemoryRows shown = new MemoryRows(model);
        for (String table : model.tables().keySet()) {
            changes.rows().all(table).stream().filter(this::isShown).forEach(shown::put);
        }
        return shown;
    }

    void play() {
        world.declare(model);
        for (Table table : model.tables().values()) {
            for (Row row : changes.rows().all(table.name())) {
                steady.add(row.id());
                write(RowOperation.snapshot, row.id(), null, row, null, 0);
            }
        }
        world.settle();
        int opened = isRemodelled ? Integer.MAX_VALUE : random.nextInt(40);
        for (int i = 0; i < 40; i++) {
            if (i == opened) {
                openStream();
            }
            if (random.nextInt(6) == 0) {
                subscribe("s" + random.nextInt(SUBSCRIBERS));
            } else {
                transaction();
            }
            if (isRemodelled && random.nextInt(12) == 0) {
                last = random.nextInt(3) == 0 ? model : PartOfModel.of(model, random);
                world.declare(last);
            }
            for (int step = random.nextInt(12); step > 0; step--) {
                world.step();
            }
            if (isRemodelled && random.nextInt(3) == 0) {
                world.tick();
            }
            if (isRemodelled && random.nextInt(10) == 0) {
                world.reopen();
            }
        }
        world.settle();
        MemoryRows shown = shown();
        world.clients().forEach((subscriber, client) -> check(subscriber, client, shown));
        LiveValue value = live;
        if (value != null) {
            assertThat(value.rowsHeard()).as("told to a stream").allMatch(this::isShown);
            value.check(fresh.load(value.declared(), shown));
        }
    }

    /** Somebody looks at a record, which may go and come again, or at those of a table. */
    private void openStream() {
        List<Table> tables = RandomModel.roots(model);
        Table table = tables.get(random.nextInt(tables.size()));
        Shape shape = fresh.shape(random, table, 3);
        List<Row> rows = List.copyOf(changes.rows().all(table.name()));
        Declared declared = rows.isEmpty() || random.nextInt(3) == 0
                ? new Declared.Many(table.name(), FreshLoad.anyOf(random, table), Ordering.NONE, shape)
                : new Declared.One(rows.get(random.nextInt(rows.size())).id(), shape);
        LiveValue value = new LiveValue(model, declared);
        String subscriber = IdentifierPath.ofStream("1");
        live = value;
        world.live(subscriber, value::take);
        world.subscribe(
                Path.of(subscriber),
                new DeliveryCommand(
                        "stream",
                        0,
                        0L,
                        new SubscriberCommand(
                                subscriber,
                                value.follow().setClaims("{\"v\":\"a\"}").build())));
    }

    private void subscribe(String subscriber) {
        List<Table> tables = RandomModel.roots(model);
        Table table = tables.get(random.nextInt(tables.size()));
        List<Row> rows = changes.rows().all(table.name()).stream()
                .filter(row -> steady.contains(row.id()))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        Row root = rows.get(random.nextInt(rows.size()));
        Shape shape = fresh.shape(random, table, 3);
        Declared.One declared = new Declared.One(root.id(), shape);
        fresh.load(declared, changes.rows());
        roots.add(root.id());
        world.client(subscriber).wanted().add(declared);
        Map<Identifier, Shape> identifiers = watchers.identifiers(Value.Loaded.bare(root), shape, false);
        identifiers.forEach((identifier, below) -> world.subscribe(
                Path.of(subscriber),
                new DeliveryCommand(
                        "subscriptions",
                        0,
                        subscribed.merge(subscriber, 1L, Long::sum),
                        new SubscriberCommand(
                                subscriber,
                                Subscribe.newBuilder()
                                        .setRows(WatchedRowsForm.of(
                                                identifier,
                                                Objects.requireNonNull(watchers.watcher(identifier.watcher()))))
                                        .setAssocs(text(below))
                                        .setFollow(true)
                                        .setSnapshot(true)
                                        .setClaims("{\"v\":\"a\"}")
                                        .build()))));
    }

    private static String text(Shape shape) {
        StringBuilder text = new StringBuilder("{");
        shape.associations()
                .forEach((name, below) -> text.append(text.length() > 1 ? "," : "")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(text(below)));
        return text.append('}').toString();
    }

    private void transaction() {
        List<Change> done = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            MemoryRows before = changes.copy();
            Change change = changes.next();
            if (roots.stream().anyMatch(root -> change.isOf(root) && change.after() == null)) {
                // What ends a subscription is tried elsewhere; here the record comes back as it was.
                restore(before, change);
            } else {
                steady.removeIf(record -> change.isOf(record) && change.after() == null);
                done.add(change);
            }
        }
        String id = random.nextBoolean() ? "t" + ++transactions : null;
        int rows = (int) done.stream().filter(change -> change.record() != null).count();
        for (Change change : done) {
            position++;
            write(change, id, rows);
        }
    }

    private void restore(MemoryRows before, Change change) {
        for (Row row : before.all(change.table())) {
            if (change.isOf(row.id())) {
                changes.rows().put(row);
            }
        }
    }

    private void write(Change change, @Nullable String transaction, int size) {
        if (change.record() == null) {
            world.change(
                    Path.of(change.table()).toBytes(),
                    RowChange.newBuilder()
                            .setOp(RowOperation.truncated)
                            .setTable(change.table())
                            .setSource(new RowSource("db", position, 0))
                            .build());
            return;
        }
        RowOperation op = switch (change.kind()) {
            case INSERTED -> RowOperation.inserted;
            case UPDATED -> RowOperation.updated;
            default -> RowOperation.deleted;
        };
        write(op, change.record(), change.before(), change.after(), transaction, size);
    }

    private void write(
            RowOperation op,
            RecordId record,
            @Nullable Row before,
            @Nullable Row after,
            @Nullable String transaction,
            int size) {
        world.change(
                record.path().toBytes(),
                RowChange.newBuilder()
                        .setOp(op)
                        .setTable(record.table())
                        .setKeyColumns(model.require(record.table()).primaryKey())
                        .setBefore(before == null ? null : before.columns().text())
                        .setAfter(after == null ? null : after.columns().text())
                        .setSource(new RowSource("db", position, 0))
                        .setTransaction(transaction)
                        .setTransactionRows(transaction == null ? null : size)
                        .build());
    }

    private void check(String subscriber, Client client, MemoryRows shown) {
        assertThat(client.rowsHeard()).as("told to %s", subscriber).allMatch(this::isShown);
        assertThat(client.transactions().values())
                .as("units in which the transactions came to %s", subscriber)
                .allSatisfy(units -> assertThat(units).hasSize(1));
        FreshLoad load = new FreshLoad(last);
        for (Declared.One wanted : client.wanted()) {
            Declared declared = new Declared.One(
                    wanted.record(),
                    PartOfModel.shape(
                            wanted.shape(), last.require(wanted.record().table()), last));
            Value expected = load.sorted(load.load(declared, shown), declared);
            Value actual = load.sorted(load.load(declared, client.rows()), declared);
            assertThat(actual)
                    .as("%s of %s, which heard %s", declared, subscriber, client.heard())
                    .isEqualTo(expected);
        }
    }
}
