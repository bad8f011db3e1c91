package io.forebay.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.cli.Main;
import io.forebay.it.postgres.PostgresServer.Database;
import io.forebay.it.process.ChildJvm;
import io.forebay.postgres.CatalogueException;
import io.forebay.postgres.CatalogueReader;
import io.forebay.postgres.ModelDraft;
import io.forebay.records.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models drafted from the catalogue of a real PostgreSQL. */
class ModelImportIT {
    private static final Path CHINOOK = Path.of("../../shared/data/chinook.sql");

    /** Everything that keys can be, in names that PostgreSQL and YAML both have to quote. */
    private static final String SHOP = """
            CREATE TABLE halls (hall text, tenant int, name text, PRIMARY KEY (tenant, hall));
            CREATE TABLE seats (number int, hall text, tenant int, state text,
              PRIMARY KEY (tenant, hall, number), FOREIGN KEY (hall, tenant) REFERENCES halls (hall, tenant));
            CREATE TABLE swaps (id int PRIMARY KEY, tenant int, old_hall text, new_hall text,
              FOREIGN KEY (tenant, old_hall) REFERENCES halls, FOREIGN KEY (tenant, new_hall) REFERENCES halls);
            CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE, invited_by bigint REFERENCES users,
              tag text GENERATED ALWAYS AS (lower(email)) STORED);
            CREATE TABLE user_profiles (user_id bigint PRIMARY KEY REFERENCES users, born date);
            CREATE TABLE passports (id int PRIMARY KEY, holder_id bigint NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE);
            CREATE TABLE addresses (id int PRIMARY KEY, user_id bigint REFERENCES users, current boolean);
            CREATE UNIQUE INDEX one_current ON addresses (user_id) WHERE current;
            CREATE UNIQUE INDEX by_expression ON addresses (lower(id::text), user_id);
            CREATE TABLE follows (follower_id bigint REFERENCES users, followee_id bigint REFERENCES users,
              PRIMARY KEY (follower_id, followee_id));
            CREATE TABLE "Order Lines" ("Line.No" int PRIMARY KEY, "select" bigint REFERENCES users, "größe" text, "yes" int);
            CREATE TABLE "null" ("no" int PRIMARY KEY, "OrderLineNo" int REFERENCES "Order Lines" ("Line.No"));
            CREATE TABLE logs (line text);
            CREATE TABLE codes (code text NOT NULL, region text);
            CREATE UNIQUE INDEX codes_code ON codes (code) INCLUDE (region);
            CREATE TABLE mails (id int PRIMARY KEY, email text REFERENCES users (email));
            CREATE TABLE measures (at date, user_id bigint REFERENCES users, PRIMARY KEY (at)) PARTITION BY RANGE (at);
            CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE empty ();
            CREATE VIEW everybody AS SELECT * FROM users;
            ALTER TABLE swaps ADD COLUMN gone int;
            ALTER TABLE swaps DROP COLUMN gone;
            CREATE SCHEMA audit;
            CREATE TABLE audit.entries (id int PRIMARY KEY, user_id bigint REFERENCES public.users);
            CREATE SCHEMA bare;
            """;

    @TempDir
    Path directory;

    @Test
    void theSampleShop() throws IOException {
        assumeTrue(Files.exists(CHINOOK), "no sample data at " + CHINOOK);
        Database chinook = PostgresServer.shared().newDatabase();
        String script = Files.readString(CHINOOK);
        chinook.execute(script.substring(script.indexOf("CREATE TABLE")));

        ModelDraft draft = draft(chinook, false, "public");

        assertThat(draft.noteCount()).isZero();
        assertThat(lines(draft)).containsExactly("""
                album:
                  pk: [album_id]
                  columns: [album_id, title, artist_id]
                  assocs:
                    artist: {kind: belongs_to, table: artist, fk: artist_id}
                    tracks: {kind: has_many, table: track, fk: album_id}
                artist:
                  pk: [artist_id]
                  columns: [artist_id, name]
                  assocs:
                    albums: {kind: has_many, table: album, fk: artist_id}
                customer:
                  pk: [customer_id]
                  columns: [customer_id, first_name, last_name, company, address, city, state, country, postal_code, phone,
                    fax, email, support_rep_id]
                  assocs:
                    support_rep: {kind: belongs_to, table: employee, fk: support_rep_id}
                    invoices: {kind: has_many, table: invoice, fk: customer_id}
                employee:
                  pk: [employee_id]
                  columns: [employee_id, last_name, first_name, title, reports_to, birth_date, hire_date, address, city,
                    state, country, postal_code, phone, fax, email]
                  assocs:
                    reports_to: {kind: belongs_to, table: employee, fk: reports_to}
                    customers: {kind: has_many, table: customer, fk: support_rep_id}
                    employees_by_reports_to: {kind: has_many, table: employee, fk: reports_to}
                genre:
                  pk: [genre_id]
                  columns: [genre_id, name]
                  assocs:
                    tracks: {kind: has_many, table: track, fk: genre_id}
                invoice:
                  pk: [invoice_id]
                  columns: [invoice_id, customer_id, invoice_date, billing_address, billing_city, billing_state,
                    billing_country, billing_postal_code, total]
                  assocs:
                    customer: {kind: belongs_to, table: customer, fk: customer_id}
                    invoice_lines: {kind: has_many, table: invoice_line, fk: invoice_id}
                invoice_line:
                  pk: [invoice_line_id]
                  columns: [invoice_line_id, invoice_id, track_id, unit_price, quantity]
                  assocs:
                    invoice: {kind: belongs_to, table: invoice, fk: invoice_id}
                    track: {kind: belongs_to, table: track, fk: track_id}
                media_type:
                  pk: [media_type_id]
                  columns: [media_type_id, name]
                  assocs:
                    tracks: {kind: has_many, table: track, fk: media_type_id}
                playlist:
                  pk: [playlist_id]
                  columns: [playlist_id, name]
                  assocs:
                    playlist_tracks: {kind: has_many, table: playlist_track, fk: playlist_id}
                    tracks: {kind: many_to_many, table: track, through: playlist_track, owner_key: playlist_id, related_key: track_id}
                playlist_track:
                  pk: [playlist_id, track_id]
                  columns: [playlist_id, track_id]
                  assocs:
                    playlist: {kind: belongs_to, table: playlist, fk: playlist_id}
                    track: {kind: belongs_to, table: track, fk: track_id}
                track:
                  pk: [track_id]
                  columns: [track_id, name, album_id, media_type_id, genre_id, composer, milliseconds, bytes, unit_price]
                  assocs:
                    album: {kind: belongs_to, table: album, fk: album_id}
                    media_type: {kind: belongs_to, table: media_type, fk: media_type_id}
                    genre: {kind: belongs_to, table: genre, fk: genre_id}
                    invoice_lines: {kind: has_many, table: invoice_line, fk: track_id}
                    playlist_tracks: {kind: has_many, table: playlist_track, fk: track_id}
                    playlists: {kind: many_to_many, table: playlist, through: playlist_track, owner_key: track_id, related_key: playlist_id}
                """.lines().toArray(String[]::new));
        assertThat(ModelFile.parse(draft.yaml()).tables()).hasSize(11);
    }

    @Test
    void everythingThatKeysCanBe() {
        Database shop = PostgresServer.shared().newDatabase();
        shop.execute(SHOP);

        ModelDraft draft = draft(shop, true, "public", "audit");

        assertThat(lines(draft)).containsExactly("""
                # left out: public.logs, which has no primary key
                audit.entries:
                  pk: [id]
                  columns: [id, user_id]
                  assocs:
                    user: {kind: belongs_to, table: public.users, fk: user_id}
                "public.Order Lines":
                  pk: [Line.No]
                  columns: [Line.No, select, "größe", "yes"]
                  assocs:
                    select: {kind: belongs_to, table: public.users, fk: select}
                    nulls: {kind: has_many, table: public.null, fk: OrderLineNo}
                public.addresses:
                  pk: [id]
                  columns: [id, user_id, current]
                  assocs:
                    user: {kind: belongs_to, table: public.users, fk: user_id}
                # review: no primary key; its rows are known by the unique index codes_code
                public.codes:
                  pk: [code]
                  columns: [code, region]
                  assocs: {}
                public.follows:
                  pk: [follower_id, followee_id]
                  columns: [follower_id, followee_id]
                  assocs:
                    follower: {kind: belongs_to, table: public.users, fk: follower_id}
                    followee: {kind: belongs_to, table: public.users, fk: followee_id}
                public.halls:
                  pk: [tenant, hall]
                  columns: [hall, tenant, name]
                  assocs:
                    seats: {kind: has_many, table: public.seats, fk: [tenant, hall]}
                    swaps_by_old: {kind: has_many, table: public.swaps, fk: [tenant, old_hall]}
                    swaps_by_new: {kind: has_many, table: public.swaps, fk: [tenant, new_hall]}
                # review: no association by mails_email_fkey: (email) is not the primary key of public.users
                public.mails:
                  pk: [id]
                  columns: [id, email]
                  assocs: {}
                public.measures:
                  pk: [at]
                  columns: [at, user_id]
                  assocs:
                    user: {kind: belongs_to, table: public.users, fk: user_id}
                public.null:
                  pk: ["no"]
                  columns: ["no", OrderLineNo]
                  assocs:
                    OrderLineNo: {kind: belongs_to, table: "public.Order Lines", fk: OrderLineNo}
                public.passports:
                  pk: [id]
                  columns: [id, holder_id]
                  assocs:
                    holder: {kind: belongs_to, table: public.users, fk: holder_id}
                public.seats:
                  pk: [tenant, hall, number]
                  columns: [number, hall, tenant, state]
                  assocs:
                    hall: {kind: belongs_to, table: public.halls, fk: [tenant, hall]}
                # review: no many_to_many of public.halls and public.halls: no unique key says that a pair is there once
                public.swaps:
                  pk: [id]
                  columns: [id, tenant, old_hall, new_hall]
                  assocs:
                    old: {kind: belongs_to, table: public.halls, fk: [tenant, old_hall]}
                    new: {kind: belongs_to, table: public.halls, fk: [tenant, new_hall]}
                public.user_profiles:
                  pk: [user_id]
                  columns: [user_id, born]
                  assocs:
                    user: {kind: belongs_to, table: public.users, fk: user_id}
                # review: tag: computed by the database, which may not be in its row changes
                public.users:
                  pk: [id]
                  columns: [id, email, invited_by, tag]
                  assocs:
                    invited_by: {kind: belongs_to, table: public.users, fk: invited_by}
                    entries: {kind: has_many, table: audit.entries, fk: user_id}
                    Order_Lines: {kind: has_many, table: "public.Order Lines", fk: select}
                    # review: the index one_current is unique for some rows: a has_one with a where could be meant
                    addresses: {kind: has_many, table: public.addresses, fk: user_id}
                    follows_by_follower: {kind: has_many, table: public.follows, fk: follower_id}
                    follows_by_followee: {kind: has_many, table: public.follows, fk: followee_id}
                    measures: {kind: has_many, table: public.measures, fk: user_id}
                    passport: {kind: has_one, table: public.passports, fk: holder_id}
                    user_profile: {kind: has_one, table: public.user_profiles, fk: user_id}
                    users_by_invited_by: {kind: has_many, table: public.users, fk: invited_by}
                    followees: {kind: many_to_many, table: public.users, through: public.follows, owner_key: follower_id, related_key: followee_id}
                    followers: {kind: many_to_many, table: public.users, through: public.follows, owner_key: followee_id, related_key: follower_id}
                """.lines().toArray(String[]::new));
        assertThat(ModelFile.parse(draft.yaml()).tables()).hasSize(14);
    }

    @Test
    void theCommandWritesAFileThatTheOtherFindsNothingWrongWith() throws IOException {
        Database shop = PostgresServer.shared().newDatabase();
        shop.execute(SHOP);
        Path file = directory.resolve("model.yaml");
        List<String> arguments =
                List.of("model", "import", "--jdbc-url", shop.url(), "--user", shop.user(), "--out", file.toString());

        String said = run(0, arguments);
        String again = run(1, arguments);
        String checked = run(0, List.of("model", "check", file.toString()));

        assertThat(said).matches("forebay: 13 tables, \\d+ associations, \\d+ notes to review\n");
        assertThat(again).isEqualTo("forebay: " + file + " is there already; --force writes over it\n");
        assertThat(Files.readString(file)).isEqualTo(draft(shop, true, "public").yaml());
        assertThat(checked).matches("\\Q" + file + "\\E: 13 tables, \\d+ associations\n");
    }

    @Test
    void whatADatabaseRefusesIsTold() {
        Database shop = PostgresServer.shared().newDatabase();
        shop.execute(SHOP + "REVOKE CONNECT ON DATABASE " + name(shop) + " FROM PUBLIC;" + "CREATE ROLE nobody_"
                + name(shop) + " LOGIN");

        assertThatThrownBy(() -> draft(shop, true, "nowhere"))
                .isInstanceOf(CatalogueException.class)
                .hasMessage("there is no schema 'nowhere'; the database has audit, bare, public");
        assertThatThrownBy(() -> draft(shop, true, "bare"))
                .isInstanceOf(CatalogueException.class)
                .hasMessage("there is no table in bare");
        assertThatThrownBy(() -> new CatalogueReader(shop.url(), "nobody_" + name(shop), null).read(List.of("public")))
                .isInstanceOf(CatalogueException.class)
                .hasMessageStartingWith("the database does not permit it to this user: permission denied");
        assertThatThrownBy(() -> new CatalogueReader(shop.url(), "nobody at all", null).read(List.of("public")))
                .isInstanceOf(CatalogueException.class)
                .hasMessageStartingWith("the database lets this user not in: ");
        assertThatThrownBy(() -> new CatalogueReader(shop.url() + "_not", shop.user(), null).read(List.of("public")))
                .isInstanceOf(CatalogueException.class)
                .hasMessageStartingWith("the database refuses: ");
        assertThatThrownBy(() ->
                        new CatalogueReader("jdbc:postgresql://127.0.0.1:1/shop", "a", "b").read(List.of("public")))
                .isInstanceOf(CatalogueException.class)
                .hasMessageStartingWith("the database does not answer: ");
    }

    private static String name(Database database) {
        return database.url().substring(database.url().lastIndexOf('/') + 1);
    }

    private static ModelDraft draft(Database database, boolean withSchema, String... schemas) {
        return ModelDraft.of(
                new CatalogueReader(database.url(), database.user(), database.password()).read(List.of(schemas)),
                withSchema);
    }

    /** The lines of the tables, an indent less. */
    private static List<String> lines(ModelDraft draft) {
        List<String> lines = new ArrayList<>();
        draft.yaml()
                .lines()
                .skip(2)
                .filter(line -> !line.equals("tables:"))
                .forEach(line -> lines.add(line.startsWith("  ") ? line.substring(2) : line));
        return lines;
    }

    private static String run(int status, List<String> arguments) {
        try (ChildJvm child =
                ChildJvm.java("model", List.of("-Xmx128m", "-XX:+UseSerialGC"), Main.class.getName(), arguments)) {
            assertThat(child.awaitExit(Duration.ofSeconds(60)))
                    .as(child.output())
                    .isEqualTo(status);
            return child.output();
        }
    }
}
