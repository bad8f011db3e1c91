package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.app.Forebay;
import io.forebay.app.ForebayConfig;
import io.forebay.config.ConfigReader;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances with another file than those before, on the topics of these. */
class ModelChangeIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ROWS = 60;

    private static final String BEFORE = """
            tables:
              users: {columns: [id, name]}
              posts:
                columns: [id, user_id, editor_id]
                assocs: {user: {kind: belongs_to, table: users, fk: user_id}}
            """;

    private static final String AFTER = """
            tables:
              users:
                columns: [id, name]
                assocs: {edited: {kind: has_many, table: posts, fk: editor_id}}
              posts:
                columns: [id, user_id, editor_id]
                assocs: {editor: {kind: belongs_to, table: users, fk: editor_id}}
            """;

    private static final String OTHER_KEY = """
            tables:
              users: {columns: [id, name]}
              posts: {pk: [slug], columns: [slug, id, user_id, editor_id]}
            """;

    @TempDir
    Path state;

    private static Map<String, String> settings(String prefix, String model) {
        Map<String, String> settings = new TreeMap<>(Models.setting(model));
        settings.put("forebay.topics.prefix", prefix);
        settings.put("forebay.only", "sync");
        return settings;
    }

    private static Reply change(ForebayClient client, String... changes) {
        String body = "{'changes':[" + String.join(",", changes) + "]}";
        return client.post("/v1/changes", body.replace('\'', '"')).orFail();
    }

    private static Reply tell(ForebayClient client) {
        List<String> changes = new ArrayList<>(List.of(
                "{'op':'inserted','table':'users','row':{'id':1}}",
                "{'op':'inserted','table':'users','row':{'id':2}}"));
        for (int id = 0; id < ROWS; id++) {
            changes.add("{'op':'inserted','table':'posts','row':{'id':" + id + ",'user_id':1,'editor_id':2}}");
        }
        return change(client, changes.toArray(String[]::new));
    }

    private static Set<Integer> edited(ForebayClient client, @Nullable String position) {
        Reply read = client.get("/v1/records/users/2?preload=edited", position);
        assertThat(read.status()).isEqualTo(200);
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode post : read.json().at("/assocs/edited")) {
            ids.add(post.at("/row/id").asInt());
        }
        return ids;
    }

    @Test
    void rowsThatAreThereAreReadByANewAssociationOnceAllOfThemAre() {
        String prefix = ClusterProvider.freshPrefix();
        try (ForebayStack before = ForebayStack.small(ClusterProvider.shared(), settings(prefix, BEFORE));
                ForebayStack after = before.another(settings(prefix, AFTER))) {
            Reply told = tell(before.client());
            assertThat(edited(after.client(), told.position())).hasSize(ROWS);
        }
        try (ForebayStack back = ForebayStack.small(ClusterProvider.shared(), settings(prefix, BEFORE))) {
            change(back.client(), "{'op':'deleted','table':'posts','row':{'id':3}}");
            @Nullable
            String position = change(
                            back.client(),
                            "{'op':'updated','table':'posts','row':{'id':4,'editor_id':1}}",
                            "{'op':'inserted','table':'posts','row':{'id':100,'user_id':1,'editor_id':2}}")
                    .position();

            try (ForebayStack after = back.another(settings(prefix, AFTER))) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(edited(after.client(), position))
                                .hasSize(ROWS - 1)
                                .contains(100)
                                .doesNotContain(3, 4));
            }
        }
    }

    /** What a stream tells of a post, once it tells anything of it. */
    private static String toldOfPost(EventStream stream, int id) {
        while (true) {
            EventStream.Message message = stream.next(SOON);
            JsonNode told = message.event().equals("change") ? message.json() : null;
            if (told != null
                    && told.path("table").asText().equals("posts")
                    && told.at("/key/0").asInt() == id) {
                return told.path("op").asText();
            }
        }
    }

    @Test
    void whatASubscriberFollowsGoesAndComesWithTheAssociationThatLedToIt() {
        String prefix = ClusterProvider.freshPrefix();
        try (ForebayStack first = ForebayStack.small(ClusterProvider.shared(), settings(prefix, AFTER));
                EventStream anna = first.client().stream("/v1/subscriptions/anna", null)) {
            anna.until("caught-up", SOON);
            change(
                    first.client(),
                    "{'op':'inserted','table':'users','row':{'id':2}}",
                    "{'op':'inserted','table':'posts','row':{'id':7,'editor_id':2}}");
            first.client()
                    .post(
                            "/v1/subscriptions/anna:add",
                            "{'target':{'table':'users','row':{'id':2}},'assocs':{'edited':{}}}".replace('\'', '"'))
                    .orFail();
            String before = toldOfPost(anna, 7);
            String without;
            try (ForebayStack second = first.another(settings(prefix, BEFORE))) {
                without = toldOfPost(anna, 7);
                change(second.client(), "{'op':'updated','table':'posts','row':{'id':7,'user_id':1}}");
            }
            String again;
            try (ForebayStack third = first.another(settings(prefix, AFTER))) {
                again = toldOfPost(anna, 7);
                change(third.client(), "{'op':'updated','table':'posts','row':{'id':7,'user_id':2}}");
            }

            assertThat(List.of(before, without, again, toldOfPost(anna, 7)))
                    .containsExactly("snapshot", "released", "snapshot", "updated");
        }
    }

    @Test
    void aTableWithRowsKeepsItsPrimaryKey() {
        String prefix = ClusterProvider.freshPrefix();
        try (ForebayStack before = ForebayStack.small(ClusterProvider.shared(), settings(prefix, BEFORE))) {
            @Nullable String position = tell(before.client()).position();
            Map<String, String> settings = new TreeMap<>(settings(prefix, OTHER_KEY));
            settings.put("schema.registry.url", before.registryUrl());
            settings.put("bootstrap.servers", before.bootstrapServers());
            settings.put("forebay.http.port", "0");
            settings.put("forebay.topics.partitions", "2");
            settings.put("forebay.state.dir", state.toString());
            try (Forebay otherwise = Forebay.start(ForebayConfig.read(ConfigReader.of(settings)), failure -> {})) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(otherwise.notReady())
                                .containsExactly(
                                        "sync: the table posts has rows, which are known by its primary key id:"
                                                + " it stays as it is until they went"));
                assertThat(before.client().get("/v1/records/posts/1", position).status())
                        .isEqualTo(200);
            }
        }
    }
}
