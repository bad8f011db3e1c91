package io.forebay.sync.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
import io.forebay.records.model.Ordering;
import io.forebay.records.model.Table;
import io.forebay.records.sync.Change;
import io.forebay.records.sync.Declared;
import io.forebay.records.sync.FreshLoad;
import io.forebay.records.sync.LoadLimitException;
import io.forebay.records.sync.MemoryRows;
import io.forebay.records.sync.RandomModel;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.RowEvent;
import io.forebay.schemas.avro.ToldOperation;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.sync.subscription.state.Permit;
import io.forebay.sync.subscription.state.ShapeText;
import io.forebay.sync.subscription.state.Subscribed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random models, rows, subscriptions and changes, on their way in any order that partitions allow: what a subscriber knows by what he was told is
 * what a fresh load shows. {@code -Dcases} sets how many, {@code -Dseed} where they begin; one that fails names its own seed.
 */
class FollowingModelTest {

    private static final int CASES = Integer.getInteger("cases", 500);

    @Test
    void whatASubscriberKnowsIsWhatAFreshLoadShows() {
        forEachCase(random -> new Case(random, List.of(Permit.NONE)).play());
    }

    @Test
    void withRulesItIsWhatAFreshLoadOfTheRowsThatMayBeSeenShows() {
        forEachCase(random -> new Case(
                        random,
                        List.of(
                                new Permit("a", null, null),
                                new Permit(null, null, "{}"),
                                new Permit("a,c", null, null)))
                .play());
    }

    @Test
    void nothingIsToldThatMayNotBeSeen() {
        forEachCase(random -> new Case(
                        random,
                        List.of(
                                new Permit("a", null, null),
                                new Permit("b", "w", null),
                                new Permit("a,b,c", "w", "{}")))
                .play());
    }

    private static void forEachCase(Consumer<Random> test) {
        long seed = Long.getLong("seed", System.nanoTime());
        int played = 0;
        for (int i = 0; i < CASES; i++) {
            try {
                test.accept(new Random(seed + i));
                played++;
            } catch (LoadLimitException tooLargeToLoad) {
                // Not counted.
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (seed + i), e);
            }
        }
        assertThat(played).as("cases of those from seed %d", seed).isGreaterThan(CASES * 9 / 10);
    }

    /** Someone who keeps what he is told, and forgets what he is told to. */
    private static final class Client {
        final MemoryRows rows;
        private final Map<String, Long> refs = new HashMap<>();
        private final Map<String, Long> changes = new HashMap<>();

        private final boolean repeats;
        boolean outstanding;

        /**
         * @param repeats whether he may be told a row again, with more of it
         */
        Client(Model model, boolean repeats) {
            rows = new MemoryRows(model);
            this.repeats = repeats;
        }

        void take(Told told) {
            outstanding = told.outstanding();
            if (told.op() == ToldOperation.caught_up) {
                return;
            }
            if (told.op() == ToldOperation.truncated) {
                String table = Path.parse(told.record()).part(0);
                for (Row row : List.copyOf(rows.all(table))) {
                    if (refs.getOrDefault(row.id().toString(), 0L) < told.ref()) {
                        rows.remove(row.id());
                    }
                }
                return;
            }
            RecordId record = RecordId.of(Path.parse(told.record()));
            Long last = refs.put(told.record(), told.ref());
            if (last != null && rows.find(record) != null && told.followed()) {
                assertThat(told.ref()).as("ref of %s", told).isGreaterThanOrEqualTo(least(told, last));
            }
            if (told.op() != ToldOperation.snapshot) {
                changes.put(told.record(), told.ref());
            }
            if (told.row() != null && told.followed()) {
                rows.put(new Row(record, told.row()));
            } else {
                rows.remove(record);
            }
        }

        /** A row of a place may overtake the change that made it, which is told nevertheless, once. */
        private long least(Told told, long last) {
            boolean overtaken = told.op() != ToldOperation.snapshot && changes.getOrDefault(told.record(), -1L) < last;
            return repeats || overtaken ? last : last + 1;
        }
    }

    private static final class Case {

        private static final String NAME = "ann/1";
        private static final String STREAM = "~stream/1";

        private final Random random;
        private final Model model;
        private final World world;
        private final FreshLoad fresh;
        private final Client client;
        private final Client viewer;
        private final List<Permit> permits;
        private final Map<RecordId, Root> roots = new LinkedHashMap<>();
        private final Set<RecordId> ever = new LinkedHashSet<>();

        private @Nullable Followed followed;

        /** What is subscribed to. */
        private record Root(Shape shape, Permit permit) {}

        /** Rows that are followed. */
        private record Followed(Declared declared, Permit permit) {}

        Case(Random random, List<Permit> permits) {
            this.permits = permits;
            this.random = random;
            this.model = RandomModel.of(random);
            this.client = new Client(model, permits.size() > 1);
            this.viewer = new Client(model, false);
            this.fresh = new FreshLoad(model);
            this.world = new World(random, model, DenyingViewer::new, sent -> {
                requireAllowed(sent.told());
                (sent.subscriber().equals(NAME) ? client : viewer).take(sent.told());
            });
        }

        void play() {
            addRoot();
            int from = random.nextInt(25);
            for (int i = 0; i < 25; i++) {
                if (i == from) {
                    followRows();
                }
                switch (random.nextInt(12)) {
                    case 0 -> addRoot();
                    case 1 -> removeRoot();
                    default -> change();
                }
                if (random.nextInt(5) == 0) {
                    world.settle();
                    requireFresh();
                }
                for (int j = random.nextInt(12); j > 0; j--) {
                    world.step();
                }
            }
            world.settle();
            requireFresh();
            ever.forEach(this::removeRoot);
            world.settle();
            assertThat(model.tables().keySet().stream().flatMap(table -> client.rows.all(table).stream()))
                    .as("known after the end")
                    .isEmpty();
            world.unsubscribeAll(NAME);
            world.unsubscribeAll(STREAM);
            world.settle();
            assertThat(world.cells().size()).as("cells left").isZero();
        }

        private void change() {
            Change change = world.change();
            if (change.after() == null) {
                // Whether it is told before or after another subscription is asked for is not to be guessed.
                if (roots.keySet().stream().anyMatch(change::isOf)) {
                    world.settle();
                    roots.keySet().removeIf(change::isOf);
                }
            }
        }

        private void addRoot() {
            List<Table> tables = RandomModel.roots(model);
            Table table = tables.get(random.nextInt(tables.size()));
            List<Row> there = new ArrayList<>(world.rows().all(table.name()));
            if (there.isEmpty()) {
                return;
            }
            RecordId root = there.get(random.nextInt(there.size())).id();
            Shape shape = fresh.shape(random, table, 4);
            ever.add(root);
            Permit permit = permits.get(random.nextInt(permits.size()));
            Root former = roots.get(root);
            roots.put(root, new Root(former == null ? shape : former.shape().merge(shape), permit));
            world.subscribe(NAME, permit, subscriptions(root, shape));
            if (random.nextBoolean()) {
                world.settle();
            }
        }

        /** Rows themselves, one record or those of a table, which are followed while they come and go. */
        private void followRows() {
            List<Table> tables = RandomModel.roots(model);
            Table table = tables.get(random.nextInt(tables.size()));
            Shape shape = fresh.shape(random, table, 4);
            Permit permit = permits.get(random.nextInt(permits.size()));
            List<Row> there = new ArrayList<>(world.rows().all(table.name()));
            Declared declared = there.isEmpty() || random.nextBoolean()
                    ? new Declared.Many(table.name(), FreshLoad.anyOf(random, table), Ordering.NONE, shape)
                    : new Declared.One(there.get(random.nextInt(there.size())).id(), shape);
            followed = new Followed(declared, permit);
            boolean isOne = declared instanceof Declared.One;
            world.subscribe(
                    STREAM,
                    permit,
                    List.of(new Subscribed(
                            table.name(),
                            RowEvent.UPDATED,
                            null,
                            isOne ? WatchedScope.record : WatchedScope.every,
                            List.of(),
                            declared instanceof Declared.One one ? one.record().key() : List.of(),
                            ShapeText.of(shape),
                            true,
                            true,
                            -1,
                            0,
                            declared instanceof Declared.Many many
                                    ? many.where().toJson().text()
                                    : "{}")));
        }

        private void removeRoot() {
            if (!roots.isEmpty()) {
                List<RecordId> all = List.copyOf(roots.keySet());
                removeRoot(all.get(random.nextInt(all.size())));
            }
        }

        private void removeRoot(RecordId root) {
            roots.remove(root);
            world.unsubscribe(NAME, subscriptions(root, Shape.BARE));
        }

        private static List<Subscribed> subscriptions(RecordId root, Shape shape) {
            List<Subscribed> subscriptions = new ArrayList<>();
            for (RowEvent event : List.of(RowEvent.UPDATED, RowEvent.DELETED)) {
                subscriptions.add(new Subscribed(
                        root.table(),
                        event,
                        null,
                        WatchedScope.record,
                        List.of(),
                        root.key(),
                        ShapeText.of(shape),
                        true,
                        true,
                        -1,
                        0,
                        null));
            }
            return subscriptions;
        }

        private void requireFresh() {
            roots.forEach((root, asked) -> {
                Declared declared = new Declared.One(root, asked.shape());
                requireFresh(client, declared, new DenyingViewer(asked.permit()));
            });
            Followed rows = followed;
            if (rows != null) {
                requireFresh(viewer, rows.declared(), new DenyingViewer(rows.permit()));
                assertThat(viewer.outstanding)
                        .as("whether rows are outstanding")
                        .isFalse();
                requireTrue(viewer);
            }
            requireTrue(client);
        }

        private void requireFresh(Client knows, Declared declared, DenyingViewer sees) {
            if (!sees.narrows()) {
                assertThat(fresh.sorted(fresh.load(declared, visible(knows.rows, sees)), declared))
                        .as("%s", declared)
                        .isEqualTo(fresh.sorted(fresh.load(declared, visible(world.rows(), sees)), declared));
            }
        }

        private void requireTrue(Client knows) {
            for (String table : model.tables().keySet()) {
                for (Row row : knows.rows.all(table)) {
                    Row is = world.rows().find(row.id());
                    assertThat(is).as("row of %s that is known", row.id()).isNotNull();
                    assertThat(row.columns().without("w"))
                            .isEqualTo(is.columns().without("w"));
                }
            }
        }

        private MemoryRows visible(MemoryRows rows, DenyingViewer viewer) {
            MemoryRows visible = new MemoryRows(model);
            for (String table : model.tables().keySet()) {
                rows.all(table).stream()
                        .filter(row -> viewer.allows(row.columns()))
                        .forEach(visible::put);
            }
            return visible;
        }

        /** What rules look at is told with every row here, so the row that was told is the one that it has to be allowed of. */
        private void requireAllowed(Told told) {
            for (JsonObject row : Stream.of(Optional.ofNullable(told.row()), Optional.ofNullable(told.oldRow()))
                    .flatMap(Optional::stream)
                    .toList()) {
                assertThat(permits.stream()
                                .map(DenyingViewer::new)
                                .filter(viewer -> !viewer.narrows() || !row.has("w")))
                        .as("may be told %s", row.text())
                        .anyMatch(viewer -> viewer.allows(row));
            }
        }
    }
}
