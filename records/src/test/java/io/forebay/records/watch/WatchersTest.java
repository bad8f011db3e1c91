package io.forebay.records.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.ValueJson;
import io.forebay.records.watch.WatchException.Kind;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can be defined and subscribed to, and what a change touches. */
class WatchersTest {

    private static final Model MODEL = ModelFile.parse("""
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
                  profile: {kind: has_one, table: profiles, fk: user_id}
                  tickets: {kind: has_many, table: tickets, fk: holder_id}
                  seats: {kind: has_through, path: [tickets, seat]}
                  tags: {kind: has_through, path: [posts, tags]}
              posts:
                columns: [id, title, body, user_id]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
                  tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id, related_key: tag_id}
              profiles:
                pk: user_id
                columns: [user_id, born]
              tags:
                columns: [id, name]
              seats:
                pk: [hall, number]
                columns: [hall, number, state]
                assocs:
                  tickets: {kind: has_many, table: tickets, fk: [seat_hall, seat_number]}
              tickets:
                columns: [id, seat_hall, seat_number, holder_id]
                assocs:
                  seat: {kind: belongs_to, table: seats, fk: [seat_hall, seat_number]}
            """);
    private static final Watchers ALL = Watchers.everyTable(MODEL);

    @Test
    void everythingWrongWithADefinitionIsToldAtOnce() {
        WatchException refused = refused(() -> Watchers.define(MODEL, Json.value("""
                [7,
                 {"table": "nowhere", "event": "inserted"},
                 {"table": "posts", "event": "moved", "extra": 1},
                 {"table": "posts", "event": "inserted", "extra_columns": ["nope", 3], "label": ""},
                 {"table": "posts", "event": "deleted", "trigger_columns": ["title"]},
                 {"table": "posts", "event": "updated", "columns": ["title"]},
                 {"table": "x", "event": "updated", "schemaless": true, "columns": ["a"], "association_columns": ["b"],
                  "trigger_columns": ["c"]},
                 {"table": "posts", "event": "updated"}]""")));

        assertThat(refused.kind()).isEqualTo(Kind.INVALID);
        assertThat(refused.problems())
                .extracting(WatchProblem::toString)
                .containsExactly(
                        "/0: must be an object",
                        "/1/table: names no table of the model",
                        "/2: has an unknown member, extra; known are association_columns, columns, event, extra_columns,"
                                + " label, primary_key, schemaless, table, trigger_columns",
                        "/2/event: must be inserted, updated or deleted",
                        "/3/label: must be a text",
                        "/3/extra_columns/1: must be the name of a column",
                        "/3/extra_columns: there is no column nope",
                        "/4/trigger_columns: are for updated only",
                        "/4/label: is missing; a watcher with trigger_columns needs one",
                        "/5/columns: is for tables that are schemaless",
                        "/6/label: is missing; a table that is schemaless needs one",
                        "/6/association_columns: there is no column b",
                        "/6/trigger_columns: there is no column c",
                        "/7: watches the same as /5; one of them needs a label");
    }

    @Test
    void twoOfOneNameAreAConflict() {
        WatchException refused = refused(() -> define("""
                [{'table': 'posts', 'event': 'updated'}, {'table': 'posts', 'event': 'updated', 'extra_columns': ['id']},
                 {'table': 'posts', 'event': 'updated', 'label': 'x'}, {'table': 'users', 'event': 'deleted', 'label': 'x'}]"""));

        assertThat(refused.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(refused.problems())
                .extracting(WatchProblem::toString)
                .containsExactly("/1: watches the same as /0; one of them needs a label", "/3: has the label of /2");
    }

    @Test
    void aDefinitionIsReadAsItIsWritten() {
        List<Watcher> watchers = define("""
                [{'table': 'posts', 'event': 'updated', 'label': 'x', 'trigger_columns': ['title'], 'extra_columns': ['id', 'body']},
                 {'table': 'x', 'event': 'deleted', 'label': 'y', 'schemaless': true, 'primary_key': ['a', 'b'],
                  'columns': ['c'], 'association_columns': ['c'], 'extra_columns': ['c', 'a']}]""").all();

        assertThat(WatcherList.parse(Json.value(Json.array(watchers.stream()
                        .map(watcher -> watcher.toJson().text())
                        .toList()))))
                .isEqualTo(watchers);
    }

    @Test
    void aTrackedColumnCountsWhenItsValueIsAnother() {
        Watchers tracked =
                define("[{'table': 'posts', 'event': 'updated', 'label': 'x', 'trigger_columns': ['title']}]");

        assertThat(updated(tracked, "{'id': 1, 'title': 7}", "{'id': 1, 'title': 7.0}"))
                .isEmpty();
        assertThat(updated(tracked, "{'id': 1, 'title': null}", "{'id': 1, 'title': null}"))
                .isEmpty();
        assertThat(updated(tracked, "{'id': 1, 'title': null}", "{'id': 1}")).isEmpty();
        assertThat(updated(tracked, "{'id': 1, 'title': {'a': 1, 'b': 2}}", "{'id': 1, 'title': {'b': 2, 'a': 1}}"))
                .isEmpty();
        assertThat(updated(tracked, "{'id': 1, 'title': null}", "{'id': 1, 'title': 'a'}"))
                .hasSize(1);
        assertThat(updated(tracked, "{'id': 1, 'title': 'a'}", "{'id': 1, 'title': null}"))
                .hasSize(1);
        assertThat(updated(tracked, "{'id': 1, 'title': '7'}", "{'id': 1, 'title': 7}"))
                .hasSize(1);
    }

    @Test
    void ofSeveralTrackedColumnsOneIsEnoughAndCountsOnce() {
        Watchers tracked =
                define("[{'table': 'posts', 'event': 'updated', 'label': 'x', 'trigger_columns': ['title', 'body']}]");

        assertThat(updated(tracked, "{'id': 1, 'title': 1, 'body': 1}", "{'id': 1, 'title': 1, 'body': 2}"))
                .hasSize(1);
        assertThat(updated(tracked, "{'id': 1, 'title': 1, 'body': 1}", "{'id': 1, 'title': 2, 'body': 2}"))
                .hasSize(1);
    }

    @Test
    void aMoveTouchesBothParentsAndIsNewToTheOther() {
        List<Touch> touched =
                updated(ALL, "{'id': 5, 'title': 'a', 'user_id': 1}", "{'id': 5, 'title': 'a', 'user_id': 2}");

        assertThat(touched)
                .extracting(touch -> touch.watcher().event(), Touch::entered, Touch::identifiers)
                .containsExactly(
                        tuple(
                                RowEvent.UPDATED,
                                false,
                                List.of(
                                        identifier("posts", RowEvent.UPDATED, Scope.EVERY_ROW),
                                        identifier("posts", RowEvent.UPDATED, new Scope.OneRecord(values("5"))),
                                        identifier("posts", RowEvent.UPDATED, by("user_id", "1")),
                                        identifier("posts", RowEvent.UPDATED, by("user_id", "2")))),
                        tuple(
                                RowEvent.INSERTED,
                                true,
                                List.of(identifier("posts", RowEvent.INSERTED, by("user_id", "2")))));
        assertThat(touched)
                .allSatisfy(touch -> assertThat(touch.values().text()).isEqualTo("{\"id\":5,\"user_id\":2}"));
    }

    @Test
    void aKeyThatBecomesOrWasNullIsNobodys() {
        assertThat(scopes(updated(ALL, "{'id': 5, 'user_id': 1}", "{'id': 5, 'user_id': null}")))
                .containsExactly(Scope.EVERY_ROW, new Scope.OneRecord(values("5")), by("user_id", "1"));
        assertThat(scopes(updated(ALL, "{'id': 5, 'user_id': null}", "{'id': 5, 'user_id': 1}")))
                .containsExactly(
                        Scope.EVERY_ROW, new Scope.OneRecord(values("5")), by("user_id", "1"), by("user_id", "1"));
    }

    @Test
    void keysAreComparedAsText() {
        assertThat(updated(ALL, "{'id': 5, 'user_id': 1}", "{'id': '5', 'user_id': '1'}"))
                .singleElement()
                .satisfies(touch -> assertThat(touch.identifiers())
                        .contains(identifier("posts", RowEvent.UPDATED, new Scope.OneRecord(values("'5'"))))
                        .contains(identifier("posts", RowEvent.UPDATED, by("user_id", "1.0"))));
    }

    @Test
    void keysOfSeveralColumns() {
        Scope seat = new Scope.Associated(List.of("seat_hall", "seat_number"), values("'A'", "7"));
        Identifier tickets = ALL.identifier(new WatcherName.OfTable("tickets", RowEvent.INSERTED), seat);

        assertThat(ALL.touched(
                        "tickets",
                        RowEvent.INSERTED,
                        null,
                        Json.object("{'id': 1, 'seat_hall': 'A', 'seat_number': 7, 'holder_id': null}")))
                .singleElement()
                .satisfies(touch -> assertThat(touch.identifiers()).contains(tickets));
        assertThat(ALL.touched(
                        "tickets",
                        RowEvent.INSERTED,
                        null,
                        Json.object("{'id': 1, 'seat_hall': 'A', 'seat_number': null, 'holder_id': 3}")))
                .singleElement()
                .satisfies(touch -> assertThat(touch.identifiers()).hasSize(2).doesNotContain(tickets));
        assertThat(refused(() -> ALL.identifier(
                                new WatcherName.OfTable("tickets", RowEvent.INSERTED), by("seat_hall", "'A'")))
                        .problems())
                .extracting(WatchProblem::toString)
                .containsExactly("/column: no association of tickets goes by seat_hall");
        assertThat(refused(() -> ALL.identifier(
                                new WatcherName.OfTable("seats", RowEvent.UPDATED), new Scope.OneRecord(values("'A'"))))
                        .problems())
                .extracting(WatchProblem::toString)
                .containsExactly("/pk: must have the values of hall, number");
    }

    @Test
    void aPrimaryKeyInTheFormOfAColumn() {
        assertThat(ALL.identifier(new WatcherName.OfTable("users", RowEvent.DELETED), by("id", "4")))
                .isEqualTo(identifier("users", RowEvent.DELETED, new Scope.OneRecord(values("4"))));
        assertThat(refused(() -> ALL.identifier(new WatcherName.OfTable("users", RowEvent.INSERTED), by("id", "4")))
                        .kind())
                .isEqualTo(Kind.INVALID);
        assertThat(ALL.identifier(new WatcherName.OfTable("profiles", RowEvent.INSERTED), by("user_id", "4")))
                .as("a primary key that is a foreign key too")
                .isEqualTo(identifier("profiles", RowEvent.INSERTED, by("user_id", "4")));
    }

    @Test
    void valuesThatCanBeNoKeyAreRefused() {
        for (String value : List.of("null", "[]", "{}")) {
            assertThat(refused(() -> ALL.identifier(
                                    new WatcherName.OfTable("users", RowEvent.DELETED),
                                    new Scope.OneRecord(values(value))))
                            .kind())
                    .isEqualTo(Kind.INVALID);
        }
    }

    @Test
    void aTableThatTheModelDoesNotHave() {
        Watchers watchers = define("""
                [{'table': 'x', 'event': 'updated', 'label': 'l', 'schemaless': true, 'columns': ['a', 'b'],
                  'association_columns': ['a', 'b'], 'extra_columns': ['b']}]""");

        assertThat(watchers.touched(
                        "x", RowEvent.UPDATED, Json.object("{'id': 1, 'b': 1}"), Json.object("{'id': 1, 'b': 2}")))
                .singleElement()
                .satisfies(touch -> assertThat(touch.identifiers())
                        .extracting(Identifier::scope)
                        .containsExactly(
                                Scope.EVERY_ROW, new Scope.OneRecord(values("1")), by("b", "1"), by("b", "2")));
        assertThat(refused(() -> watchers.identifier(new WatcherName.OfLabel("l"), by("a", "1")))
                        .problems())
                .extracting(WatchProblem::toString)
                .containsExactly("/column: a must be among the watcher's extra_columns");
    }

    @Test
    void columnsThatARowDoesNotHaveAreNotTold() {
        assertThat(ALL.touched("posts", RowEvent.DELETED, Json.object("{'id': 5}"), null))
                .singleElement()
                .satisfies(touch -> assertThat(touch.values().text()).isEqualTo("{\"id\":5}"));
    }

    @Test
    void whatIsLoadedBelowIsHeardOf() {
        Value user = value("""
                {'table': 'users', 'row': {'id': 1, 'name': 'a'}, 'assocs': {
                  'profile': {'table': 'profiles', 'row': {'user_id': 1}},
                  'posts': [{'table': 'posts', 'row': {'id': 2, 'user_id': 1}, 'assocs': {'tags': []}},
                            {'table': 'posts', 'row': {'id': 3, 'user_id': 1}}]}}""");

        Map<Identifier, Shape> identifiers = ALL.identifiers(user, shape("profile,posts.tags"), true);

        assertThat(identifiers.keySet())
                .extracting(WatchersTest::written)
                .containsExactlyInAnyOrder(
                        "users updated 1",
                        "users deleted 1",
                        "users inserted *",
                        "profiles inserted user_id=1",
                        "profiles updated 1",
                        "profiles deleted 1",
                        "posts inserted user_id=1",
                        "posts updated 2",
                        "posts deleted 2",
                        "posts updated 3",
                        "posts deleted 3",
                        "posts_tags inserted post_id=2",
                        "posts_tags updated post_id=2",
                        "posts_tags deleted post_id=2",
                        "posts_tags inserted post_id=3");
        assertThat(identifiers)
                .containsEntry(identifier("posts", RowEvent.INSERTED, by("user_id", "1")), postShape("tags"));
    }

    @Test
    void aPathIsFollowedAndWhatItLedToIsHeardOf() {
        Value user = value("""
                {'table': 'users', 'row': {'id': 1}, 'assocs': {'seats': [{'table': 'seats', 'row': {'hall': 'A', 'number': 7}}],
                  'tickets': [{'table': 'tickets', 'row': {'id': 4, 'holder_id': 1, 'seat_hall': 'A', 'seat_number': 8}}]}}""");

        assertThat(ALL.identifiers(user, shape("seats"), false).keySet())
                .extracting(WatchersTest::written)
                .containsExactlyInAnyOrder(
                        "users updated 1",
                        "users deleted 1",
                        "tickets inserted holder_id=1",
                        "tickets updated 4",
                        "tickets deleted 4",
                        "seats updated A,7",
                        "seats deleted A,7",
                        "seats updated A,8",
                        "seats deleted A,8");
    }

    @Test
    void recordsThatAreMetTwiceAreHeardOfOnceWithAllThatIsAskedFor() {
        Value both = value("""
                [{'table': 'posts', 'row': {'id': 2, 'user_id': 1}, 'assocs': {'user': {'table': 'users', 'row': {'id': 1}}}},
                 {'table': 'posts', 'row': {'id': 3, 'user_id': '1'}}]""");

        assertThat(ALL.identifiers(both, Shape.parse("user.posts", MODEL.require("posts"), MODEL), false))
                .containsEntry(identifier("users", RowEvent.UPDATED, new Scope.OneRecord(values("1"))), shape("posts"))
                .hasSize(7);
    }

    @Test
    void everythingWrongWithATargetIsToldAtOnce() {
        Value target = value("[{'table': 'posts', 'row': {'id': 1}}, 7, null, {'table': 'users', 'row': {'id': 1}}]");
        Shape asked = WatcherDerivation.assocs(Json.value("{'user': {}, 'nope': {}}"));

        assertThat(refused(() -> ALL.identifiers(target, asked, false)).problems())
                .extracting(WatchProblem::toString)
                .containsExactly(
                        "/target/1: must be a record of the model",
                        "/target/2: must be a record of the model",
                        "/assocs: posts has no association nope",
                        "/assocs: users has no association user",
                        "/assocs: users has no association nope");
    }

    @Test
    void watchersThatAreNotDefinedAreAllTold() {
        Watchers few = define("[{'table': 'users', 'event': 'updated'}]");

        WatchException refused =
                refused(() -> few.identifiers(value("{'table': 'users', 'row': {'id': 1}}"), shape("posts"), false));

        assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused.problems())
                .extracting(WatchProblem::toString)
                .containsExactly(
                        "/watcher: there is no watcher users deleted", "/watcher: there is no watcher posts inserted");
    }

    @Test
    void aJoinTableIsSubscribedToByTheLabelsThatWereDerivedForIt() {
        Watchers derived = Watchers.define(
                MODEL,
                WatcherDerivation.derive(
                                MODEL,
                                "posts",
                                WatcherDerivation.assocs(Json.value("{'tags': {}}")),
                                Set.of(),
                                null,
                                List.of())
                        .watchers());

        assertThat(derived.identifiers(
                                value("{'table': 'posts', 'row': {'id': 1}}"),
                                Shape.parse("tags", MODEL.require("posts"), MODEL),
                                false)
                        .keySet())
                .contains(new Identifier(new WatcherName.OfLabel("posts_tags_inserted"), by("post_id", "1")));
    }

    private static Watchers define(String list) {
        return Watchers.define(MODEL, Json.value(list));
    }

    private static List<Touch> updated(Watchers watchers, String before, String after) {
        return watchers.touched("posts", RowEvent.UPDATED, Json.object(before), Json.object(after));
    }

    private static List<Scope> scopes(List<Touch> touched) {
        return touched.stream()
                .flatMap(touch -> touch.identifiers().stream())
                .map(Identifier::scope)
                .toList();
    }

    private static Identifier identifier(String table, RowEvent event, Scope scope) {
        return new Identifier(new WatcherName.OfTable(table, event), scope);
    }

    private static Scope by(String column, String value) {
        return new Scope.Associated(column, Json.value(value));
    }

    private static List<JsonValue> values(String... values) {
        return List.of(values).stream().map(Json::value).toList();
    }

    private static Value value(String json) {
        return new ValueJson(MODEL).read(Json.value(json));
    }

    private static Shape shape(String text) {
        return Shape.parse(text, MODEL.require("users"), MODEL);
    }

    private static Shape postShape(String text) {
        return Shape.parse(text, MODEL.require("posts"), MODEL);
    }

    private static String written(Identifier identifier) {
        return identifier.watcher() + " " + written(identifier.scope());
    }

    private static String written(Scope scope) {
        if (scope instanceof Scope.OneRecord record) {
            return texts(record.key());
        }
        return scope instanceof Scope.Associated associated
                ? String.join(",", associated.columns()) + "=" + texts(associated.values())
                : "*";
    }

    private static String texts(List<JsonValue> values) {
        return String.join(
                ",",
                values.stream()
                        .map(value -> value.isString() ? value.asText() : value.raw())
                        .toList());
    }

    private static WatchException refused(ThrowingCallable call) {
        @Nullable WatchException refused = catchThrowableOfType(WatchException.class, call);
        if (refused == null) {
            throw new AssertionError("nothing was refused");
        }
        return refused;
    }

    @Test
    void nothingHappensWithoutARow() {
        @Nullable JsonObject none = null;
        assertThat(ALL.touched("posts", RowEvent.UPDATED, none, none)).isEmpty();
        assertThat(ALL.touched("nowhere", RowEvent.UPDATED, Json.object("{}"), Json.object("{}")))
                .isEmpty();
    }
}
