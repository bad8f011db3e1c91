package io.forebay.events.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.calls.CallsServer;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EraseInstance;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.EventsOrder;
import io.forebay.schemas.topic.TopicCatalogue;
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
class EventsResourceTest {
    private static final String EVENT = "'type':'t','domain':'users','data':{'n':1}";
    private static final TopicCatalogue SPREAD =
            TopicCatalogue.of(CatalogueSettings.defaults().withEventsOrder(EventsOrder.STREAM));

    private static CallsServer global;
    private static CallsServer spread;

    @BeforeAll
    static void start() {
        global = CallsServer.start(parts -> List.of(EventsCalls.on(parts)));
        spread = CallsServer.start(parts -> List.of(EventsCalls.on(parts, SPREAD)));
    }

    @AfterAll
    static void stop() {
        global.close();
        spread.close();
    }

    @BeforeEach
    void forget() {
        global.forgetWritten();
        spread.forgetWritten();
    }

    @Test
    void an_append_is_one_command_under_the_key_of_its_first_stream() throws Exception {
        HttpResponse<String> answer = append(
                global,
                "{'events':[{" + EVENT + ",'instance_id':'a/b'},{" + EVENT + ",'instance_id':'c'}],"
                        + "'expected':[{'domain':'users','instance_id':'c','version':3}]}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Forebay-Position")).isPresent();
        assertThat(global.written()).singleElement().satisfies(record -> {
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("users/a%2Fb");
            assertThat(record.partition()).isZero();
        });
        assertThat(appended(global)).singleElement().satisfies(append -> {
            assertThat(append.getEvents()).extracting(NewEvent::getInstanceId).containsExactly("a/b", "c");
            assertThat(append.getExpected()).hasSize(1);
        });
    }

    @Test
    void an_erasure_is_a_command_under_the_key_of_its_stream() throws Exception {
        HttpResponse<String> answer = global.send("DELETE", "/v1/events/users/a%2Fb", null);
        HttpResponse<String> conditional = global.send("DELETE", "/v1/events/users/a", null, "If-Match", "*");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(conditional.statusCode()).isEqualTo(400);
        assertThat(global.written()).singleElement().satisfies(record -> {
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("users/a%2Fb");
            assertThat(command(global, record.value())).isEqualTo(new EraseInstance());
        });
    }

    @Test
    void an_append_of_nothing_is_answered_at_once() throws Exception {
        HttpResponse<String> answer = append(global, "{'events':[]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"events\":[]}");
        assertThat(global.written()).isEmpty();
    }

    @Test
    void an_append_to_several_partitions_is_one_transaction() throws Exception {
        append(
                spread,
                "{'events':[{" + EVENT + ",'instance_id':'" + instance(1) + "'},{" + EVENT + ",'instance_id':'"
                        + instance(0) + "'},{" + EVENT + ",'instance_id':'" + instance(1) + "'}]}");

        assertThat(spread.transactionsCommitted()).isEqualTo(1);
        assertThat(spread.written()).extracting(ProducerRecord::partition).containsExactly(0, 1);
        assertThat(appended(spread))
                .extracting(append -> append.getEvents().size())
                .containsExactly(1, 2);
    }

    @Test
    void a_condition_over_several_partitions_is_refused() throws Exception {
        HttpResponse<String> answer = append(
                spread,
                "{'event':{" + EVENT + ",'instance_id':'" + instance(0)
                        + "'},'expected':[{'domain':'users','instance_id':'" + instance(1) + "','version':'none'}]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"code\":\"cross_partition_condition\"")
                .contains("\"field\":\"/expected/0\"");
        assertThat(spread.written()).isEmpty();
    }

    @Test
    void everything_that_is_wrong_is_told_and_nothing_is_sent() throws Exception {
        HttpResponse<String> answer =
                append(global, "{'events':[{" + EVENT + ",'instance_id':'a'},{'type':'x'}],'more':1}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"/events/1/domain\"", "\"/events/1/instance_id\"", "\"/events/1/data\"", "\"/more\"")
                .doesNotContain("/events/0");
        assertThat(global.written()).isEmpty();
    }

    @Test
    void conditions_of_http_are_not_taken() throws Exception {
        HttpResponse<String> answer = global.send("POST", "/v1/events", json("{'events':[]}"), "If-Match", "\"1\"");

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=1001, limit",
        "limit=ten, limit",
        "offset=-1, offset",
        "from=yesterday, from",
        "from=2024-01-01T00:00:00, from",
        "to=2024-01-01, to",
        "from=+999999999-01-01T00:00:00Z, from",
        "cursor=x, cursor",
        "direction=up, direction",
        "as_of=x, as_of",
        "explain=1, explain",
        "type=, type",
        "start=now, start",
    })
    void a_parameter_that_breaks_a_rule_is_refused(String query, String field) throws Exception {
        HttpResponse<String> answer = get(global, "/v1/events?" + query.replace("+", "%2B"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @ParameterizedTest
    @CsvSource({"from_version=-1, from_version", "from_version=x, from_version", "limit=0, limit", "start=now, start"})
    void a_parameter_of_a_stream_that_breaks_a_rule_is_refused(String query, String field) throws Exception {
        HttpResponse<String> answer = get(global, "/v1/events/users/a?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void an_offset_is_taken_within_one_partition() throws Exception {
        HttpResponse<String> answer = get(spread, "/v1/events?offset=1");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"offset\"");
    }

    @ParameterizedTest
    @CsvSource({"limit=1", "from=2024-01-01T00:00:00Z", "cursor=AQA", "direction=backward", "explain=true", "as_of=x"})
    void a_stream_takes_nothing_of_a_list(String query) throws Exception {
        HttpResponse<String> answer = global.send("GET", "/v1/events?" + query, null, "Accept", "text/event-stream");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("is not taken by a stream");
    }

    private static HttpResponse<String> append(CallsServer server, String body) throws Exception {
        return server.send("POST", "/v1/events", json(body));
    }

    private static HttpResponse<String> get(CallsServer server, String target) throws Exception {
        return server.send("GET", target, null);
    }

    private static List<AppendEvents> appended(CallsServer server) {
        return server.written().stream()
                .map(record -> (AppendEvents) command(server, record.value()))
                .toList();
    }

    private static Object command(CallsServer server, byte @Nullable [] value) {
        return server.serdes()
                .deserializer(EventCommand.class)
                .deserialize("events", value)
                .getCommand();
    }

    /** An instance of users whose stream is on a partition. */
    private static String instance(int partition) {
        for (int i = 0; ; i++) {
            if (SPREAD.events().partitionFor(Path.of("users", "i" + i)) == partition) {
                return "i" + i;
            }
        }
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
