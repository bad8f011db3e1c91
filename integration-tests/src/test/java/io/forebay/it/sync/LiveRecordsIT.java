package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.sync.SyncConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who looks at a value by a stream of one instance sees what is changed by the other. Each test has records of its own. */
class LiveRecordsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String MODEL = """
            tables:
              users:
                columns: [id, name, secret]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id, order: [[title, asc]]}
              posts:
                columns: [id, title, user_id, open]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
                  comments: {kind: has_many, table: comments, fk: post_id}
              comments:
                columns: [id, text, post_id]
            """;

    private static final String RULES = """
            tables:
              users: {hidden: [secret]}
            """;

    private static @Nullable TwoInstances both;

    @BeforeAll
    static void start() {
        both = TwoInstances.with(
                ForebayStack.small(ClusterProvider.shared(), Models.settings(MODEL, RULES)), SyncConfig.CAPABILITY);
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(both).close();
    }

    private static ForebayClient first() {
        return Objects.requireNonNull(both).first();
    }

    private static ForebayClient second() {
        return Objects.requireNonNull(both).second();
    }

    private static Reply change(String changes) {
        return second().post("/v1/changes", ("{'changes':[" + changes + "]}").replace('\'', '"'))
                .orFail();
    }

    private static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    private static String encoded(String conditions) {
        return ForebayClient.encode(conditions.replace('\'', '"'));
    }

    @Test
    void aRecordIsKeptEqualToWhatAReadAnswers() {
        change("{'op':'inserted','table':'users','row':{'id':1,'name':'Anna','secret':'x'}},"
                + "{'op':'inserted','table':'posts','row':{'id':10,'title':'b','user_id':1}},"
                + "{'op':'inserted','table':'comments','row':{'id':100,'post_id':10}}");
        try (LiveRecord anna = new LiveRecord(first(), "/v1/records/users/1?preload=posts.comments")) {
            JsonNode there = anna.value();
            long seed = System.nanoTime();
            Random random = new Random(seed);
            Reply last = change("{'op':'updated','table':'users','row':{'id':1,'name':'Anne'}}");
            for (int i = 0; i < 30; i++) {
                last = change(String.join(",", randomChanges(random)));
            }
            JsonNode expected = second().get("/v1/records/users/1?preload=posts.comments", last.position())
                    .orFail()
                    .json();
            anna.becomes(expected);

            assertThat(there)
                    .isEqualTo(json("{'table':'users','row':{'id':1,'name':'Anna'},'assocs':{'posts':[{'table':'posts',"
                            + "'row':{'id':10,'title':'b','user_id':1},'assocs':{'comments':[{'table':'comments',"
                            + "'row':{'id':100,'post_id':10}}]}}]}}"));
            assertThat(anna.value()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private static List<String> randomChanges(Random random) {
        List<String> changes = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int id = 10 + random.nextInt(6);
            String op = random.nextInt(4) == 0 ? "deleted" : "updated";
            if (random.nextBoolean()) {
                changes.add("{'op':'" + op + "','table':'posts','row':{'id':" + id + ",'title':'" + random.nextInt(9)
                        + "','user_id':" + (1 + random.nextInt(2)) + "}}");
            } else {
                changes.add("{'op':'" + op + "','table':'comments','row':{'id':" + (100 + random.nextInt(9))
                        + ",'post_id':" + id + "}}");
            }
        }
        return changes;
    }

    @Test
    void whatChangesIsTheOnlyThingThatIsTold() {
        change("{'op':'inserted','table':'users','row':{'id':30,'name':'Carl'}},"
                + "{'op':'inserted','table':'posts','row':{'id':300,'title':'a','user_id':30}}");
        try (LiveRecord carl = new LiveRecord(first(), "/v1/records/users/30?preload=posts.comments")) {
            change("{'op':'updated','table':'posts','row':{'id':300,'title':'b'}}");
            JsonNode renamed = carl.next();
            // A post comes with the comment that was there before it, and not without.
            change("{'op':'inserted','table':'comments','row':{'id':3000,'post_id':301}}");
            change("{'op':'inserted','table':'posts','row':{'id':301,'title':'a','user_id':30}}");
            JsonNode entered = carl.next();

            assertThat(renamed).isEqualTo(json("[{'op':'replace','path':'/assocs/posts/0/row/title','value':'b'}]"));
            assertThat(entered)
                    .isEqualTo(
                            json(
                                    "[{'op':'add','path':'/assocs/posts/0','value':{'table':'posts','row':{'id':301,'title':'a',"
                                            + "'user_id':30},'assocs':{'comments':[{'table':'comments','row':{'id':3000,'post_id':301}}]}}}]"));
        }
    }

    @Test
    void aRecordIsSeenToComeAndGoAndComeAgain() {
        try (LiveRecord dora = new LiveRecord(first(), "/v1/records/users/40")) {
            JsonNode before = dora.value();
            change("{'op':'inserted','table':'users','row':{'id':40}}");
            dora.becomes(json("{'table':'users','row':{'id':40}}"));
            change("{'op':'deleted','table':'users','row':{'id':40}}");
            dora.becomes(json("null"));
            change("{'op':'inserted','table':'users','row':{'id':40,'name':'Dora'}}");
            dora.becomes(json("{'table':'users','row':{'id':40,'name':'Dora'}}"));

            assertThat(before.isNull()).isTrue();
            assertThat(dora.patches()).hasSize(3);
        }
    }

    @Test
    void theRecordsOfATableThatMeetConditionsComeAndGo() {
        change("{'op':'inserted','table':'posts','row':{'id':50,'title':'a','open':'yes','user_id':5}},"
                + "{'op':'inserted','table':'posts','row':{'id':51,'title':'b','open':'no','user_id':5}},"
                + "{'op':'inserted','table':'comments','row':{'id':500,'post_id':50}}");
        try (LiveRecord open = new LiveRecord(
                        first(), "/v1/records/posts?preload=comments&where=" + encoded("{'open':'yes'}"));
                LiveRecord ofUser = new LiveRecord(
                        second(), "/v1/records/posts?where=" + encoded("{'user_id':5,'open':{'not':'no'}}"))) {
            JsonNode first = open.value();
            change("{'op':'updated','table':'posts','row':{'id':51,'open':'yes'}},"
                    + "{'op':'updated','table':'posts','row':{'id':50,'open':'no'}}");
            JsonNode expected = json(
                    "[{'table':'posts','row':{'id':51,'title':'b','open':'yes','user_id':5},'assocs':{'comments':[]}}]");
            open.becomes(expected);
            ofUser.becomes(json("[{'table':'posts','row':{'id':51,'title':'b','open':'yes','user_id':5}}]"));

            assertThat(first)
                    .isEqualTo(json(
                            "[{'table':'posts','row':{'id':50,'title':'a','open':'yes','user_id':5},'assocs':{'comments':"
                                    + "[{'table':'comments','row':{'id':500,'post_id':50}}]}}]"));
        }
    }

    @Test
    void whoComesBackGetsTheValueAnew() {
        change("{'op':'inserted','table':'users','row':{'id':60}}");
        String id;
        try (LiveRecord emil = new LiveRecord(first(), "/v1/records/users/60")) {
            id = Objects.requireNonNull(emil.lastEventId());
        }
        try (EventStream again = second().stream("/v1/records/users/60", id)) {
            List<String> events =
                    again.until("snapshot", SOON).stream().map(Message::event).toList();

            assertThat(events).containsExactly("must-refetch", "snapshot");
        }
    }

    @Test
    void whoListensDoesNotNameStreams() {
        change("{'op':'inserted','table':'users','row':{'id':70}}");
        try (LiveRecord frida = new LiveRecord(first(), "/v1/records/users/70")) {
            Reply listening = second().get("/v1/subscriptions?table=users&event=updated&id=70")
                    .orFail();
            Reply named = second().get("/v1/subscriptions/~stream%2F1");

            assertThat(frida.value().isNull()).isFalse();
            assertThat(listening.json().path("subscribers")).isEmpty();
            assertThat(named.status()).isEqualTo(400);
        }
    }

    @Test
    void whatCannotBeAskedForIsRefused() {
        try (EventStream conditions = first().stream("/v1/records/users?where=open", null);
                EventStream column = first().stream("/v1/records/users?where=" + encoded("{'nope':1}"), null);
                EventStream hidden = first().stream("/v1/records/users?where=" + encoded("{'secret':1}"), null);
                EventStream preload = first().stream("/v1/records/users?preload=nope", null);
                EventStream table = first().stream("/v1/records/nope", null);
                EventStream staleness = first().stream("/v1/records/users/1?max-staleness=1", null)) {
            Reply notAStream = first().get("/v1/records/users");

            assertThat(List.of(
                            conditions.status(),
                            column.status(),
                            hidden.status(),
                            preload.status(),
                            table.status(),
                            staleness.status(),
                            notAStream.status()))
                    .containsExactly(400, 400, 400, 400, 404, 400, 406);
        }
    }
}
