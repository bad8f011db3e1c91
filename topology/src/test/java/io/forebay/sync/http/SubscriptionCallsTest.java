package io.forebay.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.calls.CallsServer;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.avro.Unsubscribe;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls about subscriptions and watchers put into the log, and what they refuse before. A quote is written as a single one. */
class SubscriptionCallsTest {

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
    void aStreamThatFindsNobodyEndsSoThatItsReaderComesBack() throws Exception {
        HttpResponse<String> answer = server.send("GET", "/v1/subscriptions/anna", null, "Accept", "text/event-stream");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("event: disconnect\ndata: {\"reason\":\"unavailable\"}");
    }

    @Test
    void a_table_is_three_identifiers_in_one_transaction() throws Exception {
        long before = server.transactionsCommitted();

        HttpResponse<String> answer = post("anna:add", "{'table':'users','columns':['name'],'lease_ms':60000}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(server.transactionsCommitted()).isEqualTo(before + 1);
        assertThat(keys())
                .containsExactly(
                        "anna/watcher/users/inserted", "anna/watcher/users/updated", "anna/watcher/users/deleted");
        Subscribe first = (Subscribe) commands().get(0);
        assertThat(first.getColumns()).isEqualTo(json("{'users':['name']}"));
        assertThat(first.getLeaseMs()).isEqualTo(60_000L);
        assertThat(first.getFollow()).isFalse();
        assertThat(first.getSnapshot()).isFalse();
        assertThat(first.getClaims()).isNull();
    }

    @Test
    void a_record_is_followed_with_what_is_below_it() throws Exception {
        post("anna:add", "{'target':{'table':'users','row':{'id':7}}}");

        assertThat(keys())
                .containsExactly("anna/watcher/users/updated/record/7", "anna/watcher/users/deleted/record/7");
        Subscribe first = (Subscribe) commands().get(0);
        assertThat(first.getFollow()).isTrue();
        assertThat(first.getSnapshot()).isTrue();
        assertThat(first.getRows().getValues()).containsExactly("7");
    }

    @Test
    void what_is_below_a_record_that_others_tie_to_it_is_not_below_those() throws Exception {
        String assocs = "{'clubs':{'users':{}}}";

        post("anna:add", "{'target':{'table':'users','row':{'id':7}},'assocs':" + assocs + "}");

        assertThat(keys())
                .containsExactly(
                        "anna/watcher/users/updated/record/7",
                        "anna/watcher/users/deleted/record/7",
                        "anna/watcher/memberships/inserted/column/user_id/7");
        assertThat(commands())
                .extracting(command -> ((Subscribe) command).getAssocs())
                .containsExactly(json(assocs), json(assocs), "{}");
    }

    @Test
    void a_key_of_several_columns_is_one() throws Exception {
        post("a%2Fb:add", "{'watcher':['grades','updated'],'id':{'pk':['x/y',7]}}");

        assertThat(keys()).containsExactly("a%2Fb/watcher/grades/updated/record/x%2Fy/7");
    }

    @Test
    void what_was_subscribed_to_is_ended_the_same_way() throws Exception {
        post("anna:remove", "{'watcher':['users','updated'],'id':7}");

        assertThat(keys()).containsExactly("anna/watcher/users/updated/record/7");
        assertThat(commands()).singleElement().isInstanceOf(Unsubscribe.class);
    }

    @Test
    void all_of_it_is_ended_on_every_partition() throws Exception {
        HttpResponse<String> answer = server.send("DELETE", "/v1/subscriptions/anna", null);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(keys())
                .hasSize(server.catalogue().subscriptions().partitions())
                .allMatch(key -> key.startsWith("anna/all/"));
        assertThat(commands()).containsOnly(new Unsubscribe(null));
    }

    @Test
    void an_empty_list_of_records_subscribes_to_nothing() throws Exception {
        HttpResponse<String> answer = post("anna:add", "{'target':[]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(json("{'identifiers':[]}"));
        assertThat(server.written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'table':'strangers'} | 400 | /table",
                "{'table':'users','watcher':['users','updated']} | 400 | ",
                "{'table':'users','id':7} | 400 | /id",
                "{'watcher':['users','merged']} | 400 | /watcher",
                "{'watcher':['users','inserted'],'id':7} | 400 | /pk",
                "{'watcher':['users','updated'],'id':['name','a']} | 400 | /column",
                "{'label':'renamed'} | 404 | /label",
                "{'target':7} | 400 | /target",
                "{'target':{'table':'users','row':{'id':7}},'assocs':{'posts':{}}} | 400 | /assocs/posts",
                "{'table':'users','authorize':'broken'} | 400 | /authorize",
                "{'table':'users','columns':['body']} | 400 | /columns/users/body",
                "{'table':'users','lease_ms':1} | 400 | /lease_ms",
                "{'table':'users','lease_ms':1.5} | 400 | /lease_ms",
                "{'table':'users','follow':'yes'} | 400 | /follow",
                "{'table':'users','claims':{}} | 400 | /claims",
            })
    void what_breaks_a_rule_is_refused(String body, int status, @Nullable String field) throws Exception {
        HttpResponse<String> answer = post("anna:add", body);

        assertThat(answer.statusCode()).isEqualTo(status);
        if (field != null) {
            assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        }
        assertThat(server.written()).isEmpty();
    }

    @Test
    void there_may_be_too_many() throws Exception {
        HttpResponse<String> answer =
                post("anna:add", "{'target':[{'table':'users','row':{'id':1}},{'table':'users','row':{'id':2}}]}");

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void watchers_are_one_record_of_one_key() throws Exception {
        HttpResponse<String> answer =
                server.send("PUT", "/v1/watchers", json("{'watchers':[{'table':'users','event':'updated'}]}"));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(keys()).containsExactly("/watchers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'watchers':[{'table':'strangers','event':'updated'}]} | 400 | /watchers/0/table",
                "{'watchers':{}} | 400 | /watchers",
                "{} | 400 | /watchers",
                "{'watchers':[{'table':'users','event':'updated'},{'table':'users','event':'updated'}]} | 409 | /watchers/1",
            })
    void watchers_that_are_wrong_are_refused(String body, int status, String field) throws Exception {
        HttpResponse<String> answer = server.send("PUT", "/v1/watchers", json(body));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"field\":\"" + field);
        assertThat(server.written()).isEmpty();
    }

    @Test
    void watchers_are_told_and_derived() throws Exception {
        HttpResponse<String> known = server.send("GET", "/v1/watchers", null);
        HttpResponse<String> derived = server.send(
                "POST", "/v1/watchers:derive", json("{'table':'users','extra_columns':['name'],'assocs':{'nope':{}}}"));

        assertThat(known.body()).contains(json("{'table':'grades','event':'deleted','extra_columns':[]}"));
        assertThat(derived.body())
                .isEqualTo(json("{'watchers':[{'table':'users','event':'inserted','extra_columns':['name']},"
                        + "{'table':'users','event':'updated','extra_columns':['name']},"
                        + "{'table':'users','event':'deleted','extra_columns':['name']}],"
                        + "'warnings':['users has no association nope']}"));
    }

    @Test
    void a_change_that_is_given_is_applied_to_a_value() throws Exception {
        HttpResponse<String> answer = server.send(
                "POST",
                "/v1/sync",
                json(
                        "{'value':[{'table':'users','row':{'id':1,'name':'a'}}],"
                                + "'event':{'op':'updated','table':'users','row':{'id':1,'name':'b'},'ref':'12'},'view':{'users/1':11}}"));

        assertThat(answer.body())
                .isEqualTo(
                        json(
                                "{'value':[{'table':'users','row':{'id':1,'name':'b'}}],'applied':true,'view':{'users/1':'12'}}"));
    }

    @Test
    void a_change_that_was_applied_is_not_applied_again_unless_it_is_forced() throws Exception {
        String body =
                "{'value':null,'event':{'op':'inserted','table':'users','row':{'id':1},'ref':12},'view':{'users/1':'12'}";

        HttpResponse<String> left = server.send("POST", "/v1/sync", json(body + "}"));
        HttpResponse<String> forced = server.send("POST", "/v1/sync", json(body + ",'force':true}"));

        assertThat(left.body()).isEqualTo(json("{'value':null,'applied':false,'view':{'users/1':'12'}}"));
        assertThat(forced.body()).startsWith(json("{'value':{'table':'users','row':{'id':1}},'applied':true"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event':'e'} | /value",
                "{'value':null} | /event",
                "{'value':null,'event':7} | /event",
                "{'value':null,'event':{'op':'merged','table':'users','row':{'id':1}}} | /event/op",
                "{'value':null,'event':{'op':'inserted','table':'strangers','row':{'id':1}}} | /event/table",
                "{'value':null,'event':{'op':'inserted','table':'users','row':{}}} | /event/row",
                "{'value':null,'event':{'op':'updated','table':'users','row':{'id':1},'before':{'id':2}}} | /event/before",
                "{'value':null,'event':{'op':'inserted','table':'users','row':{'id':1}},'view':{}} | /event/ref",
                "{'value':null,'event':'e','view':{'users/1':'x'}} | /view/users~11",
                "{'value':null,'event':'e','preloads':{'users':{'posts':{}}}} | /preloads/users/posts",
                "{'value':null,'event':'e','force':1} | /force",
                "{'value':null,'event':'e','more':1} | /more",
            })
    void what_cannot_be_applied_is_refused(String body, String field) throws Exception {
        HttpResponse<String> answer = server.send("POST", "/v1/sync", json(body));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    private static HttpResponse<String> post(String call, String body) throws Exception {
        return server.send("POST", "/v1/subscriptions/" + call, json(body));
    }

    private static List<String> keys() {
        return server.written().stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<Object> commands() {
        return server.written().stream()
                .map(record -> server.serdes()
                        .deserializer(SubscriptionCommand.class)
                        .deserialize("subscriptions", record.value())
                        .getCommand())
                .toList();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
