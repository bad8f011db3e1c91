package io.forebay.records.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.records.file.FileProblem;
import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Association.BelongsTo;
import io.forebay.records.model.Association.HasMany;
import io.forebay.records.model.Association.HasThrough;
import io.forebay.records.model.Association.ManyToMany;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ModelFileTest {

    private static final String BLOG = """
            # What a blog is made of.
            tables:
              users:
                columns: [id, name, on]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id, where: {hidden: false, country: no}, order: [[id, desc]]}
                  tags: {kind: has_through, path: [posts, tags]}
                  co_tagged: {kind: has_through, path: [tags, posts], order: [[title, asc]]}
              posts:
                pk: id
                columns: [id, title, user_id, hidden, country]
                note: nothing to do with mail
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
                  tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id, related_key: tag_id}
              tags:
                columns: [id, name]
                assocs:
                  posts: {kind: many_to_many, table: posts, through: posts_tags, owner_key: tag_id, related_key: post_id}
              seats:
                pk: [hall, number]
                columns: [hall, number, next_hall, next_number]
                assocs:
                  next: {kind: belongs_to, table: seats, fk: [next_hall, next_number]}
            """;

    private static Association association(Model model, String table, String name) {
        return Objects.requireNonNull(model.require(table).association(name));
    }

    @Test
    void readsYaml() {
        Model model = ModelFile.parse(BLOG);

        assertThat(model.tables().keySet()).containsExactly("users", "posts", "tags", "seats", "posts_tags");
        assertThat(model.require("users").primaryKey()).containsExactly("id");
        assertThat(model.require("users").columns()).containsExactly("id", "name", "on");
        assertThat(model.require("users").associations().keySet()).containsExactly("posts", "tags", "co_tagged");
        assertThat(association(model, "posts", "user"))
                .isEqualTo(new BelongsTo("user", "posts", "users", List.of("user_id"), Conditions.NONE));
        assertThat(association(model, "seats", "next"))
                .isEqualTo(
                        new BelongsTo("next", "seats", "seats", List.of("next_hall", "next_number"), Conditions.NONE));
    }

    @Test
    void readsJson() {
        Model model = ModelFile.parse("{\"tables\":{\"t\":{\"columns\":[\"id\"]}},\"note\":\"\"}");

        assertThat(model.require("t").associations()).isEmpty();
    }

    @Test
    void plainScalarsOfYamlAreThoseOfJson() {
        HasMany posts = (HasMany) association(ModelFile.parse(BLOG), "users", "posts");

        assertThat(posts.where().byColumn().get("hidden"))
                .isInstanceOfSatisfying(
                        Condition.Equals.class,
                        equals -> assertThat(equals.expected().raw()).isEqualTo("false"));
        assertThat(posts.where().byColumn().get("country"))
                .isInstanceOfSatisfying(
                        Condition.Equals.class,
                        equals -> assertThat(equals.expected().raw()).isEqualTo("\"no\""));
        assertThat(posts.order()).isEqualTo(new Ordering(List.of(new Ordering.Term("id", true))));
    }

    @Test
    void anUndeclaredJoinTableIsItsKeys() {
        Table join = ModelFile.parse(BLOG).require("posts_tags");

        assertThat(join)
                .isEqualTo(new Table(
                        "posts_tags", List.of("post_id", "tag_id"), List.of("post_id", "tag_id"), Map.of(), true));
    }

    @Test
    void aWrittenModelReadsAsAnEqualOne() {
        Model model = ModelFile.parse(BLOG);

        String written = ModelFile.write(model).text();

        assertThat(written)
                .contains(
                        "\"posts\":{\"kind\":\"has_many\",\"table\":\"posts\",\"fk\":[\"user_id\"],"
                                + "\"where\":{\"hidden\":false,\"country\":\"no\"},\"order\":[[\"id\",\"desc\"]]}",
                        "\"tags\":{\"kind\":\"has_through\",\"path\":[\"posts\",\"tags\"]}",
                        "\"posts_tags\":{\"pk\":[\"post_id\",\"tag_id\"],\"columns\":[\"post_id\",\"tag_id\"],\"assocs\":{},"
                                + "\"schemaless\":true}");
        assertThat(ModelFile.parse(written).tables()).isEqualTo(model.tables());
    }

    @Test
    void aPathThroughPathsIsWrittenOut() {
        Model model = ModelFile.parse(BLOG);
        HasThrough coTagged = (HasThrough) association(model, "users", "co_tagged");

        assertThat(coTagged.steps())
                .containsExactly(
                        (HasMany) association(model, "users", "posts"),
                        (ManyToMany) association(model, "posts", "tags"),
                        (ManyToMany) association(model, "tags", "posts"));
        assertThat(coTagged.table()).isEqualTo("posts");
        assertThat(coTagged.isMany()).isTrue();
    }

    @Test
    void rowsMeetByForeignKeysAndKeysOfJoinTables() {
        Model model = ModelFile.parse(BLOG);

        assertThat(model.associationKeys("posts")).containsExactly(List.of("user_id"));
        assertThat(model.associationKeys("posts_tags"))
                .containsExactlyInAnyOrder(List.of("post_id"), List.of("tag_id"));
        assertThat(model.associationKeys("seats")).containsExactly(List.of("next_hall", "next_number"));
        assertThat(model.associationColumns("seats")).containsExactly("next_hall", "next_number");
        assertThat(model.associationKeys("users")).isEmpty();
        assertThat(model.associationKeys("nowhere")).isEmpty();
    }

    private static List<String> problems(String text) {
        InvalidFileException exception = catchThrowableOfType(InvalidFileException.class, () -> ModelFile.parse(text));
        return exception.problems().stream().map(FileProblem::toString).toList();
    }

    @Test
    void everyProblemIsToldWithItsPlace() {
        assertThat(problems("""
                        tables:
                          "":
                            columns: [id]
                          a/b:
                            columns: [id, id]
                          posts:
                            pk: [id, nr]
                            colums: [id]
                            columns: [id, x, user_id]
                            assocs:
                              user: {kind: belongs_to, table: users, fk: [user_id, x]}
                              author: {kind: belongs_to, table: nowhere, fk: user_id}
                              comments: {kind: has_lots, table: comments}
                              a.b: {kind: has_many, table: users, fk: [post_id, nr], on: delete}
                              tags: {kind: many_to_many, table: users, owner_key: [p, q], related_key: r}
                              rest: 7
                          users:
                            columns: [id, post_id, nr, name]
                            schemaless: maybe
                            assocs:
                              posts: {kind: has_many, table: posts, fk: owner, where: {colour: red, x: [1]}}
                              first: {kind: has_one, table: posts, fk: user_id, order: [[id, up]]}
                              same: {kind: many_to_many, table: users, through: j, owner_key: u, related_key: u}
                              lost: {kind: has_through, path: [first, nothing]}
                              round: {kind: has_through, path: [again]}
                              again: {kind: has_through, path: [round]}
                              none: {kind: has_through, path: []}
                        """))
                .containsExactlyInAnyOrder(
                        "/tables/: a table's name is not empty",
                        "/tables/a~1b/columns: names id twice",
                        "/tables/posts/pk: names nr, which is no column of the table",
                        "/tables/posts/colums: is not known here: allowed are pk, columns, assocs, schemaless",
                        "/tables/posts/assocs/user/fk: has 2 columns for the primary key of users, which has 1",
                        "/tables/posts/assocs/author/table: names no table of the model: nowhere",
                        "/tables/posts/assocs/comments/kind: is belongs_to, has_one, has_many, many_to_many or has_through",
                        "/tables/posts/assocs/a.b: an association's name is not empty and has no dot and no comma in it",
                        "/tables/posts/assocs/a.b/on: is not known here: allowed are kind, table, fk, where, order",
                        "/tables/posts/assocs/tags: needs through: a text",
                        "/tables/posts/assocs/rest: is an object",
                        "/tables/users/schemaless: is true or false",
                        "/tables/users/assocs/posts/fk: names no column of posts: owner",
                        "/tables/users/assocs/first/order: is a list of [column, asc or desc]",
                        "/tables/users/assocs/same/related_key: is not the owner_key",
                        "/tables/users/assocs/lost/path: posts has no association nothing",
                        "/tables/users/assocs/round/path: comes back to itself: users.round, users.again",
                        "/tables/users/assocs/none/path: is a name or a list of names, not empty");
    }

    @Test
    void conditionsAndOrdersAreOfColumns() {
        assertThat(problems("""
                        {"tables":{"t":{"columns":["id","up","v"],"assocs":{
                          "a":{"kind":"has_many","table":"t","fk":"up","where":{"x":1,"v":{"in":[1,{}]}},"order":[["y","asc"]]},
                          "b":{"kind":"has_many","table":"t","fk":"up","where":{"v":{"not":{"not":1}}}},
                          "c":{"kind":"has_many","table":"t","fk":"up","where":{"v":{"in":[1],"not":1}}},
                          "d":{"kind":"has_many","table":"t","fk":"up","where":7,"order":"id"}}}}}
                        """))
                .containsExactlyInAnyOrder(
                        "/tables/t/assocs/a/where/x: is no column of t",
                        "/tables/t/assocs/a/where/v: is a value, null, {in: [values]} or {not: a value, null or {in: [values]}}",
                        "/tables/t/assocs/a/order: names no column of t: y",
                        "/tables/t/assocs/b/where/v: is a value, null, {in: [values]} or {not: a value, null or {in: [values]}}",
                        "/tables/t/assocs/c/where/v: is a value, null, {in: [values]} or {not: a value, null or {in: [values]}}",
                        "/tables/t/assocs/d/where: is an object",
                        "/tables/t/assocs/d/order: is a list of [column, asc or desc]");
    }

    @Test
    void aPathMayNotGrowWithoutBounds() {
        StringBuilder associations =
                new StringBuilder("\"p0\":{\"kind\":\"belongs_to\",\"table\":\"t\",\"fk\":\"up\"}");
        for (int i = 1; i < 40; i++) {
            associations
                    .append(",\"p")
                    .append(i)
                    .append("\":{\"kind\":\"has_through\",\"path\":[\"p")
                    .append(i - 1)
                    .append("\",\"p")
                    .append(i - 1)
                    .append("\"]}");
        }

        assertThat(problems("{\"tables\":{\"t\":{\"columns\":[\"id\",\"up\"],\"assocs\":{" + associations + "}}}}"))
                .containsExactly("/tables/t/assocs/p5/path: comes to more than 16 associations");
    }

    @Test
    void pathsThatLeadThroughManyOthersAreRefused() {
        List<String> associations = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            associations.add("\"p" + i + "\":{\"kind\":\"has_through\",\"path\":[\"p" + (i + 1) + "\"]}");
        }
        associations.add("\"p5000\":{\"kind\":\"belongs_to\",\"table\":\"t\",\"fk\":\"up\"}");
        String file = "{\"tables\":{\"t\":{\"columns\":[\"id\",\"up\"],\"assocs\":{%s}}}}";

        assertThat(problems(file.formatted(String.join(",", associations))))
                .contains("/tables/t/assocs/p16/path: leads through more than 15 others of its kind");
        Collections.reverse(associations);
        assertThat(problems(file.formatted(String.join(",", associations))))
                .contains("/tables/t/assocs/p4983/path: leads through more than 15 others of its kind");
    }

    @Test
    void textThatIsNoModelIsRefused() {
        assertThat(problems("")).containsExactly("file: needs tables: an object");
        assertThat(problems("tables: [")).singleElement().asString().startsWith("file: is no YAML: line 1");
        assertThat(problems("- a")).containsExactly("file: not_an_object");
        assertThat(problems("{\"tables\":{\"a\":1,\"a\":2}}")).containsExactly("/tables/a: duplicate_member");
        assertThat(problems("tables: {a: 1, a: 2}")).containsExactly("/tables/a: duplicate_member");
        assertThat(problems("tables: !!java.io.File {}"))
                .singleElement()
                .asString()
                .contains("tag");
        assertThat(problems("a: &x [1]\nb: *x")).singleElement().asString().contains("is no YAML");
        assertThat(problems("a: &x [*x]")).singleElement().asString().contains("is no YAML");
        assertThat(problems("[".repeat(100_000))).singleElement().asString().startsWith("file: is no YAML");
    }

    @Test
    void aTableThatThereIsNotIsNotRequired() {
        Model model = ModelFile.parse(BLOG);

        assertThat(model.table("nowhere")).isNull();
        assertThatThrownBy(() -> model.require("nowhere")).isInstanceOf(IllegalArgumentException.class);
    }
}
