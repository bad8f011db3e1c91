package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Watchers that are defined, and values that changes are applied to. */
class WatchersIT {
    private static final String MODEL = """
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
              posts:
                columns: [id, title, user_id]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
                  tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id, related_key: tag_id}
              tags: {columns: [id, name]}
            """;

    private static @Nullable ForebayStack stack;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(ClusterProvider.shared(), Models.setting(MODEL));
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(stack).close();
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }

    private static Reply send(String method, String target, String body) {
        return client().call(method, target).json(body.replace('\'', '"')).send();
    }

    private static Reply change(String body) {
        return send("POST", "/v1/changes", body).orFail();
    }

    @Test
    void whatIsDefinedIsKnownToWhoeverSubscribesNext() {
        Reply before = client().get("/v1/watchers").orFail();
        send(
                        "PUT",
                        "/v1/watchers",
                        "{'watchers':[{'table':'users','event':'updated'},{'table':'posts','event':'updated',"
                                + "'label':'renamed','trigger_columns':['title'],'extra_columns':['user_id']}]}")
                .orFail();
        Reply after = client().get("/v1/watchers").orFail();
        Reply subscribed =
                send("POST", "/v1/subscriptions/anna:add", "{'label':'renamed','by':{'column':'user_id','value':7}}");
        Reply refused = send("POST", "/v1/subscriptions/anna:add", "{'watcher':['posts','inserted']}");
        Reply ended = client().call("DELETE", "/v1/subscriptions/anna").send();

        assertThat(before.json().path("watchers")).hasSizeGreaterThanOrEqualTo(9);
        assertThat(after.json().path("watchers")).hasSize(2);
        assertThat(subscribed.text()).isEqualTo("{\"identifiers\":[{\"watcher\":\"renamed\",\"id\":[\"user_id\",7]}]}");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(ended.status()).isEqualTo(204);
    }

    @Test
    void aChangeIsAppliedByItsIdWithWhatEntersBelow() {
        change(
                "{'changes':[{'op':'snapshot','table':'users','row':{'id':1}},{'op':'snapshot','table':'tags','row':{'id':3}}]}");
        change("{'changes':[{'op':'inserted','table':'posts_tags','row':{'post_id':2,'tag_id':3}}]}");
        Reply told = change(
                "{'changes':[{'id':'w2','op':'inserted','table':'posts','row':{'id':2,'user_id':1},'by':'anna'}]}");

        Reply synced = client().call("POST", "/v1/sync")
                .atLeast(told.position())
                .json(
                        "{'value':{'table':'users','row':{'id':1},'assocs':{'posts':[]}},'event':'w2','preloads':{'posts':{'tags':{}}}}"
                                .replace('\'', '"'))
                .send();
        Reply own = client().get("/v1/changes/w2/applies?subscriber=anna", told.position());
        Reply others = client().get("/v1/changes/w2/applies?subscriber=berta", told.position());
        Reply left = send("POST", "/v1/sync", "{'value':[],'event':'w2','subscriber':'anna'}");

        assertThat(synced.json().path("value").toString())
                .isEqualTo(
                        "{'table':'users','row':{'id':1},'assocs':{'posts':[{'table':'posts','row':{'id':2,'user_id':1},'assocs':{'tags':[{'table':'tags','row':{'id':3}}]}}]}}"
                                .replace('\'', '"'));
        assertThat(own.text()).isEqualTo("{\"apply\":false}");
        assertThat(others.text()).isEqualTo("{\"apply\":true}");
        assertThat(left.text()).isEqualTo("{\"value\":[],\"applied\":false}");
        assertThat(client().get("/v1/changes/nobodys/applies?subscriber=anna", told.position())
                        .status())
                .isEqualTo(404);
    }
}
