package io.forebay.sync.subscription;

import static io.forebay.sync.subscription.SubscribersDriver.change;
import static io.forebay.sync.subscription.SubscribersDriver.column;
import static io.forebay.sync.subscription.SubscribersDriver.concerned;
import static io.forebay.sync.subscription.SubscribersDriver.row;
import static io.forebay.sync.subscription.SubscribersDriver.rows;
import static io.forebay.sync.subscription.SubscribersDriver.table;
import static io.forebay.sync.subscription.SubscribersDriver.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.avro.DefineWatchers;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RenewLease;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.TransactionWhole;
import io.forebay.schemas.avro.Unsubscribe;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.sync.subscription.query.ListeningTo;
import io.forebay.sync.subscription.query.SubscribedTo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscribersDeciderTest {

    private static final String ANN = "{\"id\":1,\"name\":\"ann\"}";

    private SubscribersDriver driver;

    @BeforeEach
    void open(@TempDir Path dir) {
        driver = new SubscribersDriver(dir);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static String post(int id, int user) {
        return "{\"id\":" + id + ",\"title\":\"t\",\"user_id\":" + user + "}";
    }

    private static String comment(int id, int post) {
        return "{\"id\":" + id + ",\"post_id\":" + post + ",\"text\":\"x\"}";
    }

    @Test
    void aSubscriptionToARecordAsksItsPlaceAndTellsTheRowThatIsThere() {
        long request = driver.subscribe(user(RowOperation.updated).setSnapshot(true));

        assertThat(driver.interests()).containsExactly("+ record users/1 with rows");

        driver.userIs(request, 5, ANN);

        assertThat(driver.told()).containsExactly("s snapshot users/1@5 followed", "s caught_up @-1");
    }

    @Test
    void aChangeIsToldOnceHoweverManyPlacesFoundIt() {
        long one = driver.subscribe(table("posts", RowOperation.updated));
        long two = driver.subscribe(column("posts", "user_id", "1", RowOperation.updated));

        driver.deliver(change(
                9,
                "posts/7",
                post(7, 1),
                post(7, 1),
                concerned("s", PlaceKind.table, "posts", one),
                concerned("s", PlaceKind.column, "posts/user_id/1", two)));

        assertThat(driver.messages())
                .singleElement()
                .satisfies(told -> assertThat(told.message().getIdentifiers())
                        .containsExactly(
                                "{\"watcher\":[\"posts\",\"updated\"],\"id\":null}",
                                "{\"watcher\":[\"posts\",\"updated\"],\"id\":[\"user_id\",1]}"));
    }

    @Test
    void aChangeThatTheRowsOfAPlaceHaveOvertakenIsToldOnceAllTheSame() {
        long request = driver.subscribe(user(RowOperation.updated).setSnapshot(true));
        driver.userIs(request, 6, ANN);
        driver.told();

        driver.userChanges(request, 6, ANN, ANN);
        driver.userChanges(request, 6, ANN, ANN);

        assertThat(driver.told()).containsExactly("s updated users/1@6 followed");
    }

    @Test
    void whoWaitsForInsertionsIsToldOfARowThatMovesIn() {
        long request = driver.subscribe(column("posts", "user_id", "2", RowOperation.inserted));

        driver.deliver(change(
                9, "posts/7", post(7, 1), post(7, 2), concerned("s", PlaceKind.column, "posts/user_id/2", request)));
        driver.deliver(change(
                10, "posts/7", post(7, 2), post(7, 2), concerned("s", PlaceKind.column, "posts/user_id/2", request)));

        assertThat(driver.told()).containsExactly("s inserted posts/7@9");
    }

    @Test
    void aLabelWithTriggerColumnsIsToldOfADifferenceOnly() {
        driver.want(
                "",
                new DefineWatchers(
                        "[{\"table\":\"posts\",\"event\":\"updated\",\"label\":\"titles\",\"trigger_columns\":[\"title\"]}]",
                        1L));
        long request = driver.want(
                "s",
                Subscribe.newBuilder()
                        .setRows(rows("posts", RowOperation.updated)
                                .setLabel("titles")
                                .setScope(WatchedScope.every)
                                .build())
                        .build());

        driver.postChanges(request, 9, "posts/7", post(7, 1), post(7, 2));
        driver.postChanges(request, 10, "posts/7", post(7, 2), "{\"id\":7,\"title\":\"other\",\"user_id\":2}");

        assertThat(driver.told()).containsExactly("s updated posts/7@10");
    }

    @Test
    void whoEndedUpdatesOfARecordIsToldOfItsDeletionOnly() {
        long one = driver.subscribe(user(RowOperation.updated).setSnapshot(true));
        driver.subscribe(user(RowOperation.deleted).setSnapshot(true));
        driver.userIs(one, 5, ANN);
        driver.told();

        driver.want("s", new Unsubscribe(user(RowOperation.updated).getRows()));

        assertThat(driver.flow.ask(new SubscribedTo("s", Map.of(), 100)).subscriptions())
                .extracting(left -> left.table() + " " + left.event().text())
                .containsExactly("users deleted");

        driver.userChanges(one, 6, ANN, ANN);
        driver.userChanges(one, 7, ANN, null);

        assertThat(driver.told()).containsExactly("s deleted users/1@7");
    }

    @Test
    void whoMissedUpdatesIsToldTheRowWhenHeAsksForThemAgain() {
        long one = driver.subscribe(user(RowOperation.deleted).setSnapshot(true));
        driver.userIs(one, 5, ANN);
        driver.userChanges(one, 6, ANN, ANN);
        long again = driver.subscribe(user(RowOperation.updated).setSnapshot(true));
        driver.userIs(again, 6, ANN);

        assertThat(driver.told())
                .containsExactly(
                        "s snapshot users/1@5 followed",
                        "s caught_up @-1",
                        "s snapshot users/1@6 followed",
                        "s caught_up @-1");
    }

    @Test
    void whatFollowsFromARecordTellsAllOfIt() {
        long request = driver.subscribe(
                user(RowOperation.deleted).setAssocs("{\"posts\":{}}").setSnapshot(true));
        driver.userIs(request, 5, ANN);
        driver.told();

        driver.userChanges(request, 6, ANN, ANN);

        assertThat(driver.told()).containsExactly("s updated users/1@6 followed");
    }

    @Test
    void whatARowLeadsToIsFollowedAndLetGoWithIt() {
        long request = driver.subscribe(user(RowOperation.updated)
                .setAssocs("{\"posts\":{\"comments\":{}}}")
                .setSnapshot(true));
        long posts = driver.userIs(request, 5, ANN);
        long comments = driver.rows("s", PlaceKind.column, "posts/user_id/1", posts, row(6, "posts/7", post(7, 1)));
        driver.rows("s", PlaceKind.column, "comments/post_id/7", comments, row(8, "comments/3", comment(3, 7)));
        driver.interests();
        driver.told();

        driver.deliver(change(
                9, "posts/7", post(7, 1), post(7, 2), concerned("s", PlaceKind.column, "posts/user_id/1", posts)));

        assertThat(driver.told()).containsExactly("s updated posts/7@9", "s released comments/3@8");
        assertThat(driver.interests()).containsExactly("- column comments/post_id/7");
    }

    @Test
    void whatAnEarlierInterestFoundIsVoid() {
        long first = driver.subscribe(table("posts", RowOperation.deleted));
        driver.want(
                "s",
                new Unsubscribe(rows("posts", RowOperation.deleted)
                        .setScope(WatchedScope.every)
                        .build()));
        driver.subscribe(table("posts", RowOperation.deleted));

        driver.postChanges(first, 9, "posts/7", post(7, 1), null);

        assertThat(driver.told()).isEmpty();
    }

    @Test
    void aTruncationIsToldOnceAndTakesWhatWasKnown() {
        long request = driver.subscribe(user(RowOperation.updated).setSnapshot(true));
        driver.userIs(request, 5, ANN);
        driver.told();

        for (int i = 0; i < 2; i++) {
            driver.deliver(change(8, "users", null, null, concerned("s", PlaceKind.record, "users/1", request))
                    .setOp(RowOperation.truncated));
        }
        driver.userChanges(request, 7, ANN, ANN);

        assertThat(driver.told()).containsExactly("s truncated users@8");
    }

    @Test
    void aLeaseThatIsNotRenewedEnds() {
        driver.subscribe(table("posts", RowOperation.updated).setLeaseMs(10_000L));
        driver.interests();
        driver.flow.advance(Duration.ofSeconds(9));
        driver.want("s", new RenewLease());
        driver.flow.advance(Duration.ofSeconds(9));
        driver.flow.runTicks();

        assertThat(driver.interests()).isEmpty();

        driver.flow.advance(Duration.ofSeconds(2));
        driver.flow.runTicks();

        assertThat(driver.interests()).containsExactly("- table posts");
    }

    @Test
    void aTransactionIsToldAsAUnitWhenItIsWhole() {
        long request = driver.subscribe(table("posts", RowOperation.inserted));
        insert(request, 1, 1, "t");
        insert(request, 2, 2, "t");
        driver.postChanges(request, 3, "posts/3", null, post(3, 1));
        driver.postChanges(request, 4, "posts/1", null, post(1, 1));

        assertThat(driver.told()).containsExactly("s inserted posts/3@3");

        driver.flow.restart();
        driver.send("", new TransactionWhole("t"));

        assertThat(driver.told())
                .containsExactly("s inserted posts/1@1", "s inserted posts/2@2", "s inserted posts/1@4");
    }

    @Test
    void aTransactionWaitsForItsPlaceHoweverLongThatTakes() {
        long request = driver.subscribe(table("posts", RowOperation.inserted));
        insert(request, 1, 1, "t");

        driver.flow.advance(Duration.ofHours(1));
        driver.flow.runTicks();
        List<String> before = driver.told();
        insert(request, 2, 2, "t");
        driver.send("", new TransactionWhole("t"));

        assertThat(before).isEmpty();
        assertThat(driver.told()).containsExactly("s inserted posts/1@1", "s inserted posts/2@2");
    }

    @Test
    void aTransactionWaitsBehindAnother() {
        long request = driver.subscribe(table("posts", RowOperation.inserted));
        insert(request, 1, 1, "t");
        insert(request, 1, 2, "u");
        insert(request, 2, 3, "u");

        driver.send("", new TransactionWhole("u"));
        List<String> before = driver.told();
        driver.send("", new TransactionWhole("t"));

        assertThat(before).isEmpty();
        assertThat(driver.told())
                .containsExactly("s inserted posts/1@1", "s inserted posts/1@2", "s inserted posts/2@3");
    }

    @Test
    void transactionsThatWaitForEachOtherGoRowByRow() {
        long request = driver.subscribe(table("posts", RowOperation.inserted));
        insert(request, 1, 1, "t");
        insert(request, 1, 2, "u");
        insert(request, 2, 3, "u");
        insert(request, 2, 4, "t");
        insert(request, 2, 5, "v");
        insert(request, 3, 6, "v");

        driver.send("", new TransactionWhole("v"));
        driver.send("", new TransactionWhole("t"));
        List<String> before = driver.told();
        driver.send("", new TransactionWhole("u"));

        assertThat(before).isEmpty();
        assertThat(driver.told())
                .containsExactlyInAnyOrder(
                        "s inserted posts/1@1",
                        "s inserted posts/1@2",
                        "s inserted posts/2@3",
                        "s inserted posts/2@4",
                        "s inserted posts/2@5",
                        "s inserted posts/3@6");
    }

    private void insert(long request, int id, long ref, String transaction) {
        driver.deliver(change(ref, "posts/" + id, null, post(id, 1), concerned("s", PlaceKind.table, "posts", request))
                .setTransaction(transaction)
                .setTransactionRows(2));
    }

    @Test
    void whatIsFollowedIsASubscriptionToo() {
        long request = driver.subscribe(user(RowOperation.updated)
                .setAssocs("{\"posts\":{\"comments\":{}}}")
                .setSnapshot(true));
        long posts = driver.userIs(request, 5, ANN);
        driver.rows("s", PlaceKind.column, "posts/user_id/1", posts, row(6, "posts/7", post(7, 1)));

        assertThat(driver.flow.ask(new SubscribedTo("s", Map.of(), 100)).subscriptions())
                .extracting(one -> one.table() + " " + one.event().text() + " " + one.columns() + one.values() + " "
                        + one.assocs() + (one.followed() ? " followed" : ""))
                .containsExactlyInAnyOrder(
                        "users updated [][1] {\"posts\":{\"comments\":{}}}",
                        "users deleted [][1] {\"posts\":{\"comments\":{}}} followed",
                        "posts inserted [user_id][1] {\"comments\":{}} followed",
                        "posts updated [][7] {\"comments\":{}} followed",
                        "posts deleted [][7] {\"comments\":{}} followed",
                        "comments inserted [post_id][7] {} followed");
        assertThat(driver.flow
                        .ask(ListeningTo.of(
                                rows("posts", RowOperation.updated)
                                        .setScope(WatchedScope.record)
                                        .setValues(List.of("7"))
                                        .build(),
                                SubscribersDriver.MODEL,
                                Map.of(),
                                null,
                                100))
                        .listeners())
                .containsExactly(new ListeningTo.Listener("s", "{\"comments\":{}}"));
    }

    @Test
    void whoAsksForWhatHasNotArrivedIsTold() {
        assertThat(driver.flow.ask(new SubscribedTo("s", Map.of(0, 1L), 100)).behind())
                .isTrue();
    }

    @Test
    void whoUnsubscribesFromEverythingLeavesNothing() {
        long request = driver.subscribe(
                user(RowOperation.updated).setAssocs("{\"posts\":{}}").setSnapshot(true));
        driver.userIs(request, 5, ANN);
        driver.interests();

        driver.want("s", new Unsubscribe(null));

        assertThat(driver.interests()).containsExactlyInAnyOrder("- record users/1", "- column posts/user_id/1");
        assertThat(driver.flow.ask(new SubscribedTo("s", Map.of(), 100)).subscriptions())
                .isEmpty();
    }
}
