package io.forebay.sync.change;

import static io.forebay.sync.change.RowsDriver.at;
import static io.forebay.sync.change.RowsDriver.deleted;
import static io.forebay.sync.change.RowsDriver.inserted;
import static io.forebay.sync.change.RowsDriver.snapshot;
import static io.forebay.sync.change.RowsDriver.truncated;
import static io.forebay.sync.change.RowsDriver.updated;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The log of a random database, delivered in any order, with repetitions and restarts: in the end the rows are the database's, and
 * whoever keeps copies by what went to places has each of them where it belongs, and none besides.
 */
class RowsModelTest {

    private static final int SEEDS = 12;
    private static final int CHANGES = 120;
    private static final int RECORDS = 8;
    private static final int USERS = 3;

    @TempDir
    Path dir;

    static List<Long> seeds() {
        Random random = new Random();
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < SEEDS; i++) {
            seeds.add(random.nextLong());
        }
        return seeds;
    }

    /** One entry of the database's log. */
    private record Entry(String key, RowChange change) {}

    /** A copy of a row at a place. */
    private record Copy(String row, long ref, @Nullable LogPlace place) {}

    private final Map<String, String> database = new TreeMap<>();
    private final Map<String, Map<String, Copy>> places = new HashMap<>();
    private long numbered;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rowsAndCopiesAreThoseOfTheDatabase(long seed) {
        Random random = new Random(seed);
        List<Entry> log = log(random);
        List<Entry> delivered = new ArrayList<>(log);
        for (int i = 0; i < CHANGES / 4; i++) {
            delivered.add(log.get(random.nextInt(log.size())));
        }
        Collections.shuffle(delivered, random);

        try (RowsDriver driver = new RowsDriver(dir)) {
            for (Entry entry : delivered) {
                deliver(driver, entry);
                if (random.nextInt(20) == 0) {
                    driver.flow.runTicks();
                    apply(driver.routed());
                }
                if (random.nextInt(60) == 0) {
                    driver.flow.restart();
                }
            }

            Map<String, String> rows = new TreeMap<>();
            for (int id = 0; id < RECORDS; id++) {
                String row = driver.row("posts", "" + id);
                if (row != null) {
                    rows.put("posts/" + id, row);
                }
            }
            assertThat(rows).isEqualTo(database);
            assertThat(copies()).isEqualTo(expectedCopies());
            driver.flow.runTicks();
            assertThat(driver.routed()).isEmpty();
        }
    }

    /** A log of whole rows; what a source leaves out can be known only where nothing is late. */
    private List<Entry> log(Random random) {
        List<Entry> log = new ArrayList<>();
        for (int position = 1; position <= CHANGES; position++) {
            String id = Integer.toString(random.nextInt(RECORDS));
            String key = "posts/" + id;
            String row = "{\"id\":" + id + ",\"user_id\":" + user(random) + ",\"n\":" + position + "}";
            RowChange.Builder change;
            if (random.nextInt(40) == 0) {
                change = truncated("posts");
                database.clear();
                key = "posts";
            } else if (!database.containsKey(key)) {
                change = inserted("posts", row);
                database.put(key, row);
            } else if (random.nextInt(3) == 0) {
                change = deleted("posts");
                database.remove(key);
            } else if (random.nextInt(8) == 0) {
                change = snapshot("posts", database.get(key));
            } else {
                change = updated("posts", row);
                database.put(key, row);
            }
            log.add(new Entry(key, change.setSource(at(position)).build()));
        }
        return log;
    }

    private static String user(Random random) {
        int user = random.nextInt(USERS + 1);
        return user == USERS ? "null" : Integer.toString(user);
    }

    private void deliver(RowsDriver driver, Entry entry) {
        driver.append(
                RowChange.newBuilder(entry.change()),
                io.forebay.schemas.path.Path.parse(entry.key()).parts().toArray(String[]::new));
        apply(driver.routed());
    }

    private void apply(List<RoutedChange> routed) {
        for (RoutedChange change : routed) {
            assertThat(change.getNumber()).isEqualTo(++numbered);
            LogPlace place = LogPlace.of(change.getSource());
            if (change.getOp() == RowOperation.truncated) {
                Truncation truncation = new Truncation(change.getRef(), place, 0, false);
                places.values()
                        .forEach(copies -> copies.values().removeIf(copy -> truncation.took(copy.ref(), copy.place())));
                continue;
            }
            for (RoutedPlace routedPlace : change.getPlaces()) {
                Map<String, Copy> copies = places.computeIfAbsent(routedPlace.getPath(), path -> new HashMap<>());
                if (routedPlace.getRole() == PlaceRole.left) {
                    copies.remove(change.getRecord());
                } else if (routedPlace.getRole() != PlaceRole.subject) {
                    copies.put(change.getRecord(), new Copy(change.getNewRow(), change.getRef(), place));
                }
            }
        }
    }

    private Set<String> copies() {
        Set<String> copies = new HashSet<>();
        places.forEach(
                (place, rows) -> rows.forEach((record, copy) -> copies.add(place + " " + record + " " + copy.row())));
        return copies;
    }

    private Set<String> expectedCopies() {
        Set<String> copies = new HashSet<>();
        database.forEach((record, row) -> {
            String user = row.replaceAll(".*\"user_id\":([^,]*),.*", "$1");
            if (!user.equals("null")) {
                copies.add("posts/user_id/" + user + " " + record + " " + row);
            }
        });
        return copies;
    }
}
