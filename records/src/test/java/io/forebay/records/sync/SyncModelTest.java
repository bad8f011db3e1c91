package io.forebay.records.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.flipkart.zjsonpatch.JsonPatch;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.model.Ordering;
import io.forebay.records.model.Table;
import io.forebay.records.patch.ValuePatch;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Items;
import io.forebay.records.value.Value.Loaded;
import io.forebay.records.value.ValueJson;
import io.forebay.schemas.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Random models, rows, shapes and changes against a fresh load. {@code -Dcases} sets how many, {@code -Dseed} where they begin; one that fails
 * names its own seed.
 */
class SyncModelTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int CASES = Integer.getInteger("cases", 2_000);

    /** What follows more or less from the others. */
    private static final int FEWER_CASES = CASES / 4;

    private static void forEachCase(Consumer<Case> test) {
        forEachOf(CASES, test);
    }

    private static void forEachOfFewerCases(Consumer<Case> test) {
        forEachOf(FEWER_CASES, test);
    }

    private static void forEachOf(int cases, Consumer<Case> test) {
        long seed = Long.getLong("seed", System.nanoTime());
        int played = 0;
        for (int i = 0; i < cases; i++) {
            try {
                test.accept(new Case(new Random(seed + i)));
                played++;
            } catch (LoadLimitException tooLargeToLoad) {
                // Not counted.
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (seed + i), e);
            }
        }
        assertThat(played).as("cases of those from seed %d", seed).isGreaterThan(cases * 9 / 10);
    }

    /** One model, its database, and a value that is declared to be part of it. */
    private static final class Case {

        final Random random;
        final Model model;
        final RandomChanges database;
        final FreshLoad fresh;
        final Sync sync;
        final Declared declared;
        final SyncOptions options;
        Value value;

        Case(Random random) {
            this.random = random;
            this.model = RandomModel.of(random);
            this.database = new RandomChanges(random, model);
            this.fresh = new FreshLoad(model);
            this.sync = new Sync(model);
            this.declared = declare();
            this.options = SyncOptions.DEFAULTS.withDeclared(declared);
            this.value = fresh.load(declared, database.rows());
        }

        private Declared declare() {
            List<Table> roots = RandomModel.roots(model);
            Table table = roots.get(random.nextInt(roots.size()));
            Shape shape = fresh.shape(random, table, 4);
            List<Row> there = new ArrayList<>(database.rows().all(table.name()));
            if (there.isEmpty() || random.nextBoolean()) {
                Ordering order = table.columns().contains("v") && random.nextBoolean()
                        ? new Ordering(List.of(new Ordering.Term("v", random.nextBoolean())))
                        : Ordering.NONE;
                return new Declared.Many(table.name(), FreshLoad.anyOf(random, table), order, shape);
            }
            return new Declared.One(there.get(random.nextInt(there.size())).id(), shape);
        }

        void requireFresh(MemoryRows rows, Object what) {
            assertThat(fresh.sorted(value, declared))
                    .as("after %s", what)
                    .isEqualTo(fresh.sorted(fresh.load(declared, rows), declared));
        }
    }

    @Test
    void aModelThatIsWrittenReadsAsItself() {
        forEachOfFewerCases(one -> {
            JsonObject written = ModelFile.write(one.model);
            Model read = ModelFile.parse(written);
            assertThat(read.tables()).isEqualTo(one.model.tables());
            assertThat(ModelFile.write(read).text()).isEqualTo(written.text());
        });
    }

    @Test
    void aValueIsWhatAFreshLoadShowsAfterEveryChange() {
        forEachCase(one -> {
            for (int i = 0; i < 6; i++) {
                MemoryRows before = one.database.copy();
                Change change = one.database.next();
                // A reader may have heard of the change or not.
                Rows rows = one.random.nextBoolean() ? before : one.database.rows();
                one.value = one.sync.apply(one.value, change, one.options, rows);
                one.requireFresh(one.database.rows(), change);
            }
        });
    }

    @Test
    void rowsInMemoryLoadWhatIsDeclared() {
        forEachOfFewerCases(one -> {
            for (int i = 0; i < 4; i++) {
                one.database.next();
                Value loaded = one.database.rows().load(one.declared, 1_000_000);
                assertThat(loaded).isEqualTo(one.fresh.load(one.declared, one.database.rows()));
            }
        });
    }

    @Test
    void aPatchMakesOneValueTheOther() {
        forEachOfFewerCases(one -> {
            for (int i = 0; i < 6; i++) {
                for (int changes = one.random.nextInt(5); changes >= 0; changes--) {
                    one.database.next();
                }
                Value next = one.fresh.load(one.declared, one.database.rows());
                String patch = ValuePatch.between(one.value, next);
                assertThat(JsonPatch.apply(
                                json(patch), json(ValueJson.write(one.value).raw())))
                        .as(patch)
                        .isEqualTo(json(ValueJson.write(next).raw()));
                one.value = next;
            }
        });
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void applyingAChangeTwiceIsApplyingItOnce() {
        forEachOfFewerCases(one -> {
            for (int i = 0; i < 4; i++) {
                Change change = one.database.next();
                Value once = one.sync.apply(one.value, change, one.options, one.database.rows());
                Value twice = one.sync.apply(once, change, one.options, one.database.rows());
                assertThat(twice).as("after %s", change).isEqualTo(once);
                one.value = once;
            }
        });
    }

    @Test
    void whatGoesInIsNotAltered() {
        forEachOfFewerCases(one -> {
            String before = ValueJson.write(one.value).raw();
            one.sync.apply(one.value, one.database.next(), one.options, one.database.rows());
            assertThat(ValueJson.write(one.value).raw()).isEqualTo(before);
        });
    }

    @Test
    void aValueIsReadAsItIsWritten() {
        forEachOfFewerCases(one -> assertThat(new ValueJson(one.model).read(ValueJson.write(one.value)))
                .isEqualTo(one.value));
    }

    @Test
    void aViewIgnoresWhatItHasSeenAndWhatComesLate() {
        forEachCase(one -> {
            View view = new View();
            List<Change> seen = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Change change = one.database.next();
                seen.add(change);
                one.value = applyNews(one, change, view);
                Change again = seen.get(one.random.nextInt(seen.size()));
                assertThat(applyNews(one, again, view)).as("%s again", again).isSameAs(one.value);
            }
            one.requireFresh(one.database.rows(), seen);
        });
    }

    private static Value applyNews(Case one, Change change, View view) {
        return one.sync.applyNews(one.value, change, one.options, one.database.rows(), view, new OwnWrites(), false);
    }

    /** Partitions do not keep step: only the changes of one record are in order, and the reader is ahead of what is being told. */
    @Test
    void whateverTheOrderOfRecordsTheEndIsTheSame() {
        forEachCase(one -> {
            Map<RecordId, Deque<Change>> told = new LinkedHashMap<>();
            List<Change> all = new ArrayList<>();
            while (all.size() < 10) {
                Change change = one.database.next();
                if (change.kind() == Change.Kind.TRUNCATED) {
                    // A table's truncation is told on every partition; in which order with the records is not to be
                    // chosen here.
                    return;
                }
                all.add(change);
                told.computeIfAbsent(change.record(), record -> new ArrayDeque<>())
                        .add(change);
            }
            List<Change> order = new ArrayList<>();
            while (order.size() < all.size()) {
                List<Deque<Change>> left =
                        told.values().stream().filter(some -> !some.isEmpty()).toList();
                order.add(left.get(one.random.nextInt(left.size())).remove());
            }
            for (Change change : order) {
                one.value = one.sync.apply(one.value, change, one.options, one.database.rows());
            }
            one.requireFresh(one.database.rows(), order);
        });
    }

    @Test
    void rowsThatAreFetchedMakeTheSame() {
        forEachOfFewerCases(one -> {
            Change change = one.database.next();
            MemoryRows database = one.database.rows();
            FetchedRows fetched = new FetchedRows();
            Value value = one.sync.apply(one.value, change, one.options, fetched);
            for (int rounds = 0; !fetched.isComplete(); rounds++) {
                assertThat(rounds).isLessThan(60);
                fetched.missingLookups().forEach(lookup -> fetched.put(lookup, database.find(lookup)));
                fetched.missingRecords().forEach(record -> fetched.put(record, database.find(record)));
                value = one.sync.apply(one.value, change, one.options, fetched);
            }
            assertThat(value).isEqualTo(one.sync.apply(one.value, change, one.options, database));
        });
    }

    /** Nobody says what the value is meant to be: an empty list then does not tell what is loaded below what enters it. */
    @Test
    void aValueAloneIsWhatAFreshLoadShowsOfWhatItHasLoaded() {
        forEachCase(one -> {
            if (!(one.declared instanceof Declared.One) || !(one.value instanceof Loaded root)) {
                return;
            }
            for (int i = 0; i < 5; i++) {
                Change change = one.database.next();
                Value after = one.sync.apply(root, change, SyncOptions.DEFAULTS, one.database.rows());
                if (change.isOf(root.id()) && change.after() == null) {
                    assertThat(after).isSameAs(root);
                    return;
                }
                Value fresh = one.fresh.sorted(one.fresh.load(one.declared, one.database.rows()), one.declared);
                assertThat(((Loaded) after).associations().keySet())
                        .isEqualTo(((Loaded) fresh).associations().keySet());
                requirePart((Loaded) one.fresh.sorted(after, one.declared), (Loaded) fresh, change);
                root = (Loaded) after;
            }
        });
    }

    private static void requirePart(Loaded part, Loaded whole, Change change) {
        assertThat(part.row()).as("after %s", change).isEqualTo(whole.row());
        assertThat(whole.associations().keySet())
                .containsAll(part.associations().keySet());
        part.associations().forEach((name, value) -> {
            List<Loaded> some = Value.records(value);
            List<Loaded> all = Value.records(whole.associations().getOrDefault(name, Value.NOTHING));
            assertThat(some).as("%s of %s after %s", name, part.id(), change).hasSameSizeAs(all);
            for (int i = 0; i < some.size(); i++) {
                requirePart(some.get(i), all.get(i), change);
            }
        });
    }

    @Test
    void aListAloneHoldsWhatItHeldAndWhatChanged() {
        forEachOfFewerCases(one -> {
            if (!(one.value instanceof Items items) || items.values().isEmpty()) {
                return;
            }
            String table = Value.records(items).get(0).row().table();
            List<RecordId> expected = new ArrayList<>(
                    Value.records(items).stream().map(Loaded::id).toList());
            Value value = items;
            for (int i = 0; i < 5 && !expected.isEmpty(); i++) {
                Change change = one.database.next();
                value = one.sync.apply(value, change, SyncOptions.DEFAULTS, one.database.rows());
                if (change.after() == null) {
                    expected.removeIf(change::isOf);
                } else if (change.table().equals(table) && !expected.contains(change.record())) {
                    expected.add(change.after().id());
                }
                assertThat(Value.records(value).stream().map(Loaded::id))
                        .as("after %s", change)
                        .containsExactlyElementsOf(expected);
            }
        });
    }
}
