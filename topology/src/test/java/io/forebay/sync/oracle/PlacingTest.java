package io.forebay.sync.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import io.forebay.sync.row.Places;
import io.forebay.sync.rule.AccessRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models that come and go in the middle of changes, with any of four columns by which rows are looked up, and tasks that lose what they
 * have in memory: in the end each place has the rows that it should have by the last model, and no other place has any.
 */
class PlacingTest {

    private static final int CASES = 60;
    private static final int RECORDS = 12;
    private static final int VALUES = 3;
    private static final List<String> COLUMNS = List.of("a", "b", "c", "d");

    static LongStream seeds() {
        long first = Long.getLong("seed", System.nanoTime());
        return LongStream.range(first, first + CASES);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rowsAreAtThePlacesOfTheModelThatWasDeclaredLast(long seed) {
        Random random = new Random(seed);
        try (StoreEngine engine = StoreEngine.create(StoreEngineConfig.defaults())) {
            Model model = model(random);
            World world = new World(random, model, AccessRules.open(model), engine);
            Map<String, String> rows = new TreeMap<>();
            world.declare(model);
            for (int i = 0; i < 150; i++) {
                if (random.nextInt(25) == 0) {
                    model = model(random);
                    world.declare(model);
                } else {
                    change(i, random, rows, world);
                }
                for (int step = random.nextInt(6); step > 0; step--) {
                    world.step();
                }
                if (random.nextInt(4) == 0) {
                    world.tick();
                }
                if (random.nextInt(10) == 0) {
                    world.reopen();
                }
            }
            world.settle();

            assertThat(world.copies(places())).isEqualTo(expected(model, rows));
            Set<List<String>> columns = model.associationKeys("posts");
            assertThat(places())
                    .allSatisfy(place ->
                            assertThat(world.isWhole(place)).isEqualTo(columns.contains(List.of(place.part(1)))));
        }
    }

    private static Model model(Random random) {
        List<String> associations = new ArrayList<>();
        for (String column : COLUMNS) {
            if (random.nextBoolean()) {
                associations.add("by_" + column + ": {kind: belongs_to, table: users, fk: " + column + "}");
            }
        }
        return ModelFile.parse("tables: {users: {columns: [id]}, posts: {columns: [id, a, b, c, d], assocs: {"
                + String.join(", ", associations) + "}}}");
    }

    private static List<Path> places() {
        List<Path> places = new ArrayList<>();
        for (String column : COLUMNS) {
            for (int value = 0; value < VALUES; value++) {
                places.add(Places.ofColumns("posts", List.of(column), List.of(Integer.toString(value))));
            }
        }
        return places;
    }

    private static void change(int position, Random random, Map<String, String> rows, World world) {
        String id = Integer.toString(random.nextInt(RECORDS));
        String record = "posts/" + id;
        RowChange.Builder change =
                RowChange.newBuilder().setTable("posts").setSource(new RowSource("db", (long) position, 0));
        if (random.nextInt(40) == 0) {
            rows.clear();
            world.change(
                    Path.of("posts").toBytes(),
                    change.setOp(RowOperation.truncated).build());
        } else if (random.nextInt(4) == 0) {
            rows.remove(record);
            world.change(
                    Path.parse(record).toBytes(),
                    change.setOp(RowOperation.deleted).build());
        } else {
            String row = row(id, random);
            RowOperation op = rows.put(record, row) == null ? RowOperation.inserted : RowOperation.updated;
            world.change(
                    Path.parse(record).toBytes(), change.setOp(op).setAfter(row).build());
        }
    }

    private static String row(String id, Random random) {
        StringBuilder row = new StringBuilder("{\"id\":" + id);
        for (String column : COLUMNS) {
            row.append(",\"").append(column).append("\":");
            row.append(random.nextInt(5) == 0 ? "null" : Integer.toString(random.nextInt(VALUES)));
        }
        return row.append("}").toString();
    }

    private static Map<String, String> expected(Model model, Map<String, String> rows) {
        Map<String, String> expected = new TreeMap<>();
        rows.forEach((record, row) -> {
            for (List<String> key : model.associationKeys("posts")) {
                String value = row.replaceAll(".*\"" + key.get(0) + "\":(\\w+).*", "$1");
                if (!value.equals("null")) {
                    expected.put("posts/" + key.get(0) + "/" + value + " " + record, row);
                }
            }
        });
        return expected;
    }
}
