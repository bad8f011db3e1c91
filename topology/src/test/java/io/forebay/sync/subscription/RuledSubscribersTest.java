package io.forebay.sync.subscription;

import static io.forebay.sync.subscription.SubscribersDriver.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.avro.RowOperation;
import io.forebay.sync.rule.AccessRules;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told under rules of the tables and of subscriptions. */
class RuledSubscribersTest {

    private static final AccessRules RULES = AccessRules.parse("""
            tables:
              users:
                visible: row.name in claims.friends
                hidden: [secret]
            """, SubscribersDriver.MODEL);

    private static final String FRIENDS = "{\"friends\":[\"ann\",\"bob\"]}";

    private SubscribersDriver driver;

    @BeforeEach
    void open(@TempDir Path dir) {
        driver = new SubscribersDriver(dir, RULES);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static String row(String name) {
        return "{\"id\":1,\"name\":\"" + name + "\",\"secret\":\"s\"}";
    }

    private void update(long request, long ref, String from, String to) {
        driver.userChanges(request, ref, row(from), row(to));
    }

    private List<String> rows() {
        return driver.messages()
                .map(told -> told.message().getOp() + " " + told.message().getOldRow() + " "
                        + told.message().getRow())
                .toList();
    }

    @Test
    void whatCeasesToBeSeenIsDeletedAndWhatIsSeenAgainInserted() {
        long request = driver.subscribe(user(RowOperation.updated).setClaims(FRIENDS));

        update(request, 1, "ann", "bob");
        update(request, 2, "bob", "eve");
        update(request, 3, "eve", "dan");
        update(request, 4, "dan", "ann");

        String ann = "{\"id\":1,\"name\":\"ann\"}";
        String bob = "{\"id\":1,\"name\":\"bob\"}";
        assertThat(rows())
                .containsExactly("updated " + ann + " " + bob, "deleted " + bob + " null", "inserted null " + ann);
    }

    @Test
    void withoutClaimsNothingIsTold() {
        long request = driver.subscribe(user(RowOperation.updated).setSnapshot(true));

        driver.userIs(request, 1, row("ann"));
        update(request, 2, "ann", "bob");

        assertThat(driver.told()).containsExactly("s caught_up @-1");
    }

    @Test
    void aRuleOfTheSubscriptionCountsBeside() {
        long request =
                driver.subscribe(user(RowOperation.updated).setClaims(FRIENDS).setRule("{\"name\":\"bob\"}"));

        update(request, 1, "ann", "ann");
        update(request, 2, "ann", "bob");

        assertThat(driver.told()).containsExactly("s inserted users/1@2 followed");
    }

    @Test
    void onlyColumnsThatWereNamedAreTold() {
        long request =
                driver.subscribe(user(RowOperation.updated).setClaims(FRIENDS).setColumns("{\"users\":[\"id\"]}"));

        update(request, 1, "ann", "bob");

        assertThat(rows()).containsExactly("updated {\"id\":1} {\"id\":1}");
    }

    @Test
    void whatFollowsFromARowThatMayNotBeSeenIsNotFollowed() {
        long request = driver.subscribe(user(RowOperation.updated)
                .setClaims(FRIENDS)
                .setAssocs("{\"posts\":{}}")
                .setSnapshot(true));
        driver.userIs(request, 1, row("eve"));

        assertThat(driver.interests()).containsExactly("+ record users/1 with rows");

        update(request, 2, "eve", "ann");

        assertThat(driver.interests()).containsExactly("+ column posts/user_id/1 with rows");

        update(request, 3, "ann", "eve");

        assertThat(driver.interests()).containsExactly("- column posts/user_id/1");
    }
}
