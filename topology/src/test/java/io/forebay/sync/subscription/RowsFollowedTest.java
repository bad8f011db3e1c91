package io.forebay.sync.subscription;

import static io.forebay.sync.subscription.SubscribersDriver.change;
import static io.forebay.sync.subscription.SubscribersDriver.concerned;
import static io.forebay.sync.subscription.SubscribersDriver.row;
import static io.forebay.sync.subscription.SubscribersDriver.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.avro.FollowRows;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.Unsubscribe;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.sync.subscription.query.SubscribedTo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are followed whatever watchers there are, as streams do it. */
class RowsFollowedTest {

    private static final String ANN = "{\"id\":1,\"name\":\"Ann\"}";

    @TempDir
    private Path dir;

    private SubscribersDriver driver;

    @BeforeEach
    void open() {
        driver = new SubscribersDriver(dir);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static FollowRows.Builder record(String table, String key) {
        return FollowRows.newBuilder()
                .setTable(table)
                .setScope(WatchedScope.record)
                .setValues(List.of(key))
                .setLeaseMs(10_000);
    }

    private static FollowRows.Builder openPosts() {
        return FollowRows.newBuilder()
                .setTable("posts")
                .setScope(WatchedScope.every)
                .setWhere("{\"title\":\"open\"}")
                .setLeaseMs(10_000);
    }

    @Test
    void aRecordThatGoesAndComesAgainIsFollowedAllTheTime() {
        long request = driver.want("~stream/1", record("users", "1").build());
        driver.rows("~stream/1", PlaceKind.record, "users/1", request);
        List<String> nothing = driver.told();

        driver.deliver(change(5, "users/1", null, ANN, concerned("~stream/1", PlaceKind.record, "users/1", request)));
        driver.deliver(change(6, "users/1", ANN, null, concerned("~stream/1", PlaceKind.record, "users/1", request)));
        driver.deliver(change(7, "users/1", null, ANN, concerned("~stream/1", PlaceKind.record, "users/1", request)));

        assertThat(nothing).containsExactly("~stream/1 caught_up @-1");
        assertThat(driver.told())
                .containsExactly(
                        "~stream/1 inserted users/1@5 followed",
                        "~stream/1 deleted users/1@6",
                        "~stream/1 inserted users/1@7 followed");
    }

    @Test
    void itIsSaidWhetherRowsAreOutstanding() {
        long request = driver.want(
                "~stream/1", record("users", "1").setAssocs("{\"posts\":{}}").build());
        driver.rows("~stream/1", PlaceKind.record, "users/1", request, row(5, "users/1", ANN));
        long again = request + 1;
        driver.rows(
                "~stream/1", PlaceKind.column, "posts/user_id/1", again, row(6, "posts/7", "{\"id\":7,\"user_id\":1}"));

        assertThat(driver.messages()
                        .map(told ->
                                told.message().getOp() + " " + told.message().getOutstanding()))
                .containsExactly("snapshot true", "snapshot false", "caught_up false");
    }

    @Test
    void rowsOfATableComeAndGoByItsConditions() {
        String open = "{\"id\":7,\"title\":\"open\"}";
        String done = "{\"id\":7,\"title\":\"done\"}";
        long request = driver.want("~stream/1", openPosts().build());
        List<String> interests = driver.interests();
        driver.rows("~stream/1", PlaceKind.table, "posts", request, row(3, "posts/7", open));
        driver.deliver(change(4, "posts/8", null, done, concerned("~stream/1", PlaceKind.table, "posts", request)));
        driver.deliver(change(5, "posts/7", open, done, concerned("~stream/1", PlaceKind.table, "posts", request)));
        driver.deliver(change(6, "posts/7", done, open, concerned("~stream/1", PlaceKind.table, "posts", request)));

        assertThat(interests).containsExactly("+ table posts with rows");
        assertThat(driver.told())
                .containsExactly(
                        "~stream/1 snapshot posts/7@3 followed",
                        "~stream/1 caught_up @-1",
                        "~stream/1 updated posts/7@5",
                        "~stream/1 inserted posts/7@6 followed");
    }

    @Test
    void whoSubscribesToATableMayBeToldItsRowsFirst() {
        long request = driver.want(
                "s", table("posts", RowOperation.updated).setSnapshot(true).build());
        driver.rows("s", PlaceKind.table, "posts", request, row(3, "posts/7", "{\"id\":7}"));

        assertThat(driver.told()).containsExactly("s snapshot posts/7@3 followed", "s caught_up @-1");
    }

    @Test
    void nothingIsLeftWhenTheLeaseIsOver() {
        long request = driver.want("~stream/1", openPosts().build());
        driver.rows("~stream/1", PlaceKind.table, "posts", request, row(3, "posts/7", "{\"id\":7,\"title\":\"open\"}"));
        driver.interests();
        driver.flow.advance(Duration.ofSeconds(11));
        driver.flow.runTicks();

        assertThat(driver.interests()).containsExactly("- table posts");
    }

    @Test
    void itEndsWithAllThatItsSubscriberSubscribedTo() {
        driver.want("~stream/1", record("users", "1").build());
        driver.interests();
        driver.want("~stream/1", new Unsubscribe(null));

        assertThat(driver.interests()).containsExactly("- record users/1");
    }

    @Test
    void itIsNoSubscriptionThatIsListed() {
        driver.want("~stream/1", record("users", "1").build());

        assertThat(driver.flow.ask(new SubscribedTo("~stream/1", Map.of(), 100)).subscriptions())
                .isEmpty();
    }
}
