package io.forebay.records.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.watch.WatcherDerivation.Derived;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the acceptance vectors leave open about deriving watchers. */
class WatcherDerivationTest {

    private static final Model MODEL = ModelFile.parse("""
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
                  tags: {kind: has_through, path: [posts, tags]}
              posts:
                columns: [id, title, user_id]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
                  tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id, related_key: tag_id}
              tags:
                columns: [id, name]
            """);

    @Test
    void anAssociationThatThereIsNotIsPassedOverWithAWarning() {
        Derived derived = derive("users", "{'nope': {}, 'posts': {'none': {}}}", null, "[]");

        assertThat(derived.warnings())
                .containsExactly("users has no association nope", "posts has no association none");
        assertThat(derived.watchers()).hasSize(6);
    }

    @Test
    void watchersThatAreThereKeepAllElseThatTheySay() {
        String existing = """
                [{'table': 'posts', 'event': 'updated', 'label': 'mine_updated', 'trigger_columns': ['title'], 'extra_columns': ['title']},
                 {'table': 'posts', 'event': 'updated', 'label': 'other', 'trigger_columns': ['title']},
                 {'table': 'tags', 'event': 'deleted'},
                 {'table': 'elsewhere', 'event': 'deleted', 'label': 'e', 'schemaless': true, 'columns': ['a']}]""";

        List<String> watchers = json(derive("posts", "{'user': {}}", "mine", existing));

        assertThat(watchers)
                .contains(
                        "{\"table\":\"posts\",\"event\":\"updated\",\"label\":\"mine_updated\",\"trigger_columns\":[\"title\"],"
                                + "\"extra_columns\":[\"title\",\"user_id\"]}",
                        "{\"table\":\"posts\",\"event\":\"updated\",\"label\":\"other\",\"trigger_columns\":[\"title\"],"
                                + "\"extra_columns\":[]}",
                        "{\"table\":\"tags\",\"event\":\"deleted\",\"extra_columns\":[]}",
                        "{\"table\":\"elsewhere\",\"event\":\"deleted\",\"label\":\"e\",\"extra_columns\":[],\"schemaless\":true,"
                                + "\"primary_key\":[\"id\"],\"columns\":[\"a\"],\"association_columns\":[]}")
                .hasSize(9);
    }

    @Test
    void aLabelIsOfTheTableItIsGivenFor() {
        List<Watcher> watchers =
                derive("posts", "{'user': {'posts': {}}}", "mine", "[]").watchers();

        assertThat(watchers)
                .filteredOn(watcher -> watcher.label() != null)
                .hasSize(3)
                .allSatisfy(watcher -> {
                    assertThat(watcher.table()).isEqualTo("posts");
                    assertThat(watcher.extraColumns()).containsExactly("user_id");
                });
        assertThat(watchers).filteredOn(watcher -> watcher.label() == null).hasSize(6);
        assertThat(Watchers.define(MODEL, watchers).all()).isEqualTo(watchers);
    }

    @Test
    void aPathThatBeginsWithABelongsToAddsToTheTableWithTheLabel() {
        Model model = ModelFile.parse("""
                tables:
                  posts:
                    columns: [id, user_id]
                    assocs:
                      user: {kind: belongs_to, table: users, fk: user_id}
                      accounts: {kind: has_through, path: [user, accounts]}
                  users:
                    columns: [id]
                    assocs:
                      accounts: {kind: has_many, table: accounts, fk: user_id}
                  accounts:
                    columns: [id, user_id]
                """);

        List<Watcher> watchers = WatcherDerivation.derive(
                        model,
                        "posts",
                        WatcherDerivation.assocs(Json.value("{'accounts': {}}")),
                        List.of(),
                        "l",
                        List.of())
                .watchers();

        assertThat(watchers)
                .hasSize(9)
                .filteredOn(watcher -> watcher.table().equals("posts"))
                .allSatisfy(watcher -> {
                    assertThat(watcher.label()).startsWith("l_");
                    assertThat(watcher.extraColumns()).containsExactly("user_id");
                });
    }

    @Test
    void whatIsWrongIsTold() {
        assertThatThrownBy(() -> WatcherDerivation.derive(
                        MODEL,
                        "posts",
                        WatcherDerivation.assocs(Json.value("{}")),
                        List.of("a", "id", "b"),
                        "",
                        List.of()))
                .isInstanceOf(WatchException.class)
                .hasMessage("/extra_columns: posts has no column a\n/extra_columns: posts has no column b\n"
                        + "/label: must be a text");
        assertThatThrownBy(() -> WatcherDerivation.assocs(Json.value("{'a': {'b': 7}}")))
                .isInstanceOf(WatchException.class)
                .hasMessageStartingWith("/assocs/a/b: must be an object of associations");
        assertThatThrownBy(() -> WatcherDerivation.assocs(Json.value("{'a':".repeat(70) + "{}" + "}".repeat(70))))
                .isInstanceOf(WatchException.class);
    }

    private static Derived derive(String table, String assocs, @Nullable String label, String existing) {
        return WatcherDerivation.derive(
                MODEL,
                table,
                WatcherDerivation.assocs(Json.value(assocs)),
                List.of(),
                label,
                WatcherList.parse(Json.value(existing)));
    }

    private static List<String> json(Derived derived) {
        return derived.watchers().stream()
                .map(watcher -> watcher.toJson().text())
                .toList();
    }
}
