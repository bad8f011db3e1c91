package io.forebay.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.calls.CallsServer;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.topic.HeaderNames;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a call puts into the log, and what it refuses before: no cluster is needed for either. A quote is written as a single one. */
class SyncResourceTest {

    private static CallsServer server;

    @BeforeAll
    static void start() {
        server = CallsServer.start(parts -> List.of(SyncCalls.on(parts)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.forgetWritten();
    }

    @Test
    void a_change_is_one_record_under_the_key_of_its_row() throws Exception {
        HttpResponse<String> answer = post(
                "{'changes':[{'id':'e1','op':'inserted','table':'grades','row':{'school':'a/b','pupil':7,'grade':1.50},'by':'anna'}],"
                        + "'transaction':'t'}");

        RowChange change = changes().get(0);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Forebay-Position")).isPresent();
        assertThat(keys()).containsExactly("grades/a%2Fb/7");
        assertThat(change.getOp()).isEqualTo(RowOperation.inserted);
        assertThat(change.getTable()).isEqualTo("grades");
        assertThat(change.getKeyColumns()).containsExactly("school", "pupil");
        assertThat(change.getAfter()).isEqualTo(json("{'school':'a/b','pupil':7,'grade':1.50}"));
        assertThat(change.getBefore()).isNull();
        assertThat(change.getId()).isEqualTo("e1");
        assertThat(change.getBy()).isEqualTo("anna");
        assertThat(change.getTransaction()).isEqualTo("t");
        assertThat(change.getTransactionRows()).isEqualTo(1);
    }

    @Test
    void changes_of_one_call_are_one_transaction_in_their_order() throws Exception {
        long before = server.transactionsCommitted();

        post("{'changes':[{'op':'inserted','table':'users','row':{'id':1}},"
                + "{'op':'updated','table':'users','row':{'id':1,'name':'a'}},"
                + "{'op':'deleted','table':'users','row':{'id':1}}]}");

        assertThat(server.transactionsCommitted()).isEqualTo(before + 1);
        assertThat(keys()).containsExactly("users/1", "users/1", "users/1");
        assertThat(changes())
                .extracting(RowChange::getOp)
                .containsExactly(RowOperation.inserted, RowOperation.updated, RowOperation.deleted);
        assertThat(changes()).extracting(RowChange::getTransaction).containsOnlyNulls();
    }

    @Test
    void each_change_has_an_outcome_and_an_id_of_its_own() throws Exception {
        server.send(
                "POST",
                "/v1/changes",
                json("{'changes':[{'op':'inserted','table':'users','row':{'id':1}},"
                        + "{'op':'snapshot','table':'users','row':{'id':2}}]}"),
                "Idempotency-Key",
                "r");

        assertThat(server.written())
                .extracting(record -> new String(
                        record.headers().lastHeader(HeaderNames.REQUEST_ID).value(), StandardCharsets.UTF_8))
                .containsExactly("r.0", "r.1");
        assertThat(changes()).extracting(RowChange::getId).containsExactly("r.0", null);
    }

    @Test
    void a_change_of_the_key_deletes_the_row_under_the_former_one() throws Exception {
        post("{'changes':[{'op':'updated','table':'users','row':{'id':2},'before':{'id':1,'name':'a'}}]}");

        assertThat(keys()).containsExactly("users/1", "users/2");
        assertThat(changes()).extracting(RowChange::getOp).containsExactly(RowOperation.deleted, RowOperation.updated);
        assertThat(changes().get(1).getBefore()).isEqualTo(json("{'id':1,'name':'a'}"));
    }

    @Test
    void a_truncation_is_told_to_every_partition() throws Exception {
        post("{'changes':[{'op':'truncated','table':'users'}]}");

        assertThat(keys()).hasSize(server.catalogue().changes().partitions()).containsOnly("%partition");
        assertThat(server.written()).extracting(ProducerRecord::partition).doesNotHaveDuplicates();
        assertThat(changes()).extracting(RowChange::getOp).containsOnly(RowOperation.truncated);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'changes':1} | /changes",
                "{'changes':[]} | /changes",
                "{'changes':[1]} | /changes/0",
                "{'changes':[{'op':'merged','table':'users','row':{'id':1}}]} | /changes/0/op",
                "{'changes':[{'op':'inserted','table':'strangers','row':{'id':1}}]} | /changes/0/table",
                "{'changes':[{'op':'inserted','table':'users'}]} | /changes/0/row",
                "{'changes':[{'op':'inserted','table':'users','row':[]}]} | /changes/0/row",
                "{'changes':[{'op':'inserted','table':'users','row':{'id':null}}]} | /changes/0/row",
                "{'changes':[{'op':'inserted','table':'grades','row':{'school':1}}]} | /changes/0/row",
                "{'changes':[{'op':'truncated','table':'users','row':{'id':1}}]} | /changes/0/row",
                "{'changes':[{'op':'inserted','table':'users','row':{'id':1},'before':{}}]} | /changes/0/before",
                "{'changes':[{'op':'deleted','table':'users','row':{'id':1},'id':''}]} | /changes/0/id",
                "{'changes':[{'op':'deleted','table':'users','row':{'id':1},'by':7}]} | /changes/0/by",
                "{'changes':[{'op':'deleted','table':'users','row':{'id':1},'a/b':1}]} | /changes/0/a~1b",
                "{'changes':[{'op':'deleted','table':'users','row':{'id':1}}],'transaction':''} | /transaction",
                "{'changes':[{'op':'deleted','table':'users','row':{'id':1}}],'more':1} | /more",
            })
    void what_breaks_a_rule_is_refused(String body, String field) throws Exception {
        HttpResponse<String> answer = post(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        assertThat(server.written()).isEmpty();
    }

    @Test
    void one_id_is_that_of_one_change() throws Exception {
        HttpResponse<String> answer = post("{'changes':[{'id':'e','op':'inserted','table':'users','row':{'id':1}},"
                + "{'id':'e','op':'inserted','table':'users','row':{'id':2}}]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"/changes/1/id\"");
    }

    @Test
    void there_may_be_too_many() throws Exception {
        String one = "{'op':'deleted','table':'users','row':{'id':1}}";

        HttpResponse<String> answer = post("{'changes':[" + String.join(",", List.of(one, one, one, one)) + "]}");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("\"code\":\"too_large\"", "\"field\":\"/changes\"");
    }

    @Test
    void conditions_of_http_are_not_taken() throws Exception {
        HttpResponse<String> answer = server.send("POST", "/v1/changes", json("{'changes':[]}"), "If-Match", "\"1\"");

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"strangers/1, 404, not_found", "users/1/2, 400, invalid", "grades/1, 400, invalid"})
    void a_record_that_the_model_cannot_have_is_not_looked_for(String record, int status, String code)
            throws Exception {
        HttpResponse<String> answer = server.send("GET", "/v1/records/" + record, null);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    @Test
    void the_model_is_answered_as_its_file() throws Exception {
        HttpResponse<String> answer = server.send("GET", "/v1/model", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ModelFile.parse(answer.body()).tables()).isEqualTo(SyncCalls.MODEL.tables());
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return server.send("POST", "/v1/changes", json(body));
    }

    private static List<String> keys() {
        return server.written().stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<RowChange> changes() {
        return server.written().stream().map(record -> change(record.value())).toList();
    }

    private static RowChange change(byte @Nullable [] value) {
        return server.serdes().deserializer(RowChange.class).deserialize("changes", value);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
