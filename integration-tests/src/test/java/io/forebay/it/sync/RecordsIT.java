package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows told by topic and by call, and read again at their positions. Each test has records of its own. */
class RecordsIT {
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
              logs: {columns: [id]}
            """;

    private static @Nullable ForebayStack stack;
    private static @Nullable ChangeTopics topics;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(ClusterProvider.shared(), Models.setting(MODEL));
        topics = new ChangeTopics(stack);
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(topics).close();
        Objects.requireNonNull(stack).close();
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }

    private static Reply post(String body) {
        return client().post("/v1/changes", body.replace('\'', '"'));
    }

    @Test
    void whatIsToldIsReadAtItsPosition() {
        Reply told =
                post("{'changes':[{'id':'a1','op':'inserted','table':'posts','row':{'id':1,'title':'\\u00e9','n':1.50,'user_id':2}}]}")
                        .orFail();

        Reply read = client().get("/v1/records/posts/1", told.position());
        Reply change = client().get("/v1/changes/a1", told.position());

        assertThat(told.text()).matches("\\{\"changes\":\\[\\{\"id\":\"a1\",\"ref\":\"\\d+\",\"applied\":true}]}");
        assertThat(read.text())
                .isEqualTo("{\"table\":\"posts\",\"row\":{\"id\":1,\"title\":\"\\u00e9\",\"n\":1.50,\"user_id\":2}}");
        assertThat(read.header("ETag"))
                .isEqualTo("\"" + told.json().at("/changes/0/ref").asText() + "\"");
        assertThat(change.json().path("op").asText()).isEqualTo("inserted");
        assertThat(change.json().at("/row/id").asInt()).isEqualTo(1);
    }

    @Test
    void aChangeIsReadWithWhatIsBelowItsRecord() {
        Reply told = post("{'changes':[{'op':'inserted','table':'users','row':{'id':50,'name':'a'}},"
                        + "{'id':'a50','op':'inserted','table':'posts','row':{'id':51,'user_id':50}},"
                        + "{'id':'a51','op':'deleted','table':'posts','row':{'id':52}}]}")
                .orFail();

        Reply there = client().get("/v1/changes/a50?preload=user.posts", told.position());
        Reply gone = client().get("/v1/changes/a51?preload=user", told.position());

        assertThat(there.json().at("/row/id").asInt()).isEqualTo(51);
        assertThat(there.json().path("assocs").toString())
                .isEqualTo("{\"user\":{\"table\":\"users\",\"row\":{\"id\":50,\"name\":\"a\"},\"assocs\":{\"posts\":["
                        + "{\"table\":\"posts\",\"row\":{\"id\":51,\"user_id\":50}}]}}}");
        assertThat(gone.json().path("row").isNull()).isTrue();
        assertThat(gone.json().has("assocs")).isFalse();
        assertThat(client().get("/v1/changes/a50?preload=author", told.position())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void bothStagesAreMeasured() {
        Reply told = client().call("POST", "/v1/changes")
                .json("{\"changes\":[{\"op\":\"inserted\",\"table\":\"users\",\"row\":{\"id\":60}}]}")
                .send()
                .orFail();

        client().get("/v1/records/users/60?preload=posts", told.position()).orFail();

        assertThat(client().get("/metrics").text())
                .containsPattern("forebay_commands_decided_total\\{capability=\"sync\",store=\"rows\"} [1-9]")
                .containsPattern("forebay_commands_decided_total\\{capability=\"sync\",store=\"places\"} [1-9]")
                .contains("forebay_commands_dead_letters_total{capability=\"sync\",store=\"places\"} 0.0");
    }

    @Test
    void byTopicItIsTheSame() {
        RowChange change = RowChange.newBuilder()
                .setOp(RowOperation.inserted)
                .setTable("users")
                .setKeyColumns(List.of("id"))
                .setAfter("{\"id\":\"x/y\",\"name\":\"a\"}")
                .build();
        String position = ChangeTopics.position(Objects.requireNonNull(topics).send("users/x%2Fy", change));

        Reply read = client().get("/v1/records/users/x%2Fy", position);

        assertThat(read.json().at("/row/name").asText()).isEqualTo("a");
    }

    @Test
    void aCallOverPartitionsIsReadAsAWhole() {
        List<String> changes = new ArrayList<>();
        for (int i = 100; i < 140; i++) {
            changes.add("{'op':'inserted','table':'users','row':{'id':" + i + "}}");
        }

        Reply told = post("{'changes':[" + String.join(",", changes) + "],'transaction':'t'}")
                .orFail();

        for (int i = 100; i < 140; i++) {
            assertThat(client().get("/v1/records/users/" + i, told.position()).status())
                    .isEqualTo(200);
        }
        assertThat(told.json().path("changes"))
                .hasSize(40)
                .allMatch(change -> change.path("applied").asBoolean());
    }

    @Test
    void aRepeatedRequestIsAnsweredAsTheFirst() {
        String body = "{\"changes\":[{\"op\":\"updated\",\"table\":\"users\",\"row\":{\"id\":200}},"
                + "{\"op\":\"updated\",\"table\":\"users\",\"row\":{\"id\":200,\"name\":\"a\"}}]}";

        Reply first = client().call("POST", "/v1/changes")
                .idempotencyKey("again")
                .json(body)
                .send()
                .orFail();
        Reply second = client().call("POST", "/v1/changes")
                .idempotencyKey("again")
                .json(body)
                .send()
                .orFail();

        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void aRecordThatGetsAnotherKeyIsReadUnderItAlone() {
        post("{'changes':[{'op':'inserted','table':'users','row':{'id':300,'name':'a'}}]}")
                .orFail();

        Reply told =
                post("{'changes':[{'op':'updated','table':'users','row':{'id':301},'before':{'id':300,'name':'a'}}]}")
                        .orFail();

        assertThat(client().get("/v1/records/users/300", told.position()).status())
                .isEqualTo(404);
        assertThat(client().get("/v1/records/users/301", told.position())
                        .json()
                        .at("/row/name")
                        .asText())
                .isEqualTo("a");
    }

    @Test
    void aTruncationTakesTheRowsOfAllPartitions() {
        List<String> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            changes.add("{'op':'snapshot','table':'logs','row':{'id':" + i + "}}");
        }
        post("{'changes':[" + String.join(",", changes) + "]}").orFail();

        Reply told = post("{'changes':[{'op':'truncated','table':'logs'}]}").orFail();

        for (int i = 0; i < 20; i++) {
            assertThat(client().get("/v1/records/logs/" + i, told.position()).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void aRestartKeepsRowsAndRefs() {
        Reply told = post("{'changes':[{'op':'inserted','table':'users','row':{'id':400}}]}")
                .orFail();
        JsonNode before = told.json();

        Objects.requireNonNull(stack).restart();
        Reply again = post("{'changes':[{'op':'inserted','table':'users','row':{'id':400}}]}")
                .orFail();

        assertThat(again.json().at("/changes/0/applied").asBoolean()).isFalse();
        assertThat(again.json().at("/changes/0/ref")).isEqualTo(before.at("/changes/0/ref"));
    }
}
