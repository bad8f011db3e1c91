package io.forebay.sync.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.records.file.FileProblem;
import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {

    private static final Model MODEL = ModelFile.parse("""
            tables:
              persons:
                columns: [id, name, secret, rank]
                assocs:
                  posts: {kind: has_many, table: posts, fk: person_id, where: {gone: false}, order: [[at, asc]]}
              posts:
                columns: [id, person_id, title, secret, gone, at]
                assocs:
                  person: {kind: belongs_to, table: persons, fk: person_id}
                  tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id, related_key: tag_id}
              tags: {columns: [id, name]}
            """);

    private static final AccessRules RULES = AccessRules.parse("""
            tables:
              posts: {visible: "row.person_id == claims.id && !row.gone", hidden: [secret]}
              persons: {hidden: secret}
            """, MODEL);

    private static final JsonObject CLAIMS = JsonObject.parse("{\"id\":1}");

    private static JsonObject post(int person, boolean gone, String title) {
        return JsonObject.parse("{\"id\":5,\"person_id\":" + person + ",\"title\":\"" + title
                + "\",\"secret\":\"s3cr3t\",\"gone\":" + gone + ",\"at\":3}");
    }

    private static Sight sight(AccessRules rules, @Nullable JsonObject claims, @Nullable String own) {
        return rules.sight(claims, own == null ? OwnRule.NONE : OwnRule.parse(json(own)), Map.of());
    }

    private static JsonValue json(String value) {
        return Objects.requireNonNull(
                JsonObject.parse("{\"value\":" + value + "}").member("value"));
    }

    /** What is seen, with the titles before and after. */
    private static String told(Seen seen) {
        if (seen instanceof Seen.Inserted inserted) {
            return "inserted " + title(inserted.row());
        }
        if (seen instanceof Seen.Updated updated) {
            return "updated " + title(updated.old()) + " " + title(updated.row());
        }
        return seen instanceof Seen.Deleted deleted ? "deleted " + title(deleted.old()) : "nothing";
    }

    private static String title(@Nullable JsonObject row) {
        return row == null ? "-" : Objects.requireNonNull(row.member("title")).asText();
    }

    private static List<String> problems(String text) {
        InvalidFileException refused =
                catchThrowableOfType(InvalidFileException.class, () -> AccessRules.parse(text, MODEL));
        return refused.problems().stream().map(FileProblem::toString).toList();
    }

    @Test
    void everyProblemOfAFileIsTold() {
        assertThat(problems("""
                        tables:
                          nowhere: {visible: "true"}
                          posts: {visible: row.id ==, hidden: [id, person_id, gone, at, nope], shown: [id]}
                          persons: {visible: 1, hidden: [name, name]}
                          tags: none
                        default: perhaps
                        rules: []
                        """))
                .anyMatch(problem -> problem.startsWith("/tables/posts/visible: is no rule: line 1, column 10: "))
                .contains(
                        "/rules: is not known here: allowed are tables, default",
                        "/default: is allow or deny",
                        "/tables/nowhere: is no table of the model",
                        "/tables/posts/shown: is not known here: allowed are visible, hidden",
                        "/tables/posts/hidden: names id, which is of the primary key: rows are known by it",
                        "/tables/posts/hidden: names person_id, by which an association goes: clients place rows by it",
                        "/tables/posts/hidden: names gone, by which an association goes: clients place rows by it",
                        "/tables/posts/hidden: names at, by which an association goes: clients place rows by it",
                        "/tables/posts/hidden: names no column of posts: nope",
                        "/tables/persons/visible: is a text, not empty",
                        "/tables/persons/hidden: names name twice",
                        "/tables/tags: is an object")
                .hasSize(13);
    }

    @Test
    void aFileThatIsNoObjectIsOneProblem() {
        assertThat(problems("- posts")).containsExactly("file: not_an_object");
    }

    @Test
    void withoutAFileEverythingIsSeen() {
        AccessRules open = AccessRules.open(MODEL);

        JsonObject shown = sight(open, null, null).show(open.row("posts", post(2, true, "t")));

        assertThat(shown).isEqualTo(post(2, true, "t"));
    }

    @ParameterizedTest
    @CsvSource({"allow, true", "deny, false"})
    void aTableWithoutARuleIsAsTheFileSays(String standard, boolean seen) {
        AccessRules rules = AccessRules.parse("default: " + standard, MODEL);

        assertThat(sight(rules, CLAIMS, null).sees(rules.row("tags", JsonObject.parse("{\"id\":1}"))))
                .isEqualTo(seen);
    }

    @Test
    void aTableWithARuleIsNotForThoseWithoutClaims() {
        AccessRules rules = AccessRules.parse("tables: {tags: {visible: 'claims == null || true'}}", MODEL);

        assertThat(sight(rules, null, null).sees(rules.row("tags", JsonObject.parse("{\"id\":1}"))))
                .isFalse();
    }

    @Test
    void ofATableThatOnlyAnothersModelHasNothingIsSeenWhereThereAreRules() {
        JsonObject row = JsonObject.parse("{\"id\":1}");
        AccessRules open = AccessRules.open(MODEL);

        assertThat(sight(RULES, CLAIMS, null).sees(RULES.row("elsewhere", row))).isFalse();
        assertThat(sight(RULES, CLAIMS, null).of(RULES.change("elsewhere", Occasion.DELETED, row, null)))
                .isInstanceOf(Seen.Nothing.class);
        assertThat(sight(open, CLAIMS, null).sees(open.row("elsewhere", row))).isTrue();
    }

    @Test
    void rowsThatDoNotGoWithTheOccasionAreRefused() {
        JsonObject row = post(1, false, "t");

        assertThatThrownBy(() -> RULES.change("posts", Occasion.INSERTED, row, row))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RULES.change("posts", Occasion.DELETED, row, row))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RULES.change("posts", Occasion.UPDATED, row, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, updated before after",
        "1, 2, deleted before",
        "2, 1, inserted after",
        "2, 2, nothing",
        ",  1, updated - after",
        ",  2, nothing",
    })
    void anUpdateIsWhatComesOfBothRows(@Nullable Integer before, int after, String told) {
        JsonObject old = before == null ? null : post(before, false, "before");
        TableChange change = RULES.change("posts", Occasion.UPDATED, old, post(after, false, "after"));

        assertThat(told(sight(RULES, CLAIMS, null).of(change))).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({
        "INSERTED, , 1, inserted after",
        "INSERTED, , 2, nothing",
        "SNAPSHOT, , 1, inserted after",
        "SNAPSHOT, , 2, nothing",
        "DELETED, 1, , deleted before",
        "DELETED, 2, , nothing",
        "DELETED, , , nothing",
    })
    void otherChangesAreJudgedByTheirRow(
            Occasion occasion, @Nullable Integer before, @Nullable Integer after, String told) {
        TableChange change = RULES.change(
                "posts",
                occasion,
                before == null ? null : post(before, false, "before"),
                after == null ? null : post(after, false, "after"));

        assertThat(told(sight(RULES, CLAIMS, null).of(change))).isEqualTo(told);
    }

    @Test
    void aDeletionOfARowThatIsNotKnownIsForThoseWhoSeeAll() {
        TableChange change = RULES.change("persons", Occasion.DELETED, null, null);

        assertThat(told(sight(RULES, null, null).of(change))).isEqualTo("deleted -");
        assertThat(told(sight(RULES, null, "{\"id\":1}").of(change))).isEqualTo("nothing");
        assertThat(told(sight(RULES, null, "\"true\"").of(change))).isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"person_id": 1}                      | true
                    {"person_id": 1.0, "gone": false}     | true
                    {"person_id": 1, "gone": true}        | false
                    {"person_id": "1"}                    | false
                    {"person_id": null}                   | false
                    {"absent": null}                      | true
                    {"secret": "s3cr3t"}                  | false
                    {}                                    | true
                    "row.title == 't'"                    | true
                    "row.title == 'u'"                    | false
                    "has(row.secret)"                     | false
                    "event == 'snapshot'"                 | true
                    "claims.id == 1"                      | true
                    "table == 'posts' && row.gone"        | false
                    """)
    void aSubscriptionsOwnRuleNarrows(String own, boolean seen) {
        assertThat(sight(RULES, CLAIMS, own).sees(RULES.row("posts", post(1, false, "t"))))
                .isEqualTo(seen);
        assertThat(sight(RULES, CLAIMS, own).sees(RULES.row("posts", post(2, false, "t"))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1", "true", "[]", "null", "'\"row.\"'", "'\"1\"'"})
    void whatIsNoRuleOfASubscriptionIsRefused(String own) {
        assertThatThrownBy(() -> OwnRule.parse(json(own))).isInstanceOf(RuleException.class);
    }

    @Test
    void anOwnRuleDoesNotLearnOfOldRowsThatWereNotShown() {
        AccessRules open = AccessRules.open(MODEL);
        String own = "\"old != null && old.title == 'before'\"";
        JsonObject before = post(2, false, "before");
        JsonObject after = post(1, false, "after");

        Seen hiddenBefore = sight(RULES, CLAIMS, own).of(RULES.change("posts", Occasion.UPDATED, before, after));
        Seen shownBefore = sight(open, CLAIMS, own).of(open.change("posts", Occasion.UPDATED, before, after));

        assertThat(told(hiddenBefore)).isEqualTo("nothing");
        assertThat(told(shownBefore)).isEqualTo("inserted after");
    }

    @Test
    void hiddenColumnsComeNeverAndPlacingOnesAlways() {
        TableRow row = RULES.row("posts", post(1, false, "t"));
        Sight all = sight(RULES, CLAIMS, null);
        Sight some = RULES.sight(CLAIMS, OwnRule.NONE, Map.of("posts", Set.of("title", "secret")));
        Sight none = RULES.sight(CLAIMS, OwnRule.NONE, Map.of("posts", Set.of()));

        assertThat(columns(all.narrow(row))).containsExactly("id", "person_id", "title", "gone", "at");
        assertThat(columns(some.narrow(row))).containsExactly("id", "person_id", "title", "gone", "at");
        assertThat(columns(none.narrow(row))).containsExactly("id", "person_id", "gone", "at");
    }

    private static List<String> columns(JsonObject row) {
        return row.members().stream().map(JsonObject.Member::name).toList();
    }

    @Test
    void columnsOfASubscriptionAreChecked() {
        List<FileProblem> problems = RULES.check(Map.of("posts", Set.of("title", "secret"), "no/where", Set.of("id")));

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        new FileProblem("/posts/secret", "is no column of posts"),
                        new FileProblem("/no~1where", "is no table of the model"));
    }

    @Test
    void verdictsAreCounted() {
        AccessRules rules = AccessRules.parse("tables: {tags: {visible: row.name == claims.name}}", MODEL);
        Sight sight = rules.sight(JsonObject.parse("{\"name\":\"a\"}"), OwnRule.NONE, Map.of());

        sight.sees(rules.row("tags", JsonObject.parse("{\"id\":1,\"name\":\"a\"}")));
        sight.sees(rules.row("tags", JsonObject.parse("{\"id\":1,\"name\":\"b\"}")));
        sight.sees(rules.row("tags", JsonObject.parse("{\"id\":1}")));

        assertThat(rules.stats().allowed()).isEqualTo(1);
        assertThat(rules.stats().denied()).isEqualTo(1);
        assertThat(rules.stats().failed()).isEqualTo(1);
    }
}
