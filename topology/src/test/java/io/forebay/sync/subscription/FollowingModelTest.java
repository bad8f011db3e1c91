package io.forebay.sync.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
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
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random models, rows, subscriptions and changes, on their way in any order that partitions allow: what a subscriber knows by what he was told is
 * what a fresh load shows. {@code -Dcases} sets how many, {@code -Dseed} where they begin; one that fails names its own seed.
 */
class FollowingModelTest {

    private static final int CASES = Integer.getInteger("cases", 500);

    @Test
    void whatASubscriberKnowsIsWhatAFreshLoadShows() {
        long seed = Long.getLong("seed", System.nanoTime());
        int played = 0;
        for (int i = 0; i < CASES; i++) {
            try {
                new Case(new Random(seed + i)).play();
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

        Client(Model model) {
            rows = new MemoryRows(model);
        }

        void take(Told told) {
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
            Long last = refs.put(told.record(), told.ref());
            boolean known = rows.find(RecordId.of(Path.parse(told.record()))) != null;
            if (known && told.followed()) {
                assertThat(told.ref()).as("ref of %s", told).isGreaterThan(last == null ? -1 : last);
            }
            RecordId record = RecordId.of(Path.parse(told.record()));
            if (told.row() != null && told.followed()) {
                rows.put(new Row(record, told.row()));
            } else {
                rows.remove(record);
            }
        }
    }

    private static final class Case {

        private static final String NAME = "ann/1";

        private final Random random;
        private final Model model;
        private final World world;
        private final FreshLoad fresh;
        private final Client client;
        private final Map<RecordId, Shape> roots = new LinkedHashMap<>();
        private final Set<RecordId> ever = new LinkedHashSet<>();

        Case(Random random) {
            this.random = random;
            this.model = RandomModel.of(random);
            this.client = new Client(model);
            this.fresh = new FreshLoad(model);
            this.world = new World(random, model, permit -> Viewer.OF_EVERYTHING, sent -> client.take(sent.told()));
        }

        void play() {
            addRoot();
            for (int i = 0; i < 25; i++) {
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
            roots.merge(root, shape, Shape::merge);
            world.subscribe(NAME, Permit.NONE, subscriptions(root, shape));
            if (random.nextBoolean()) {
                world.settle();
            }
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
                        0));
            }
            return subscriptions;
        }

        private void requireFresh() {
            roots.forEach((root, shape) -> {
                Declared declared = new Declared.One(root, shape);
                assertThat(fresh.sorted(fresh.load(declared, client.rows), declared))
                        .as("%s with %s", root, ShapeText.of(shape))
                        .isEqualTo(fresh.sorted(fresh.load(declared, world.rows()), declared));
            });
            for (String table : model.tables().keySet()) {
                for (Row row : client.rows.all(table)) {
                    assertThat(row).as("known row").isEqualTo(world.rows().find(row.id()));
                }
            }
        }
    }
}
