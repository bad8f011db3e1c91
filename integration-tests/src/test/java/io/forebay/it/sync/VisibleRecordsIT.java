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

/** What rules keep from who asks, by every call that reads. */
class VisibleRecordsIT {
    private static final String MODEL = """
            tables:
              users:
                columns: [id, name, password_hash]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
                  notes: {kind: has_many, table: notes, fk: user_id}
              posts: {columns: [id, user_id, draft]}
              notes: {columns: [id, user_id]}
            """;

    private static final String RULES = """
            tables:
              users: {hidden: [password_hash]}
              posts: {hidden: [draft]}
              notes: {visible: "row.id > 0"}
            """;

    private static @Nullable ForebayStack stack;
    private static @Nullable String written;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(ClusterProvider.shared(), Models.settings(MODEL, RULES));
        written = client().post(
                        "/v1/changes",
                        "{\"changes\":[{\"op\":\"inserted\",\"table\":\"users\",\"row\":{\"id\":1,\"name\":\"a\",\"password_hash\":\"x\"}},"
                                + "{\"id\":\"p\",\"op\":\"inserted\",\"table\":\"posts\",\"row\":{\"id\":2,\"user_id\":1,\"draft\":\"y\"}},"
                                + "{\"id\":\"n\",\"op\":\"inserted\",\"table\":\"notes\",\"row\":{\"id\":3,\"user_id\":1}}]}")
                .orFail()
                .position();
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(stack).close();
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }

    @Test
    void aRecordIsReadWithoutWhatIsHidden() {
        Reply user = client().get("/v1/records/users/1", written);
        Reply loaded = client().get("/v1/records/users/1?preload=posts,notes", written);

        assertThat(user.text()).isEqualTo("{\"table\":\"users\",\"row\":{\"id\":1,\"name\":\"a\"}}");
        assertThat(loaded.json().path("assocs").toString())
                .isEqualTo("{\"posts\":[{\"table\":\"posts\",\"row\":{\"id\":2,\"user_id\":1}}],\"notes\":[]}");
    }

    @Test
    void aRecordThatMayNotBeSeenIsNotThere() {
        assertThat(client().get("/v1/records/notes/3", written).status()).isEqualTo(404);
        assertThat(client().get("/v1/changes/n", written).status()).isEqualTo(404);
        assertThat(client().get("/v1/changes/p", written).json().path("row").toString())
                .isEqualTo("{\"id\":2,\"user_id\":1}");
    }

    @Test
    void aValueGetsWhatMayBeSeen() {
        String user = "{\"table\":\"users\",\"row\":{\"id\":1},\"assocs\":{\"posts\":[],\"notes\":[]}}";

        Reply posts = sync("{\"value\":" + user + ",\"event\":\"p\"}");
        Reply notes = sync("{\"value\":" + user + ",\"event\":\"n\"}");

        assertThat(posts.json().at("/value/assocs/posts").toString())
                .isEqualTo("[{\"table\":\"posts\",\"row\":{\"id\":2,\"user_id\":1}}]");
        assertThat(notes.json().path("value").toString()).isEqualTo(user);
    }

    private static Reply sync(String body) {
        return client().call("POST", "/v1/sync")
                .atLeast(written)
                .json(body)
                .send()
                .orFail();
    }
}
