package io.forebay.records.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.records.model.Conditions;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.model.Ordering;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.Value.Items;
import io.forebay.records.value.Value.Loaded;
import io.forebay.schemas.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the vectors do not say and chance seldom makes. */
class SyncTest {

    private static final Model MODEL = ModelFile.parse("""
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
                  ranking: {kind: has_many, table: posts, fk: user_id, order: [[rank, desc]]}
                  best: {kind: has_one, table: posts, fk: user_id, order: [[rank, asc]]}
                  tags: {kind: has_through, path: [posts, tags]}
                  best_tags: {kind: has_through, path: [best, tags]}
              posts:
                columns: [id, user_id, rank, parent_id]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
                  tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id, related_key: tag_id}
                  answers: {kind: has_many, table: posts, fk: parent_id}
              tags: {columns: [id]}
              posts_tags: {columns: [id, post_id, tag_id]}
            """);
    private static final Sync SYNC = new Sync(MODEL);

    private final MemoryRows rows = new MemoryRows(MODEL);

    private static Row row(String table, String json) {
        JsonObject columns = JsonObject.parse(json);
        return new Row(Objects.requireNonNull(RecordId.of(MODEL.require(table), columns)), columns);
    }

    private static Row post(int id, @Nullable Integer user, int rank) {
        return row("posts", "{\"id\":" + id + ",\"user_id\":" + user + ",\"rank\":" + rank + ",\"parent_id\":null}");
    }

    private static Row tie(int id, int post, int tag) {
        return row("posts_tags", "{\"id\":" + id + ",\"post_id\":" + post + ",\"tag_id\":" + tag + "}");
    }

    private static Shape shape(String table, String text) {
        return Shape.parse(text, MODEL.require(table), MODEL);
    }

    private void put(Row... some) {
        List.of(some).forEach(rows::put);
    }

    private Loaded load(String table, int id, String shape) {
        RecordId record = new RecordId(table, List.of(Integer.toString(id)));
        return Objects.requireNonNull(new Loader(MODEL, rows, 1_000).load(record, shape(table, shape)));
    }

    private Value apply(Value value, Change change) {
        rows.apply(change);
        return SYNC.apply(value, change, SyncOptions.DEFAULTS, rows);
    }

    private static List<String> ids(Value value, String... path) {
        List<Loaded> at = Value.records(value);
        for (String association : path) {
            List<Loaded> next = new ArrayList<>();
            at.forEach(one -> next.addAll(
                    Value.records(Objects.requireNonNull(one.associations().get(association)))));
            at = next;
        }
        return at.stream().map(one -> one.id().key().get(0)).toList();
    }

    @Test
    void whatIsNotConcernedIsShared() {
        put(row("users", "{\"id\":1}"), row("users", "{\"id\":2}"), post(1, 1, 0), post(2, 1, 0), post(3, 2, 0));
        Loaded one = load("users", 1, "posts.answers");
        Loaded two = load("users", 2, "posts.answers");

        Value after = apply(new Items(List.of(one, two)), Change.updated(post(1, 1, 0), post(1, 1, 5), 1));

        Loaded first = Value.records(after).get(0);
        assertThat(Value.records(after).get(1)).isSameAs(two);
        assertThat(Value.records(Objects.requireNonNull(first.associations().get("posts")))
                        .get(1))
                .isSameAs(
                        Value.records(Objects.requireNonNull(one.associations().get("posts")))
                                .get(1));
    }

    @Test
    void aChangeThatFitsNothingGivesTheSameValueAndReadsNothing() {
        put(row("users", "{\"id\":1}"), post(1, 1, 0));
        Value value = new Items(List.of(load("users", 1, "posts.tags,best,ranking")));
        Rows none = new Rows() {
            @Override
            public @Nullable Row find(RecordId record) {
                throw new AssertionError(record);
            }

            @Override
            public List<Row> find(Lookup lookup) {
                throw new AssertionError(lookup);
            }
        };

        assertThat(SYNC.apply(value, Change.inserted(post(9, 7, 0), 1), SyncOptions.DEFAULTS, none))
                .isSameAs(value);
        assertThat(SYNC.apply(value, Change.inserted(tie(1, 9, 9), 1), SyncOptions.DEFAULTS, none))
                .isSameAs(value);
        assertThat(SYNC.apply(
                        value, Change.updated(null, row("posts_tags", "{\"id\":1}"), 2), SyncOptions.DEFAULTS, rows))
                .isEqualTo(value);
    }

    @Test
    void aListInDeclaredOrderTakesARecordInItsPlaceAndMovesIt() {
        put(row("users", "{\"id\":1}"), post(1, 1, 9), post(2, 1, 5), post(3, 1, 1));
        Value value = load("users", 1, "ranking,posts");

        Value entered = apply(value, Change.inserted(post(4, 1, 5), 1));
        Value moved = apply(entered, Change.updated(post(1, 1, 9), post(1, 1, 0), 2));

        assertThat(ids(entered, "ranking")).containsExactly("1", "2", "4", "3");
        assertThat(ids(moved, "ranking")).containsExactly("2", "4", "3", "1");
        assertThat(ids(moved, "posts")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void theNextOneTakesAPlaceThatIsLeft() {
        put(row("users", "{\"id\":1}"), post(1, 1, 1), post(2, 1, 2), post(3, 1, 3));
        Value value = load("users", 1, "best.tags");

        Value moved = apply(value, Change.updated(post(1, 1, 1), post(1, 1, 7), 1));
        Value deleted = apply(moved, Change.deleted(post(2, 1, 2).id(), null, 1));
        Value overtaken = apply(deleted, Change.inserted(post(4, 1, 0), 1));

        assertThat(ids(value, "best")).containsExactly("1");
        assertThat(ids(moved, "best")).containsExactly("2");
        assertThat(ids(deleted, "best")).containsExactly("3");
        assertThat(ids(overtaken, "best")).containsExactly("4");
        assertThat(Value.records(overtaken).get(0).shape()).isEqualTo(shape("users", "best.tags"));
    }

    @Test
    void aRecordStaysWhileAnotherRowTiesIt() {
        put(post(1, null, 0), row("tags", "{\"id\":7}"), tie(1, 1, 7), tie(2, 1, 7));
        Value value = load("posts", 1, "tags");

        Value once = apply(value, Change.deleted(tie(1, 1, 7).id(), tie(1, 1, 7), 1));
        Value twice = apply(once, Change.deleted(tie(2, 1, 7).id(), tie(2, 1, 7), 1));

        assertThat(ids(once, "tags")).containsExactly("7");
        assertThat(ids(twice, "tags")).isEmpty();
    }

    @Test
    void aPathIsFollowedAnewWhenARowOnItLeadsElsewhere() {
        put(row("users", "{\"id\":1}"), post(1, 1, 1), post(2, 1, 2), post(3, null, 3));
        put(row("tags", "{\"id\":7}"), row("tags", "{\"id\":8}"), tie(1, 1, 7), tie(2, 2, 8));
        Value value = load("users", 1, "tags,best_tags");

        Value overtaken = apply(value, Change.updated(post(1, 1, 1), post(1, 1, 9), 1));
        Value untied = apply(overtaken, Change.updated(tie(1, 1, 7), tie(1, 3, 7), 1));
        Value tiedAgain = apply(untied, Change.updated(tie(2, 2, 8), tie(2, 2, 7), 1));

        assertThat(ids(value, "best_tags")).containsExactly("7");
        assertThat(ids(overtaken, "best_tags")).containsExactly("8");
        assertThat(ids(overtaken, "tags")).containsExactly("7", "8");
        assertThat(ids(untied, "tags")).containsExactly("8");
        assertThat(ids(tiedAgain, "tags")).containsExactly("7");
        assertThat(ids(tiedAgain, "best_tags")).containsExactly("7");
    }

    @Test
    void aLinkMayComeBeforeWhatItLinks() {
        put(post(1, null, 0));
        Value value = load("posts", 1, "tags");

        Value linked = apply(value, Change.inserted(tie(1, 1, 7), 1));
        Value there = apply(linked, Change.inserted(row("tags", "{\"id\":7}"), 1));

        assertThat(ids(linked, "tags")).isEmpty();
        assertThat(ids(there, "tags")).containsExactly("7");
    }

    @Test
    void whenATableIsTruncatedItsRecordsAreGoneEverywhere() {
        put(row("users", "{\"id\":1}"), post(1, 1, 0), row("tags", "{\"id\":7}"), tie(1, 1, 7));
        Loaded user = load("users", 1, "posts.tags,best,tags");
        Value value = new Items(List.of(user, load("posts", 1, "user")));

        Value untied = apply(user, Change.truncated("posts_tags", 1));
        Value gone = apply(value, Change.truncated("posts", 1));
        Value fatherless = SYNC.apply(load("tags", 7, ""), Change.truncated("tags", 1), SyncOptions.DEFAULTS, rows);

        assertThat(ids(untied, "posts", "tags")).isEmpty();
        assertThat(ids(untied, "tags")).isEmpty();
        assertThat(ids(gone)).containsExactly("1");
        assertThat(ids(gone, "posts")).isEmpty();
        assertThat(ids(gone, "best")).isEmpty();
        assertThat(fatherless).isEqualTo(load("tags", 7, ""));
    }

    @Test
    void aDeclaredRecordComesAndGoes() {
        Declared one = new Declared.One(new RecordId("users", List.of("1")), shape("users", "posts"));
        SyncOptions options = SyncOptions.DEFAULTS.withDeclared(one);
        Row user = row("users", "{\"id\":1}");
        put(user, post(1, 1, 0));

        Value other = SYNC.apply(Value.NOTHING, Change.inserted(row("users", "{\"id\":2}"), 1), options, rows);
        Value there = SYNC.apply(Value.NOTHING, Change.updated(null, user, 1), options, rows);
        Value gone = SYNC.apply(there, Change.deleted(user.id(), user, 2), options, rows);

        assertThat(other).isEqualTo(Value.NOTHING);
        assertThat(ids(there, "posts")).containsExactly("1");
        assertThat(gone).isEqualTo(Value.NOTHING);
    }

    @Test
    void aDeclaredListTakesWhatBelongsInIt() {
        Ordering byRank = new Ordering(List.of(new Ordering.Term("rank", false)));
        SyncOptions options = SyncOptions.DEFAULTS.withDeclared(
                new Declared.Many("posts", Conditions.NONE, byRank, shape("posts", "tags")));

        Value tag = SYNC.apply(Items.NONE, Change.inserted(row("tags", "{\"id\":1}"), 1), options, rows);
        Value one = SYNC.apply(Items.NONE, Change.updated(null, post(1, null, 5), 1), options, rows);
        Value two = SYNC.apply(one, Change.inserted(post(2, null, 3), 1), options, rows);

        assertThat(tag).isSameAs(Items.NONE);
        assertThat(ids(two)).containsExactly("2", "1");
        assertThat(Value.records(two).get(0).shape()).isEqualTo(shape("posts", "tags"));
    }

    @Test
    void subscribedShapesAreOfAPlace() {
        put(row("users", "{\"id\":1}"), post(1, 1, 0));
        SyncOptions options = SyncOptions.DEFAULTS.withEntering((row, association, owner) ->
                association != null && association.name().equals("posts") && owner != null
                        ? shape("posts", "tags")
                        : null);
        Value value = load("users", 1, "posts,best");

        Value after = SYNC.apply(
                SYNC.apply(value, Change.deleted(post(1, 1, 0).id(), null, 1), options, rows),
                Change.inserted(post(2, 1, 0), 1),
                options,
                rows);

        assertThat(Value.records(after).get(0).shape()).isEqualTo(shape("users", "posts.tags,best"));
    }

    @Test
    void preloadsAppliedTwiceAreAppliedOnce() {
        put(row("users", "{\"id\":1}"), post(1, 1, 0));
        SyncOptions options = SyncOptions.DEFAULTS.withPreloads(Map.of("posts", shape("posts", "user.posts")));
        Change change = Change.updated(post(1, 1, 0), post(1, 1, 4), 1);
        rows.apply(change);

        Value once = SYNC.apply(load("users", 1, "posts.tags"), change, options, rows);

        assertThat(Value.records(once).get(0).shape()).isEqualTo(shape("users", "posts.user.posts"));
        assertThat(SYNC.apply(once, change, options, rows)).isEqualTo(once);
    }

    @Test
    void nothingInAListStaysNothing() {
        Value value = new Items(List.of(Value.NOTHING, new Items(List.of(Value.NOTHING)), Items.NONE));

        Value after = apply(value, Change.inserted(post(1, null, 0), 1));

        assertThat(after)
                .isEqualTo(new Items(List.of(
                        Value.NOTHING,
                        new Items(List.of(Value.NOTHING)),
                        new Items(List.of(Loaded.bare(post(1, null, 0)))))));
    }

    @Test
    void aShapeThatGoesInCirclesMeetsTheLimit() {
        put(row("users", "{\"id\":1}"));
        for (int i = 0; i < 30; i++) {
            put(post(i, 1, i));
        }
        Shape circles = shape("users", "posts.user.posts.user.posts.user.posts.user.posts");
        SyncOptions options = SyncOptions.DEFAULTS.withPreloads(Map.of("users", circles));
        Change change = Change.inserted(row("users", "{\"id\":1}"), 1);

        assertThatThrownBy(() -> SYNC.apply(Value.NOTHING, change, options, rows))
                .isInstanceOf(LoadLimitException.class);
    }

    @Test
    void theDeepestValueIsWalked() {
        put(post(1, null, 0));
        Value value = Loaded.bare(row("posts", "{\"id\":1,\"user_id\":null,\"rank\":0,\"parent_id\":1}"));
        while (value.depth() < Value.MAX_DEPTH - 2) {
            value = new Loaded(((Loaded) value).row(), Map.of("answers", new Items(List.of(value))));
        }
        Row after = row("posts", "{\"id\":1,\"user_id\":null,\"rank\":7,\"parent_id\":1}");

        Value synced = apply(value, Change.updated(null, after, 1));

        assertThat(synced.depth()).isEqualTo(value.depth());
        assertThat(((Loaded) synced).row()).isEqualTo(after);
    }

    @Test
    void anOwnWriteIsNewsToOthersOnly() {
        OwnWrites own = new OwnWrites();
        own.wrote(post(1, null, 0).id(), 5);

        assertThat(own.accepts(Change.updated(null, post(1, null, 0), 5))).isFalse();
        assertThat(own.accepts(Change.deleted(post(1, null, 0).id(), null, 4))).isFalse();
        assertThat(own.accepts(Change.deleted(post(1, null, 0).id(), null, 6))).isTrue();
        assertThat(own.accepts(Change.truncated("posts", 1))).isTrue();
        assertThat(new OwnWrites().accepts(Change.updated(null, post(1, null, 0), 5)))
                .isTrue();
    }

    @Test
    void aViewCanBeKeptAndTakenUp() {
        View view = new View();
        view.applied(Change.inserted(post(1, null, 0), 5));
        view.applied(Change.updated(null, post(1, null, 0), 3));
        view.applied(Change.truncated("tags", 2));

        View again = new View(view.records(), view.truncations());

        assertThat(again.accepts(Change.updated(null, post(1, null, 0), 5))).isFalse();
        assertThat(again.accepts(Change.updated(null, post(1, null, 0), 6))).isTrue();
        assertThat(again.accepts(Change.truncated("tags", 2))).isFalse();
        again.forget(post(1, null, 0).id());
        assertThat(again.accepts(Change.updated(null, post(1, null, 0), 5))).isTrue();
    }

    @Test
    void aRowOfAnotherRecordIsNoRowBefore() {
        assertThatThrownBy(() -> Change.updated(post(1, null, 0), post(2, null, 0), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rowsAreFoundByAssociationKeysOnly() {
        assertThatThrownBy(() -> rows.find(new Lookup("posts", List.of("rank"), List.of("1"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
