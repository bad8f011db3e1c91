package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.client.TokenIssuer;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rules of the server over the claims of tokens: two tenants see each their own rows by every way that a row travels, and whose token does not
 * say a tenant sees none. Each test has records of its own.
 */
class ClaimsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String MODEL = """
            tables:
              users:
                columns: [id, name, tenant]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
              posts:
                columns: [id, user_id, tenant, title]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
              notices: {columns: [id]}
            """;

    private static final String RULES = """
            tables:
              users: {visible: row.tenant == claims.tenant}
              posts: {visible: row.tenant == claims.tenant}
            """;

    private static @Nullable ForebayStack stack;
    private static @Nullable ForebayClient red;
    private static @Nullable ForebayClient blue;
    private static @Nullable ForebayClient nobody;

    @BeforeAll
    static void start() {
        TokenIssuer issuer = TokenIssuer.create();
        Map<String, String> settings = new HashMap<>(Models.settings(MODEL, RULES));
        settings.put("forebay.auth.key.file", issuer.keyFile().toString());
        stack = ForebayStack.small(ClusterProvider.shared(), settings);
        ForebayClient anyone = stack.client();
        red = anyone.withToken(issuer.token("'sub':'red','tenant':'red'".replace('\'', '"')));
        blue = anyone.withToken(issuer.token("'sub':'blue','tenant':'blue'".replace('\'', '"')));
        nobody = anyone.withToken(issuer.token("'sub':'nobody'".replace('\'', '"')));
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(stack).close();
    }

    private static ForebayClient red() {
        return Objects.requireNonNull(red);
    }

    private static ForebayClient blue() {
        return Objects.requireNonNull(blue);
    }

    private static ForebayClient nobody() {
        return Objects.requireNonNull(nobody);
    }

    private static Reply post(ForebayClient client, String target, String body) {
        return client.post(target, body.replace('\'', '"')).orFail();
    }

    private static Reply change(String changes) {
        return post(nobody(), "/v1/changes", "{'changes':[" + changes + "]}");
    }

    private static String user(String op, int id, String tenant) {
        return "{'op':'" + op + "','table':'users','row':{'id':" + id + ",'tenant':'" + tenant + "'}}";
    }

    private static String row(String op, int id, int user, String tenant, String title) {
        return "{'op':'" + op + "','table':'posts','row':{'id':" + id + ",'user_id':" + user + ",'tenant':'" + tenant
                + "','title':'" + title + "'}}";
    }

    private static EventStream stream(ForebayClient client, String subscriber) {
        EventStream stream = client.stream("/v1/subscriptions/" + subscriber, null);
        stream.until("caught-up", SOON);
        return stream;
    }

    private static Map<String, ForebayClient> all(String number) {
        return Map.of(name("red", number), red(), name("blue", number), blue(), name("nobody", number), nobody());
    }

    /** A name of somebody's, as a path has it. */
    private static String name(String subject, String number) {
        return subject + "%2F" + number;
    }

    /** All three subscribe to the same, and to notices, which everybody may see. */
    private static void allSubscribe(String number, String wanted) {
        all(number).forEach((subscriber, client) -> {
            post(client, "/v1/subscriptions/" + subscriber + ":add", "{'watcher':['notices','inserted']}");
            post(client, "/v1/subscriptions/" + subscriber + ":add", wanted);
        });
    }

    /** One change after the other, and a notice when all three were told of them what they were to be told. */
    private static void inOrder(String number, String... changes) {
        Position written = Position.empty();
        for (String one : changes) {
            written = written.merge(Position.parse(String.valueOf(change(one).position())));
        }
        for (Map.Entry<String, ForebayClient> one : all(number).entrySet()) {
            one.getValue()
                    .get("/v1/subscriptions/" + one.getKey(), written.token())
                    .orFail();
        }
        change("{'op':'inserted','table':'notices','row':{'id':" + number + "}}");
    }

    /** What a stream tells up to and without a record, each as what happened, the record and the titles before and after. */
    private static List<String> until(String last, EventStream stream) {
        List<String> told = new ArrayList<>();
        while (true) {
            Message message = stream.next(SOON);
            JsonNode change = message.event().equals("change") ? message.json() : null;
            if (change == null || !change.has("table")) {
                continue;
            }
            String record =
                    change.path("table").asText() + "/" + change.at("/key/0").asText();
            if (record.equals(last)) {
                return told;
            }
            told.add(change.path("op").asText() + " " + record + title(change, "before") + title(change, "row"));
        }
    }

    private static String title(JsonNode change, String row) {
        JsonNode title = change.path(row).path("title");
        return title.isMissingNode() ? "" : " " + row + " " + title.asText();
    }

    @Test
    void aRecordIsThereForWhoMaySeeItWithWhatHeMaySeeBelow() {
        String written = change(user("inserted", 1, "red") + "," + row("inserted", 10, 1, "red", "a") + ","
                        + row("inserted", 11, 1, "blue", "b"))
                .position();

        Reply redUser = red().get("/v1/records/users/1?preload=posts", written);
        Reply blueUser = blue().get("/v1/records/users/1?preload=posts", written);
        Reply bluePost = blue().get("/v1/records/posts/11?preload=user", written);
        Reply nobodysUser = nobody().get("/v1/records/users/1", written);
        Reply strangers = Objects.requireNonNull(stack).client().get("/v1/records/users/1");

        assertThat(redUser.json().at("/assocs/posts")).hasSize(1);
        assertThat(redUser.json().at("/assocs/posts/0/row/id").asInt()).isEqualTo(10);
        assertThat(blueUser.status()).isEqualTo(404);
        assertThat(bluePost.json().at("/row/title").asText()).isEqualTo("b");
        assertThat(bluePost.json().at("/assocs/user").isNull()).isTrue();
        assertThat(nobodysUser.status()).isEqualTo(404);
        assertThat(strangers.status()).isEqualTo(401);
    }

    @Test
    void aChangeThatMayNotBeSeenIsNeitherToldNorApplied() {
        String written = change(
                        "{'id':'c20','op':'inserted','table':'posts','row':{'id':20,'user_id':2,'tenant':'red'}}")
                .position();
        String value = "{'table':'users','row':{'id':2},'assocs':{'posts':[]}}".replace('\'', '"');

        Reply redChange = red().get("/v1/changes/c20", written);
        Reply blueChange = blue().get("/v1/changes/c20", written);
        Reply redValue = sync(red(), value, written);
        Reply blueValue = sync(blue(), value, written);

        assertThat(redChange.json().at("/row/id").asInt()).isEqualTo(20);
        assertThat(blueChange.status()).isEqualTo(404);
        assertThat(redValue.json().at("/value/assocs/posts/0/row/id").asInt()).isEqualTo(20);
        assertThat(blueValue.json().path("value").toString()).isEqualTo(value);
    }

    private static Reply sync(ForebayClient client, String value, @Nullable String written) {
        return client.call("POST", "/v1/sync")
                .atLeast(written)
                .json("{\"value\":" + value + ",\"event\":\"c20\"}")
                .send()
                .orFail();
    }

    /** What each was told. */
    private record Heard(List<String> byRed, List<String> byBlue, List<String> byNobody) {}

    /** All three subscribe to the same, and changes happen one after the other. */
    private static Heard heard(String number, String wanted, String... changes) {
        String last = "notices/" + number;
        try (EventStream toRed = stream(red(), name("red", number));
                EventStream toBlue = stream(blue(), name("blue", number));
                EventStream toNobody = stream(nobody(), name("nobody", number))) {
            allSubscribe(number, wanted);
            inOrder(number, changes);
            return new Heard(until(last, toRed), until(last, toBlue), until(last, toNobody));
        }
    }

    @Test
    void aRowThatPassesFromOneToTheOtherIsDeletedForOneAndInsertedForTheOther() {
        Heard heard = heard(
                "30",
                "{'table':'posts'}",
                row("inserted", 30, 3, "red", "a"),
                row("updated", 30, 3, "blue", "b"),
                row("updated", 30, 3, "blue", "c"),
                row("updated", 30, 3, "red", "d"),
                "{'op':'deleted','table':'posts','row':{'id':30}}",
                row("inserted", 31, 3, "green", "e"));

        assertThat(heard.byRed())
                .containsExactly(
                        "inserted posts/30 row a",
                        "deleted posts/30 before a",
                        "inserted posts/30 row d",
                        "deleted posts/30 before d");
        assertThat(heard.byBlue())
                .containsExactly(
                        "inserted posts/30 row b", "updated posts/30 before b row c", "deleted posts/30 before c");
        assertThat(heard.byNobody()).isEmpty();
    }

    @Test
    void whoFollowsARecordGetsBelowItWhatHeMaySee() {
        change(user("inserted", 4, "red") + "," + row("inserted", 40, 4, "red", "a") + ","
                + row("inserted", 41, 4, "blue", "b"));

        Heard heard = heard(
                "40",
                "{'target':{'table':'users','row':{'id':4}},'assocs':{'posts':{}}}",
                row("updated", 41, 4, "red", "c"),
                row("updated", 40, 4, "blue", "d"),
                user("updated", 4, "blue"));

        assertThat(heard.byRed())
                .contains(
                        "snapshot users/4",
                        "snapshot posts/40 row a",
                        "inserted posts/41 row c",
                        "deleted posts/40 before a",
                        "deleted users/4")
                .noneMatch(told -> told.matches(".* (b|d)( .*)?"));
        assertThat(heard.byBlue()).contains("inserted users/4").noneMatch(told -> told.matches(".* (a|c)( .*)?"));
        assertThat(heard.byNobody()).isEmpty();
    }

    @Test
    void whatSomebodySubscribedToIsNobodyElses() {
        post(red(), "/v1/subscriptions/red:add", "{'table':'posts'}");
        String posts = "{\"table\":\"posts\"}";
        try (EventStream own = red().stream("/v1/subscriptions/red", null);
                EventStream others = blue().stream("/v1/subscriptions/red", null);
                EventStream similar = blue().stream("/v1/subscriptions/blue2", null)) {
            List<Integer> refused = List.of(
                    others.status(),
                    similar.status(),
                    blue().get("/v1/subscriptions/red").status(),
                    blue().post("/v1/subscriptions/red:add", posts).status(),
                    blue().post("/v1/subscriptions/red:remove", posts).status(),
                    blue().delete("/v1/subscriptions/red").status(),
                    blue().get("/v1/changes/c20/applies?subscriber=red").status());

            assertThat(own.status()).isEqualTo(200);
            assertThat(refused).containsOnly(403);
            assertThat(red().get("/v1/subscriptions/red").orFail().json().path("identifiers"))
                    .isNotEmpty();
        }
    }

    @Test
    void aValueThatIsStreamedIsWhatWhoLooksAtItMaySee() {
        change(user("inserted", 50, "red") + "," + row("inserted", 500, 50, "red", "a") + ","
                + row("inserted", 501, 50, "blue", "b"));
        try (LiveRecord toRed = new LiveRecord(red(), "/v1/records/users/50?preload=posts");
                LiveRecord toBlue = new LiveRecord(blue(), "/v1/records/users/50?preload=posts");
                LiveRecord toNobody = new LiveRecord(nobody(), "/v1/records/posts")) {
            JsonNode redBefore = toRed.value();
            JsonNode blueBefore = toBlue.value();
            change(user("updated", 50, "blue"));
            JsonNode redAfter = toRed.next();
            toBlue.next();

            assertThat(redBefore.at("/assocs/posts")).hasSize(1);
            assertThat(redBefore.at("/assocs/posts/0/row/title").asText()).isEqualTo("a");
            assertThat(blueBefore.isNull()).isTrue();
            assertThat(redAfter.at("/0/value").isNull()).isTrue();
            assertThat(toBlue.value().at("/assocs/posts")).hasSize(1);
            assertThat(toBlue.value().at("/assocs/posts/0/row/title").asText()).isEqualTo("b");
            assertThat(toNobody.value()).isEmpty();
        }
    }
}
