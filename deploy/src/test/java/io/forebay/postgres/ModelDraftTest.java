package io.forebay.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.postgres.Catalogue.ForeignKey;
import io.forebay.postgres.Catalogue.Table;
import io.forebay.postgres.Catalogue.TableName;
import io.forebay.postgres.Catalogue.UniqueKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which keys become which associations, what these are called, and what is told of the rest. */
class ModelDraftTest {

    @Test
    void aForeignKeyIsABelongsToAndAHasMany() {
        assertThat(lines(table("authors", "id"), table("posts", "id, author_id").to("authors", "author_id", "id")))
                .containsExactly(
                        "authors.posts: {kind: has_many, table: posts, fk: author_id}",
                        "posts.author: {kind: belongs_to, table: authors, fk: author_id}");
    }

    @Test
    void aKeyThatIsUniqueIsAHasOne() {
        assertThat(lines(
                        table("users", "id"),
                        table("user_profiles", "id, user_id").unique("user_id").to("users", "user_id", "id"),
                        table("settings", "id").to("users", "id", "id")))
                .containsExactly(
                        "settings.user: {kind: belongs_to, table: users, fk: id}",
                        "user_profiles.user: {kind: belongs_to, table: users, fk: user_id}",
                        "users.setting: {kind: has_one, table: settings, fk: id}",
                        "users.user_profile: {kind: has_one, table: user_profiles, fk: user_id}");
    }

    @Test
    void aKeyThatIsUniqueForSomeRowsIsAHasManyToReview() {
        assertThat(lines(
                        table("users", "id"),
                        table("addresses", "id, user_id")
                                .partlyUnique("user_id")
                                .to("users", "user_id", "id")))
                .contains("users.addresses: {kind: has_many, table: addresses, fk: user_id}"
                        + " # the index addresses_user_id_part is unique for some rows: a has_one with a where could be"
                        + " meant");
    }

    @Test
    void aTableOfTwoKeysAndNothingElseJoins() {
        assertThat(lines(
                        table("posts", "id"),
                        table("tags", "id"),
                        table("posts_tags", "post_id, tag_id", 2)
                                .to("posts", "post_id", "id")
                                .to("tags", "tag_id", "id")))
                .containsExactly(
                        "posts.posts_tags: {kind: has_many, table: posts_tags, fk: post_id}",
                        "posts.tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id,"
                                + " related_key: tag_id}",
                        "posts_tags.post: {kind: belongs_to, table: posts, fk: post_id}",
                        "posts_tags.tag: {kind: belongs_to, table: tags, fk: tag_id}",
                        "tags.posts_tags: {kind: has_many, table: posts_tags, fk: tag_id}",
                        "tags.posts: {kind: many_to_many, table: posts, through: posts_tags, owner_key: tag_id,"
                                + " related_key: post_id}");
    }

    @Test
    void aJoinTableMayHaveAKeyOfItsOwn() {
        assertThat(lines(
                        table("posts", "id"),
                        table("tags", "id"),
                        table("posts_tags", "id, post_id, tag_id")
                                .unique("tag_id, post_id")
                                .to("posts", "post_id", "id")
                                .to("tags", "tag_id", "id")))
                .anyMatch(line -> line.startsWith("posts.tags: {kind: many_to_many"));
    }

    @Test
    void whatAlmostJoinsIsTold() {
        List<DraftedTable> posts = List.of(table("posts", "id"), table("tags", "id"));
        assertThat(notes(
                        posts.get(0),
                        posts.get(1),
                        table("posts_tags", "post_id, tag_id, weight", 2)
                                .to("posts", "post_id", "id")
                                .to("tags", "tag_id", "id")))
                .containsExactly(
                        "posts_tags: no many_to_many of posts and tags: it has columns of its own (weight), which"
                                + " only has_many shows");
        assertThat(notes(
                        posts.get(0),
                        posts.get(1),
                        table("posts_tags", "id, post_id, tag_id")
                                .to("posts", "post_id", "id")
                                .to("tags", "tag_id", "id")))
                .containsExactly(
                        "posts_tags: no many_to_many of posts and tags: no unique key says that a pair is there"
                                + " once");
    }

    @Test
    void severalKeysToOneTableAreNamedByTheirColumns() {
        assertThat(lines(
                        table("users", "id"),
                        table("posts", "id, author_id, edited_by")
                                .to("users", "author_id", "id")
                                .to("users", "edited_by", "id")))
                .containsExactly(
                        "posts.author: {kind: belongs_to, table: users, fk: author_id}",
                        "posts.edited_by: {kind: belongs_to, table: users, fk: edited_by}",
                        "users.posts_by_author: {kind: has_many, table: posts, fk: author_id}",
                        "users.posts_by_edited_by: {kind: has_many, table: posts, fk: edited_by}");
    }

    @Test
    void aTableThatRefersToItself() {
        assertThat(lines(
                        table("employee", "id, manager_id").to("employee", "manager_id", "id"),
                        table("pages", "id, parent_id").to("pages", "parent_id", "id")))
                .containsExactly(
                        "employee.manager: {kind: belongs_to, table: employee, fk: manager_id}",
                        "employee.employees_by_manager: {kind: has_many, table: employee, fk: manager_id}",
                        "pages.parent: {kind: belongs_to, table: pages, fk: parent_id}",
                        "pages.children: {kind: has_many, table: pages, fk: parent_id}");
    }

    @Test
    void aTableJoinedToItself() {
        assertThat(lines(
                        table("users", "id"),
                        table("follows", "follower_id, followee_id", 2)
                                .to("users", "follower_id", "id")
                                .to("users", "followee_id", "id")))
                .contains(
                        "users.followees: {kind: many_to_many, table: users, through: follows, owner_key: follower_id,"
                                + " related_key: followee_id}",
                        "users.followers: {kind: many_to_many, table: users, through: follows, owner_key: followee_id,"
                                + " related_key: follower_id}",
                        "users.follows_by_follower: {kind: has_many, table: follows, fk: follower_id}");
    }

    @Test
    void keysOfSeveralColumns() {
        assertThat(lines(
                        table("seats", "hall, number", 2),
                        table("tickets", "id, hall, number").to("seats", "number, hall", "number, hall"),
                        table("swaps", "id, old_hall, old_number, new_hall, new_number")
                                .to("seats", "old_hall, old_number", "hall, number")
                                .to("seats", "new_hall, new_number", "hall, number")))
                .containsExactly(
                        "seats.swaps_by_old: {kind: has_many, table: swaps, fk: [old_hall, old_number]}",
                        "seats.swaps_by_new: {kind: has_many, table: swaps, fk: [new_hall, new_number]}",
                        "seats.tickets: {kind: has_many, table: tickets, fk: [hall, number]}",
                        "swaps.old: {kind: belongs_to, table: seats, fk: [old_hall, old_number]}",
                        "swaps.new: {kind: belongs_to, table: seats, fk: [new_hall, new_number]}",
                        "tickets.seat: {kind: belongs_to, table: seats, fk: [hall, number]}");
    }

    @Test
    void keysThatShareAColumnAreNamedByTheOthers() {
        assertThat(lines(
                        table("halls", "tenant, hall", 2),
                        table("swaps", "id, tenant, old_hall, new_hall")
                                .to("halls", "tenant, new_hall", "tenant, hall")
                                .to("halls", "tenant, old_hall", "tenant, hall")))
                .containsExactly(
                        "halls.swaps_by_old: {kind: has_many, table: swaps, fk: [tenant, old_hall]}",
                        "halls.swaps_by_new: {kind: has_many, table: swaps, fk: [tenant, new_hall]}",
                        "swaps.old: {kind: belongs_to, table: halls, fk: [tenant, old_hall]}",
                        "swaps.new: {kind: belongs_to, table: halls, fk: [tenant, new_hall]}");
    }

    @Test
    void joinTablesOfKeysThatShareAColumn() {
        assertThat(lines(
                        table("users", "tenant, id", 2),
                        table("teams", "tenant, id", 2),
                        table("members", "tenant, user_id, team_id", 3)
                                .to("users", "tenant, user_id", "tenant, id")
                                .to("teams", "tenant, team_id", "tenant, id")))
                .contains(
                        "users.teams: {kind: many_to_many, table: teams, through: members, owner_key: [tenant, user_id],"
                                + " related_key: [tenant, team_id]}");
    }

    @Test
    void whatWouldHaveOneNameGetsLongerOnes() {
        assertThat(lines(
                        table("accounts", "id"),
                        table("users", "id, account_id").to("accounts", "account_id", "id"),
                        table("admins", "account_id, user_id", 2)
                                .to("accounts", "account_id", "id")
                                .to("users", "user_id", "id"),
                        table("guests", "account_id, user_id", 2)
                                .to("accounts", "account_id", "id")
                                .to("users", "user_id", "id")))
                .contains(
                        "accounts.users: {kind: has_many, table: users, fk: account_id}",
                        "accounts.users_through_admins: {kind: many_to_many, table: users, through: admins, owner_key:"
                                + " account_id, related_key: user_id} # more than one association would be called users",
                        "accounts.users_through_guests: {kind: many_to_many, table: users, through: guests, owner_key:"
                                + " account_id, related_key: user_id} # more than one association would be called users");
        assertThat(lines(
                        table("people", "id"),
                        table("firms", "id"),
                        table("cars", "id, owner_id")
                                .to("people", "owner_id", "id")
                                .to("firms", "owner_id", "id")))
                .contains(
                        "cars.owner_person: {kind: belongs_to, table: people, fk: owner_id}"
                                + " # more than one association would be called owner",
                        "cars.owner_firm: {kind: belongs_to, table: firms, fk: owner_id}"
                                + " # more than one association would be called owner");
    }

    @Test
    void whatIsNoAssociationIsTold() {
        assertThat(notes(
                        table("log", "line", 0),
                        table("books", "id, isbn").unique("isbn"),
                        table("loans", "id, isbn, log_line")
                                .to("books", "isbn", "isbn")
                                .to("log", "log_line", "line")))
                .containsExactly(
                        "left out: log, which has no primary key",
                        "loans: no association by loans_isbn_fkey: (isbn) is not the primary key of books",
                        "loans: no association by loans_log_line_fkey: log is not in this file");
    }

    @Test
    void aUniqueKeyWithoutNullsStandsForAPrimaryKey() {
        ModelDraft draft = draft(table("codes", "code, name", 0).unique("code").unique("code, name"));

        assertThat(draft.tables()).singleElement().satisfies(table -> {
            assertThat(table.primaryKey()).containsExactly("code");
            assertThat(table.notes())
                    .containsExactly("no primary key; its rows are known by the unique index codes_code_key");
        });
    }

    @Test
    void namesInCamelCase() {
        assertThat(lines(
                        table("Artist", "ArtistId"),
                        table("Album", "AlbumId, ArtistId").to("Artist", "ArtistId", "ArtistId")))
                .containsExactly(
                        "Album.Artist: {kind: belongs_to, table: Artist, fk: ArtistId}",
                        "Artist.Albums: {kind: has_many, table: Album, fk: ArtistId}");
    }

    @Test
    void oddNamesAreQuotedAndLeaveNoDotsInAssociations() {
        String yaml = draft(
                        table("yes", "no, on", 2),
                        table("line \"items\"", "id, a.b no, größe, 1st, x: y").to("yes", "a.b no, größe", "no, on"))
                .yaml();

        assertThat(yaml.lines())
                .contains(
                        "  \"yes\":",
                        "    pk: [\"no\", \"on\"]",
                        "      line_items: {kind: has_many, table: \"line \\\"items\\\"\", fk: [\"a.b no\", \"größe\"]}",
                        "    columns: [id, \"a.b no\", \"größe\", \"1st\", \"x: y\"]");
    }

    @Test
    void tablesOfOneNameNeedTheirSchemas() {
        Catalogue catalogue = new Catalogue(List.of(
                table("users", "id").inSchema("a").table(),
                table("users", "id").inSchema("b").table()));

        assertThat(ModelDraft.of(catalogue, true).yaml()).contains("  a.users:\n", "  b.users:\n");
        assertThatThrownBy(() -> ModelDraft.of(catalogue, false))
                .isInstanceOf(CatalogueException.class)
                .hasMessageContaining("a.users and b.users");
    }

    @Test
    void theOrderInWhichACatalogueIsReadDoesNotMatter() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<DraftedTable> tables = new ArrayList<>(List.of(
                table("users", "id"),
                table("posts", "id, author_id, editor_id")
                        .to("users", "author_id", "id")
                        .to("users", "editor_id", "id"),
                table("likes", "user_id, post_id", 2)
                        .to("users", "user_id", "id")
                        .to("posts", "post_id", "id"),
                table("reads", "user_id, post_id", 2)
                        .to("users", "user_id", "id")
                        .to("posts", "post_id", "id")));
        String expected = draft(tables.toArray(DraftedTable[]::new)).yaml();
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(tables, random);
            tables.forEach(table -> Collections.shuffle(table.foreignKeys, random));
            assertThat(draft(tables.toArray(DraftedTable[]::new)).yaml()).isEqualTo(expected);
        }
    }

    private static List<String> lines(DraftedTable... tables) {
        return draft(tables).tables().stream()
                .flatMap(table -> table.associations().stream()
                        .map(association -> table.name() + "." + ModelYaml.line(association)
                                + (association.note() == null ? "" : " # " + association.note())))
                .toList();
    }

    private static List<String> notes(DraftedTable... tables) {
        ModelDraft draft = draft(tables);
        List<String> notes = new ArrayList<>(draft.notes());
        draft.tables().forEach(table -> table.notes().forEach(note -> notes.add(table.name() + ": " + note)));
        return notes;
    }

    private static ModelDraft draft(DraftedTable... tables) {
        return ModelDraft.of(
                new Catalogue(Arrays.stream(tables).map(DraftedTable::table).toList()), false);
    }

    private static DraftedTable table(String name, String columns) {
        return table(name, columns, 1);
    }

    /** A table whose primary key are the first columns. */
    private static DraftedTable table(String name, String columns, int keyColumns) {
        DraftedTable table = new DraftedTable(name, names(columns));
        if (keyColumns > 0) {
            table.uniqueKeys.add(
                    new UniqueKey(name + "_pkey", true, false, names(columns).subList(0, keyColumns)));
        }
        return table;
    }

    private static List<String> names(String names) {
        return List.of(names.split(", "));
    }

    /** A table being described. */
    private static final class DraftedTable {
        private final String name;
        private final List<String> columns;
        private final List<UniqueKey> uniqueKeys = new ArrayList<>();
        private final List<ForeignKey> foreignKeys = new ArrayList<>();
        private String schema = "public";

        DraftedTable(String name, List<String> columns) {
            this.name = name;
            this.columns = columns;
        }

        DraftedTable inSchema(String other) {
            schema = other;
            return this;
        }

        DraftedTable unique(String names) {
            uniqueKeys.add(new UniqueKey(indexName(names) + "_key", false, false, names(names)));
            return this;
        }

        DraftedTable partlyUnique(String names) {
            uniqueKeys.add(new UniqueKey(indexName(names) + "_part", false, true, names(names)));
            return this;
        }

        DraftedTable to(String other, String names, String referenced) {
            foreignKeys.add(new ForeignKey(
                    indexName(names) + "_fkey", names(names), new TableName("public", other), names(referenced)));
            return this;
        }

        private String indexName(String names) {
            return name + "_" + names.replace(", ", "_");
        }

        Table table() {
            return new Table(
                    new TableName(schema, name), columns, Set.copyOf(columns), Set.of(), uniqueKeys, foreignKeys);
        }
    }
}
