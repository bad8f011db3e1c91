package io.forebay.presence.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.calls.CallsServer;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.position.Position;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a call puts into the log, and what it refuses before: no cluster is needed for either. */
class PresenceResourceTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @AutoClose
    private static final CallsServer SERVER = CallsServer.start(parts -> List.of(PresenceCalls.on(parts)));

    @BeforeEach
    void forget() {
        SERVER.forgetWritten();
    }

    private static HttpResponse<String> send(String method, String target, @Nullable String body, String... headers)
            throws Exception {
        return SERVER.send(method, target, body, headers);
    }

    private static Object sent() {
        assertThat(SERVER.written()).hasSize(1);
        return commandOf(SERVER.written().get(0));
    }

    private static Object commandOf(ProducerRecord<byte[], byte @Nullable []> record) {
        return SERVER.serdes()
                .deserializer(PresenceCommand.class)
                .deserialize(record.topic(), record.value())
                .getCommand();
    }

    private static String keyOf(ProducerRecord<byte[], byte @Nullable []> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    @Test
    void create_sends_the_body_as_it_is_under_the_guild() throws Exception {
        String body = "{ \"guild_id\":5, \"user\":{\"id\":\"7\"}, \"x\":1.00e2 }";

        HttpResponse<String> answer = send("POST", "/v1/presences", body);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("respond-async");
        assertThat(((CreatePresence) sent()).getPresence()).isEqualTo(body);
        assertThat(keyOf(SERVER.written().get(0))).isEqualTo("5");
        Position position =
                Position.parse(answer.headers().firstValue("Forebay-Position").orElseThrow());
        assertThat(position.offsets().keySet().stream().map(tp -> tp.partition()))
                .containsExactly(SERVER.catalogue().presence().partitionFor("5".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void put_is_addressed_by_its_path() throws Exception {
        send("PUT", "/v1/presences/5/7", "{\"status\":\"idle\"}");

        CreatePresence create = (CreatePresence) sent();
        assertThat(create.getUserId()).isEqualTo("7");
        assertThat(create.getPresence()).isEqualTo("{\"status\":\"idle\"}");
    }

    @Test
    void patch_updates_under_a_condition() throws Exception {
        send("PATCH", "/v1/presences/5/7", "{}", "If-Match", "\"12\", \"13\"");

        assertThat(((UpdatePresence) sent()).getCondition().getIfMatch()).containsExactly("12", "13");
    }

    @Test
    void put_may_ask_that_there_is_none() throws Exception {
        send("PUT", "/v1/presences/5/7", "{}", "If-None-Match", "*");

        assertThat(((CreatePresence) sent()).getCondition().getIfNoneMatchAny()).isTrue();
    }

    @Test
    void delete_removes_one() throws Exception {
        send("DELETE", "/v1/presences/5/18446744073709551615", null);

        assertThat(((RemovePresence) sent()).getUserId()).isEqualTo("18446744073709551615");
    }

    @Test
    void delete_of_a_guild_purges() throws Exception {
        send("DELETE", "/v1/presences/5", null);

        assertThat(sent()).isInstanceOf(PurgePresences.class);
    }

    @Test
    void a_small_bulk_is_one_record() throws Exception {
        send("PUT", "/v1/presences/5", "{\"presences\":[{\"user\":{\"id\":1}},{\"user\":{\"id\":\"2\"}}]}");

        BulkCreatePresences bulk = (BulkCreatePresences) sent();
        assertThat(bulk.getReplace()).isTrue();
        assertThat(bulk.getChunk()).isNull();
        assertThat(bulk.getPresences()).containsExactly("{\"user\":{\"id\":1}}", "{\"user\":{\"id\":\"2\"}}");
    }

    @Test
    void a_large_bulk_goes_in_order_in_chunks_of_one_batch() throws Exception {
        String body = IntStream.range(0, 2_500)
                .mapToObj(i -> "{\"user\":{\"id\":\"" + i + "\"}}")
                .collect(Collectors.joining(",", "{\"presences\":[", "]}"));

        send("POST", "/v1/presences/5", body, "Idempotency-Key", "k");

        List<BulkCreatePresences> chunks = SERVER.written().stream()
                .map(record -> (BulkCreatePresences) commandOf(record))
                .toList();
        assertThat(chunks).extracting(chunk -> chunk.getPresences().size()).containsExactly(1000, 1000, 500);
        assertThat(chunks).extracting(chunk -> chunk.getChunk().getIndex()).containsExactly(0, 1, 2);
        assertThat(chunks).extracting(chunk -> chunk.getChunk().getLast()).containsExactly(false, false, true);
        assertThat(chunks)
                .extracting(chunk -> chunk.getChunk().getBatchId())
                .containsOnly(chunks.get(0).getChunk().getBatchId());
    }

    @Test
    void a_bulk_is_split_by_bytes_too() throws Exception {
        String large = "x".repeat(200_000);
        String body = IntStream.range(0, 5)
                .mapToObj(i -> "{\"user\":{\"id\":\"" + i + "\"},\"s\":\"" + large + "\"}")
                .collect(Collectors.joining(",", "{\"presences\":[", "]}"));

        send("POST", "/v1/presences/5", body);

        assertThat(SERVER.written()).hasSize(3);
    }

    @Test
    void an_update_dispatch_is_sent_as_received() throws Exception {
        send(
                "POST",
                "/v1/gateway",
                "{\"op\":0,\"t\":\"PRESENCE_UPDATE\",\"d\":{\"guild_id\":\"5\",\"user\":{\"id\":\"7\"}}}");

        GatewayDispatch dispatch = (GatewayDispatch) sent();
        assertThat(dispatch.getT()).isEqualTo("PRESENCE_UPDATE");
        assertThat(dispatch.getD()).isEqualTo("{\"guild_id\":\"5\",\"user\":{\"id\":\"7\"}}");
    }

    @Test
    void a_guild_that_arrives_is_a_bulk_of_its_presences() throws Exception {
        send(
                "POST",
                "/v1/gateway",
                "{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"5\",\"presences\":[{\"user\":{\"id\":\"7\"}}]}}");

        assertThat(((BulkCreatePresences) sent()).getPresences()).containsExactly("{\"user\":{\"id\":\"7\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"5\",\"unavailable\":true}}",
                "{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"5\",\"presences\":null}}",
                "{\"t\":\"GUILD_DELETE\",\"d\":{\"id\":\"5\",\"unavailable\":true}}",
                "{\"t\":\"READY\",\"d\":{\"guilds\":[{\"id\":\"5\",\"unavailable\":true}]}}",
            })
    void a_dispatch_without_presences_sends_nothing(String body) throws Exception {
        HttpResponse<String> answer = send("POST", "/v1/gateway", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"emitted\":[]}");
        assertThat(SERVER.written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/presences | {} | /guild_id",
                "POST | /v1/presences | {\"guild_id\":\"5\"} | /user/id",
                "POST | /v1/presences | {\"guild_id\":\"5\",\"user\":null} | /user/id",
                "POST | /v1/presences | {\"guild_id\":\"5\",\"user\":{\"id\":\"12abc\"}} | /user/id",
                "POST | /v1/presences | {\"guild_id\":\"5\",\"user\":{\"id\":true}} | /user/id",
                "POST | /v1/presences | {\"guild_id\":\"5\",\"user\":{\"id\":-1}} | /user/id",
                "POST | /v1/presences | {\"guild_id\":\"5\",\"user\":{\"id\":1.0}} | /user/id",
                "POST | /v1/presences | {\"guild_id\":\"18446744073709551616\",\"user\":{\"id\":1}} | /guild_id",
                "POST | /v1/presences | {\"a\":1,\"a\":2} | /a",
                "PUT | /v1/presences/5/x | {} | user",
                "PUT | /v1/presences/05/7 | {} | guild",
                "PUT | /v1/presences/5/7 | {\"guild_id\":\"x\"} | /guild_id",
                "PATCH | /v1/presences/5/7 | {\"user\":{\"id\":\"\"}} | /user/id",
                "POST | /v1/presences/5 | {} | /presences",
                "POST | /v1/presences/5 | {\"presences\":{}} | /presences",
                "POST | /v1/presences/5 | {\"presences\":[],\"more\":1} | /more",
                "POST | /v1/presences/5 | {\"presences\":[{\"user\":{\"id\":1}},7]} | /presences/1",
                "POST | /v1/presences/5 | {\"presences\":[{\"user\":{\"id\":1}},{}]} | /presences/1/user/id",
                "POST | /v1/gateway | {\"d\":{}} | /t",
                "POST | /v1/gateway | {\"t\":\"READY\"} | /d",
                "POST | /v1/gateway | {\"t\":\"TYPING_START\",\"d\":{}} | /t",
                "POST | /v1/gateway | {\"t\":\"PRESENCE_UPDATE\",\"d\":{\"guild_id\":\"5\"}} | /d/user/id",
                "POST | /v1/gateway | {\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"5\",\"presences\":7}} | /d/presences",
            })
    void what_breaks_a_rule_is_named_and_sends_nothing(String method, String target, String body, String field)
            throws Exception {
        HttpResponse<String> answer = send(method, target, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        assertThat(SERVER.written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | not_an_object",
                "{ | invalid_json",
                "'' | invalid_json",
                "{\"a\":\"\\u0000\"} | nul",
                "{\"a\":\"\\ud800\"} | lone_surrogate",
                "{\"a\":1,\"a\":1} | duplicate_member",
            })
    void json_that_is_not_accepted_has_its_code(String body, String code) throws Exception {
        HttpResponse<String> answer = send("POST", "/v1/presences", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    @Test
    void json_that_nests_too_deep_is_refused() throws Exception {
        HttpResponse<String> answer =
                send("POST", "/v1/presences", "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}");

        assertThat(answer.body()).contains("\"code\":\"too_deep\"");
    }

    @Test
    void a_presence_that_is_too_large_is_named() throws Exception {
        String element = "{\"user\":{\"id\":1},\"s\":\"" + "x".repeat(300 * 1024) + "\"}";

        HttpResponse<String> answer = send("POST", "/v1/presences/5", "{\"presences\":[" + element + "]}");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("\"field\":\"/presences/0\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "guild=x | guild",
                "limit=0 | limit",
                "limit=1001 | limit",
                "cursor=abc | cursor",
                "filter=a:eq:1 | filter",
                "filter=/a:like:1 | filter",
                "filter=/a:eq:b | filter",
                "allow-partial=yes | allow-partial",
                "max-staleness=-1 | max-staleness",
                "statsu=online | statsu",
            })
    void a_list_names_the_parameter_it_cannot_take(String query, String field) throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/presences?" + query, null);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void a_guild_is_a_stream_only() throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/presences/5", null);

        assertThat(answer.statusCode()).isEqualTo(406);
    }

    @Test
    void a_stream_from_an_id_that_is_none_is_refused() throws Exception {
        HttpResponse<String> answer =
                send("GET", "/v1/presences/5", null, "Accept", "text/event-stream", "Last-Event-ID", "garbage");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"Last-Event-ID\"");
    }

    @Test
    void a_condition_that_cannot_hold_for_a_bulk_is_refused() throws Exception {
        HttpResponse<String> answer = send("PUT", "/v1/presences/5", "{\"presences\":[]}", "If-Match", "*");

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void a_command_without_an_outcome_in_time_is_accepted() throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(SERVER.uri("/v1/presences/5/7"))
                        .header("Prefer", "wait=0")
                        .DELETE()
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=0");
        assertThat(answer.headers().firstValue("Forebay-Position")).isPresent();
    }
}
