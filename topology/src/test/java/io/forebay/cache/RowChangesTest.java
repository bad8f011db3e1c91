package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.change.ChangesConfig;
import io.forebay.command.FlowDriver;
import io.forebay.keys.KeysConfig;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Entries that depend on tables, from the change of a row to what readers find. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowChangesTest {

    private static final String ANN = "cache%3Ausers/users/1";
    private static final String ANNS_ROLES = "cache%3Ausers/users/1/roles";
    private static final String BOB = "cache%3Ausers/users/2";
    private static final String POST = "cache%3Aposts/latest";

    private CacheDriver caches;
    private long changesBefore;
    private long widenedBefore;

    @BeforeAll
    void start(@TempDir Path dir) {
        caches = new CacheDriver(
                dir,
                KeysConfig.defaults(),
                ChangesConfig.defaults()
                        .with("posts", "public.posts")
                        .with("users", "public.users key users/{id}/**")
                        .with("songs", "public.tracks tag artist:{artist_id}")
                        .with("members", "public.members key by-team/{team_id}/{id}"));
    }

    @AfterAll
    void stop() {
        caches.close();
    }

    @BeforeEach
    void forget() {
        List.of("posts", "users", "songs").forEach(cache -> caches.invalidateMatch("cache%3A" + cache + "/**"));
        caches.advance(11_000);
        caches.flow.deadLetters();
        changesBefore = caches.changeStats.changes();
        widenedBefore = caches.changeStats.widened();
    }

    private long changes() {
        return caches.changeStats.changes() - changesBefore;
    }

    private long widened() {
        return caches.changeStats.widened() - widenedBefore;
    }

    private static RowChange.Builder row(RowOperation op, String table) {
        return RowChange.newBuilder().setOp(op).setTable(table).setKeyColumns(List.of("id"));
    }

    private static RowChange inserted(String table, String after) {
        return row(RowOperation.inserted, table).setAfter(after).build();
    }

    private static RowChange updated(String table, @Nullable String before, String after) {
        return row(RowOperation.updated, table)
                .setBefore(before)
                .setAfter(after)
                .build();
    }

    private static RowChange deleted(String table, @Nullable String before) {
        return row(RowOperation.deleted, table).setBefore(before).build();
    }

    private static RowChange truncated(String table) {
        return RowChange.newBuilder()
                .setOp(RowOperation.truncated)
                .setTable(table)
                .build();
    }

    /** As the row of a user, whose id is what tells. */
    private static RowChange user(String id, @Nullable String transaction) {
        return row(RowOperation.updated, "public.users")
                .setAfter("{\"id\":" + id + "}")
                .setTransaction(transaction)
                .build();
    }

    private static RowChange post(String transaction, String source) {
        return row(RowOperation.inserted, "public.posts")
                .setAfter("{\"id\":1}")
                .setTransaction(transaction)
                .setSource(new RowSource(source, 1L, 0))
                .build();
    }

    static Stream<Arguments> changesOfPosts() {
        return Stream.of(
                Arguments.of("public.posts/1", inserted("public.posts", "{\"id\":1}")),
                Arguments.of("public.posts/1", updated("public.posts", null, "{\"id\":1}")),
                Arguments.of("public.posts/1", deleted("public.posts", null)),
                Arguments.of("public.posts", truncated("public.posts")),
                Arguments.of(
                        "public.posts/1",
                        row(RowOperation.other, "public.posts").build()));
    }

    @ParameterizedTest
    @MethodSource("changesOfPosts")
    void aChangeOfATableInvalidatesTheCache(String key, RowChange change) {
        caches.load(POST, null, "1");
        caches.load(ANN, null, "1");

        caches.change(key, change);

        assertThat(caches.get(POST)).isNull();
        assertThat(caches.get(ANN)).isEqualTo("1");
    }

    @Test
    void aTableThatNoCacheDependsOnInvalidatesNothing() {
        caches.load(POST, null, "1");

        List<Object> forwarded = caches.change("public.tags/1", inserted("public.tags", "{\"id\":1}"));

        assertThat(forwarded).isEmpty();
        assertThat(caches.get(POST)).isEqualTo("1");
        assertThat(changes()).isZero();
    }

    @Test
    void aSnapshotIsNoChange() {
        caches.load(POST, null, "1");

        caches.change(
                "public.posts/1",
                row(RowOperation.snapshot, "public.posts")
                        .setAfter("{\"id\":1}")
                        .build());

        assertThat(caches.get(POST)).isEqualTo("1");
    }

    @Test
    void onlyTheEntriesOfTheRowAreInvalidated() {
        caches.load(ANN, null, "1");
        caches.load(ANNS_ROLES, null, "1");
        caches.load(BOB, null, "1");

        caches.change("public.users/1", updated("public.users", "{\"id\":1}", "{\"id\":1}"));

        assertThat(Arrays.asList(caches.get(ANN), caches.get(ANNS_ROLES), caches.get(BOB)))
                .containsExactly(null, null, "1");
    }

    @Test
    void aTruncationInvalidatesTheEntriesOfAnyRow() {
        caches.load(ANN, null, "1");
        caches.load(BOB, null, "1");
        caches.load("cache%3Ausers/teams/1", null, "1");

        caches.change("public.users", truncated("public.users"));

        assertThat(Arrays.asList(caches.get(ANN), caches.get(BOB), caches.get("cache%3Ausers/teams/1")))
                .containsExactly(null, null, "1");
    }

    @Test
    void aRowThatMovesHitsWhereItWasAndWhereItIs() {
        caches.load("cache%3Asongs/a", null, "1", "artist:7");
        caches.load("cache%3Asongs/b", null, "1", "artist:8");
        caches.load("cache%3Asongs/c", null, "1", "artist:9");

        caches.change(
                "public.tracks/1",
                updated("public.tracks", "{\"id\":1,\"artist_id\":7}", "{\"id\":1,\"artist_id\":\"8\"}"));

        assertThat(Arrays.asList(
                        caches.get("cache%3Asongs/a"), caches.get("cache%3Asongs/b"), caches.get("cache%3Asongs/c")))
                .containsExactly(null, null, "1");
    }

    @Test
    void valuesAreWrittenAsInTexts() {
        assertThat(caches.change(
                        "public.tracks/1", updated("public.tracks", "{\"artist_id\":null}", "{\"artist_id\":true}")))
                .containsExactly(new InvalidateTag("songs", "artist:null"), new InvalidateTag("songs", "artist:true"));
        assertThat(caches.change("public.members/a%2Fb", deleted("public.members", "{\"team_id\":\"*\"}")))
                .containsExactly(new InvalidateKeys(List.of("cache%3Amembers/by-team/%2A/a%2Fb")));
    }

    @Test
    void theKeyTellsWhatTheRowDoesNot() {
        assertThat(caches.change("public.users/1", deleted("public.users", null)))
                .containsExactly(new InvalidateMatch("cache%3Ausers/users/1/**"));
        assertThat(caches.change("public.users/1", updated("public.users", null, "{\"name\":\"Ann\"}")))
                .containsExactly(new InvalidateMatch("cache%3Ausers/users/1/**"));
        assertThat(widened()).isZero();
    }

    @Test
    void whatIsNotKnownIsAnything() {
        RowChange moved = updated("public.members", null, "{\"id\":1,\"team_id\":8}");

        assertThat(caches.change("public.members/1", moved))
                .containsExactly(
                        new InvalidateMatch("cache%3Amembers/by-team/*/1"),
                        new InvalidateKeys(List.of("cache%3Amembers/by-team/8/1")));
        assertThat(caches.change("public.tracks/1", deleted("public.tracks", "{\"id\":1}")))
                .containsExactly(new InvalidateMatch("cache%3Asongs/**"));
        assertThat(caches.change("public.tracks/1", deleted("public.tracks", "{\"artist_id\":[7]}")))
                .containsExactly(new InvalidateMatch("cache%3Asongs/**"));
        assertThat(widened()).isEqualTo(3);
    }

    @Test
    void aColumnThatDidNotChangeIsWhatItWas() {
        RowChange.Builder update = row(RowOperation.updated, "public.members").setAfter("{\"id\":1,\"team_id\":8}");

        assertThat(caches.change(
                        "public.members/1",
                        update.setChangedColumns(List.of("name")).build()))
                .containsExactly(new InvalidateKeys(List.of("cache%3Amembers/by-team/8/1")));
        assertThat(caches.change(
                        "public.members/1",
                        update.setChangedColumns(List.of("team_id")).build()))
                .contains(new InvalidateMatch("cache%3Amembers/by-team/*/1"));
    }

    @Test
    void aPrimaryKeyThatChangedIsNotTakenForTheOldOne() {
        RowChange moved = row(RowOperation.updated, "public.users")
                .setAfter("{\"id\":2}")
                .setChangedColumns(List.of("id"))
                .build();

        assertThat(caches.change("public.users/2", moved))
                .containsExactly(
                        new InvalidateMatch("cache%3Ausers/users/*/**"),
                        new InvalidateMatch("cache%3Ausers/users/2/**"));
    }

    @Test
    void aTagThatNoEntryCanHaveIsNotSent() {
        String longTag = "x".repeat(300);

        assertThat(caches.change("public.tracks/1", deleted("public.tracks", "{\"artist_id\":\"" + longTag + "\"}")))
                .isEmpty();
    }

    @Test
    void aKeyThatIsTooLongForACommandIsAnyKey() {
        String longId = "x".repeat(5_000);

        assertThat(caches.change("public.users/1", deleted("public.users", "{\"id\":\"" + longId + "\"}")))
                .containsExactly(new InvalidateMatch("cache%3Ausers/users/*/**"));
    }

    @Test
    void rowsOfOneTransactionInvalidateOnce() {
        assertThat(caches.change("public.posts/1", post("tx", "db"))).hasSize(1);
        assertThat(caches.change("public.posts/1", post("tx", "db"))).isEmpty();
        assertThat(caches.change("public.posts/1", post("tx2", "db"))).hasSize(1);
        assertThat(caches.change("public.posts/1", post("tx", "db2"))).hasSize(1);
        assertThat(changes()).isEqualTo(4);
    }

    @Test
    void rowsOfUnknownTransactionsInvalidateEach() {
        assertThat(caches.change("public.users/1", user("1", null))).hasSize(1);
        assertThat(caches.change("public.users/1", user("1", null))).hasSize(1);
    }

    @Test
    void anIdThatIsUsedAgainLaterIsAnotherTransaction() {
        caches.change("public.users/1", user("1", "tx"));
        caches.advance(11_000);

        assertThat(caches.change("public.users/1", user("1", "tx"))).hasSize(1);
    }

    @Test
    void afterARestartATransactionInvalidatesAgain() {
        caches.change("public.users/1", user("1", "tx"));
        caches.flow.restart();

        assertThat(caches.change("public.users/1", user("1", "tx"))).hasSize(1);
    }

    @Test
    void aLoadThatBeganBeforeTheChangeIsNotKept() {
        long before = caches.lease(POST, null);
        caches.change("public.posts/1", inserted("public.posts", "{\"id\":1}"));
        long after = caches.lease(POST, null);

        assertThat(caches.fill(POST, before, "old").text()).isEqualTo("{\"kept\":false}");
        assertThat(caches.fill(POST, after, "new").text()).isEqualTo("{\"kept\":true}");
        assertThat(caches.get(POST)).isEqualTo("new");
    }

    @Test
    void aLoadThatBeganBeforeTheChangeIsNotKeptUnderItsTag() {
        long before = caches.lease("cache%3Asongs/a", null);
        caches.change("public.tracks/1", deleted("public.tracks", "{\"artist_id\":7}"));

        assertThat(caches.fill("cache%3Asongs/a", before, "old", "artist:7").text())
                .isEqualTo("{\"kept\":false}");
    }

    private byte[] wire(RowChange change) {
        return caches.wire(change);
    }

    private void changeRaw(@Nullable String key, byte @Nullable [] value) {
        caches.changeRaw(key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
    }

    @Test
    void aRecordWithoutAUsableKeyIsADeadLetter() {
        byte[] good = wire(inserted("public.posts", "{\"id\":1}"));
        caches.load(POST, null, "1");

        changeRaw(null, good);
        changeRaw("public.posts/%7a", good);
        changeRaw("%tick", good);

        List<TestRecord<byte[], byte[]>> letters = caches.flow.deadLetters();
        assertThat(letters)
                .extracting(letter -> FlowDriver.header(letter, HeaderNames.REASON))
                .containsExactly("key_missing", "key_not_canonical", "key_not_canonical");
        assertThat(letters).allSatisfy(letter -> {
            assertThat(FlowDriver.header(letter, HeaderNames.TOPIC)).isEqualTo("forebay.changes");
            assertThat(FlowDriver.header(letter, HeaderNames.PARTITION)).isEqualTo("0");
            assertThat(FlowDriver.header(letter, HeaderNames.OFFSET)).matches("[0-9]+");
            assertThat(letter.value()).isEqualTo(good);
        });
        assertThat(caches.get(POST)).isEqualTo("1");
    }

    @Test
    void whatIsNotAvroIsADeadLetterWhateverItsTable() {
        changeRaw("public.tags/1", "{\"id\":1}".getBytes(StandardCharsets.UTF_8));
        changeRaw("public.tags/1", null);

        assertThat(caches.flow.refusals())
                .containsExactly(
                        "not_avro the value is not Avro in Confluent's wire format",
                        "invalid value: a row change, not a tombstone");
    }

    /** A record that cannot be read: key, value, and the reason that is told. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the topic; nothing compares it
    private record Poison(String key, byte @Nullable [] value, String reason) {}

    private Stream<Poison> poison() {
        byte[] good = wire(inserted("public.posts", "{\"id\":1}"));
        byte[] other = caches.flow
                .serdes()
                .serializer(PresenceCommand.class)
                .serialize("t2", new PresenceCommand(new PurgePresences()));
        return Stream.of(
                new Poison("public.posts/1", null, "invalid"),
                new Poison("public.posts/1", new byte[0], "not_avro"),
                new Poison(
                        "public.posts/1",
                        ByteBuffer.wrap(good.clone()).putInt(1, 4711).array(),
                        "unknown_schema"),
                new Poison("public.posts/1", Arrays.copyOf(good, good.length - 2), "undecodable"),
                new Poison("public.posts/1", other, "undecodable"),
                new Poison("public.posts/1", wire(inserted("public.tags", "{\"id\":1}")), "wrong_key"),
                new Poison("public.posts", good, "wrong_key"),
                new Poison("public.posts/1", wire(truncated("public.posts")), "wrong_key"),
                new Poison("public.posts/1/2", good, "invalid"),
                new Poison("public.posts/1", wire(inserted("public.posts", "[1]")), "not_an_object"),
                new Poison("public.posts/1", wire(inserted("public.posts", "{\"id\":}")), "invalid_json"),
                new Poison(
                        "public.posts/1",
                        wire(row(RowOperation.inserted, "public.posts").build()),
                        "invalid"));
    }

    @Test
    void whatCannotBeReadIsADeadLetterAndInvalidatesAllOfItsTable() {
        assertThat(poison()).allSatisfy(poison -> {
            caches.load(POST, null, "1");
            changeRaw(poison.key(), poison.value());

            assertThat(caches.flow.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(FlowDriver.header(letter, HeaderNames.REASON)).isEqualTo(poison.reason());
                assertThat(letter.key()).isEqualTo(poison.key().getBytes(StandardCharsets.UTF_8));
                assertThat(letter.value()).isEqualTo(poison.value());
            });
            assertThat(caches.get(POST)).isNull();
        });
    }
}
