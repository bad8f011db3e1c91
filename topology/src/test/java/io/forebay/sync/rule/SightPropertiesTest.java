package io.forebay.sync.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random rules, subscribers and histories of one row. Rules are pairs of a text and a function that means the same, so that what a
 * subscriber gets is held against something that knows nothing of the language.
 */
class SightPropertiesTest {

    private static final int HISTORIES = 2_000;
    private static final int LONGEST_HISTORY = 12;

    private static final Model MODEL = ModelFile.parse("tables: {t: {columns: [id, a, b, secret]}}");

    /** A row, or a subscriber, whose columns or claims are a and b; null is a column that is absent. */
    private record Pair(@Nullable Integer a, @Nullable Integer b) {

        static Pair random(Random random) {
            return new Pair(
                    random.nextInt(8) == 0 ? null : random.nextInt(3),
                    random.nextInt(8) == 0 ? null : random.nextInt(3));
        }

        JsonObject json(String more) {
            return JsonObject.parse("{\"id\":1" + member("a", a) + member("b", b) + more + "}");
        }

        JsonObject row() {
            return json(",\"secret\":" + (a == null ? 0 : a));
        }

        private static String member(String name, @Nullable Integer value) {
            return value == null ? "" : ",\"" + name + "\":" + value;
        }
    }

    /** What a text means of a row and claims: null when it fails. */
    private interface Meaning {
        @Nullable
        Boolean of(Pair row, Pair claims);
    }

    private record Meant(String text, Meaning meaning) {

        boolean allows(Pair row, Pair claims) {
            return Boolean.TRUE.equals(meaning.of(row, claims));
        }
    }

    private static Meant random(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 4 : 7);
        return switch (kind) {
            case 0 ->
                new Meant(
                        "row.a == claims.a",
                        (row, claims) -> (row.a() == null || claims.a() == null)
                                ? null
                                : row.a().equals(claims.a()));
            case 1 ->
                new Meant(
                        "row.b < claims.b",
                        (row, claims) -> (row.b() == null || claims.b() == null) ? null : row.b() < claims.b());
            case 2 -> new Meant("has(row.a)", (row, claims) -> row.a() != null);
            case 3 -> new Meant("row.b in [0, 2]", (row, claims) -> row.b() == null ? null : row.b() != 1);
            case 4 -> {
                Meant one = random(random, depth - 1);
                yield new Meant("!(" + one.text() + ")", (row, claims) -> {
                    Boolean value = one.meaning().of(row, claims);
                    return value == null ? null : !value;
                });
            }
            case 5 -> both(random(random, depth - 1), random(random, depth - 1), " && ", false);
            default -> both(random(random, depth - 1), random(random, depth - 1), " || ", true);
        };
    }

    /** One of the two decides by its value alone, even where the other fails. */
    private static Meant both(Meant one, Meant other, String operator, boolean deciding) {
        return new Meant("(" + one.text() + operator + other.text() + ")", (row, claims) -> {
            Boolean left = one.meaning().of(row, claims);
            Boolean right = other.meaning().of(row, claims);
            Boolean decides = deciding;
            if (decides.equals(left) || decides.equals(right)) {
                return deciding;
            }
            return (left == null || right == null) ? null : !deciding;
        });
    }

    @Test
    void whatASubscriberKeepsIsWhatHeMaySee() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed of random rules and rows: " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < HISTORIES; i++) {
            Meant visible = random(random, 3);
            Meant own = random(random, 2);
            Pair claims = Pair.random(random);
            String story =
                    "seed " + seed + ", history " + i + ": " + visible.text() + " | " + own.text() + " | " + claims;

            follow(random, visible, own, claims, story);
        }
    }

    private static void follow(Random random, Meant visible, Meant own, Pair claims, String story) {
        AccessRules rules = AccessRules.parse(
                "{\"tables\":{\"t\":{\"visible\":\"" + visible.text() + "\",\"hidden\":[\"secret\"]}}}", MODEL);
        Set<String> named = random.nextBoolean() ? Set.of("a") : Set.of("a", "b");
        Sight sight = rules.sight(claims.json(""), new OwnRule.Written(Rule.compile(own.text())), Map.of("t", named));
        Pair now = null;
        JsonObject kept = null;
        for (int step = random.nextInt(LONGEST_HISTORY); step >= 0; step--) {
            Pair next = now != null && random.nextInt(3) == 0 ? null : Pair.random(random);
            Seen seen = sight.of(change(rules, now, next));
            kept = keep(kept, seen, story);
            now = next;

            boolean may = now != null && visible.allows(now, claims) && own.allows(now, claims);
            assertThat(kept != null).as(story).isEqualTo(may);
            if (kept != null && now != null) {
                assertThat(kept).as(story).isEqualTo(expected(now, named));
            }
        }
    }

    private static TableChange change(AccessRules rules, @Nullable Pair old, @Nullable Pair row) {
        Occasion occasion = row == null ? Occasion.DELETED : old == null ? Occasion.INSERTED : Occasion.UPDATED;
        return rules.change("t", occasion, old == null ? null : old.row(), row == null ? null : row.row());
    }

    /** What a client keeps after what it is told, which has to go with what it had. */
    private static @Nullable JsonObject keep(@Nullable JsonObject kept, Seen seen, String story) {
        if (seen instanceof Seen.Inserted inserted) {
            assertThat(kept).as(story).isNull();
            return inserted.row();
        }
        if (seen instanceof Seen.Updated updated) {
            assertThat(updated.old()).as(story).isNotNull().isEqualTo(kept);
            return updated.row();
        }
        if (seen instanceof Seen.Deleted deleted) {
            assertThat(deleted.old()).as(story).isNotNull().isEqualTo(kept);
            return null;
        }
        return kept;
    }

    private static JsonObject expected(Pair row, Set<String> named) {
        Set<String> columns = new HashSet<>(named);
        columns.addAll(List.of("id"));
        return row.json("").only(columns::contains);
    }
}
