package io.forebay.keys.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.calls.CallsServer;
import io.forebay.schemas.avro.DeleteKeys;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.TouchKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call puts into the log, and what it refuses before: no cluster is needed for either. */
class KeysResourceTest {
    @AutoClose
    private static final CallsServer SERVER = CallsServer.start(parts -> List.of(KeysCalls.on(parts)));

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

    private static PutKey put() {
        List<PutKey> records = ((PutKeys) sent()).getRecords();
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static List<Object> commands() {
        return SERVER.written().stream().map(KeysResourceTest::commandOf).toList();
    }

    private static Object commandOf(ProducerRecord<byte[], byte @Nullable []> record) {
        return SERVER.serdes()
                .deserializer(KeyCommand.class)
                .deserialize(record.topic(), record.value())
                .getCommand();
    }

    private static String text(PutKey put) {
        return StandardCharsets.UTF_8.decode(put.getValue().duplicate()).toString();
    }

    private static String encoded(String parameter) {
        return URLEncoder.encode(parameter, StandardCharsets.UTF_8);
    }

    @Test
    void put_sends_the_body_as_it_is_under_its_path() throws Exception {
        HttpResponse<String> answer = send(
                "PUT",
                "/v1/keys/sessions/users/42/a%2Fb",
                "{ \"x\":1.00e2 }\n",
                "Content-Type",
                "text/x; charset=ascii");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(put().getKey()).isEqualTo("sessions/users/42/a%2Fb");
        assertThat(text(put())).isEqualTo("{ \"x\":1.00e2 }\n");
        assertThat(put().getContentType()).isEqualTo("text/x; charset=ascii");
        assertThat(put().getTtlMs()).isNull();
        Path key = Path.parse("sessions/users/42/a%2Fb");
        assertThat(SERVER.written().get(0).key()).isEqualTo(key.toBytes());
        Position position =
                Position.parse(answer.headers().firstValue("Forebay-Position").orElseThrow());
        assertThat(position.offsets().keySet().stream().map(tp -> tp.partition()))
                .containsExactly(SERVER.catalogue().keys().partitionFor(key));
    }

    @Test
    void put_may_have_no_content_type() throws Exception {
        SERVER.putNothing("/v1/keys/ns/k");

        assertThat(put().getContentType()).isEqualTo("application/octet-stream");
        assertThat(put().getValue().remaining()).isZero();
    }

    @Test
    void put_takes_a_lifetime() throws Exception {
        send("PUT", "/v1/keys/ns/k?ttl_ms=9223372036854775807&sliding=true", "1");

        assertThat(put().getTtlMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(put().getSliding()).isTrue();
    }

    @Test
    void put_takes_conditions() throws Exception {
        send("PUT", "/v1/keys/ns/k", "1", "If-Match", "\"12\", \"13\"");
        send("PUT", "/v1/keys/ns/k", "1", "If-None-Match", "*");

        assertThat(commands())
                .extracting(command -> ((PutKeys) command).getRecords().get(0).getCondition())
                .satisfiesExactly(
                        first -> assertThat(first.getIfMatch()).containsExactly("12", "13"),
                        second -> assertThat(second.getIfNoneMatchAny()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/keys/ns/, ns/",
        "/v1/keys/ns//, ns//",
        "/v1/keys/ns/a//b, ns/a//b",
        "/v1/keys/ns/%61%7e, ns/a~",
        "/v1/keys/n%3as/%2A, n%3As/%2A",
        "/v1/keys/x:get/k, x%3Aget/k",
        "/v1/keys/ns/e%00f, ns/e%00f",
    })
    void a_path_names_its_key_in_any_spelling(String target, String key) throws Exception {
        send("PUT", target, "1");

        assertThat(put().getKey()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ns=&key=[\"k\"] | /k",
                "ns=a/b&key=[\"\",\".\",\"..\"] | a%2Fb//./..",
                "ns=ns&key=[\"*\",\"e\\u0000f\",\"\\ud83d\\ude00\"] | ns/%2A/e%00f/%F0%9F%98%80",
            })
    void a_parameter_names_what_a_path_may_not_carry(String query, String key) throws Exception {
        String target = "/v1/keys?ns=" + encoded(query.substring(3, query.indexOf('&'))) + "&key="
                + encoded(query.substring(query.indexOf("key=") + 4));

        send("PUT", target, "1");
        send("DELETE", target, null);

        assertThat(commands())
                .satisfiesExactly(
                        put -> assertThat(((PutKeys) put).getRecords().get(0).getKey())
                                .isEqualTo(key),
                        delete -> assertThat(((DeleteKeys) delete)
                                        .getRecords()
                                        .get(0)
                                        .getKey())
                                .isEqualTo(key));
    }

    @Test
    void delete_removes_one_under_a_condition() throws Exception {
        send("DELETE", "/v1/keys/ns/a/b", null, "If-Match", "*");

        assertThat(((DeleteKeys) sent()).getRecords()).singleElement().satisfies(record -> {
            assertThat(record.getKey()).isEqualTo("ns/a/b");
            assertThat(record.getCondition().getIfMatch()).containsExactly("*");
        });
    }

    @Test
    void delete_by_match_goes_to_every_partition() throws Exception {
        send("DELETE", "/v1/keys/ns?match=users/*/session/**", null, "Idempotency-Key", "k");

        assertThat(commands())
                .hasSize(SERVER.catalogue().keys().partitions())
                .allSatisfy(command ->
                        assertThat(((DeleteMatch) command).getMatch()).isEqualTo("ns/users/*/session/**"));
        assertThat(SERVER.written().stream().map(ProducerRecord::partition).collect(Collectors.toSet()))
                .hasSize(SERVER.catalogue().keys().partitions());
    }

    @Test
    void delete_by_a_match_of_one_key_goes_to_its_partition() throws Exception {
        send("DELETE", "/v1/keys?ns=&match=" + encoded("[\"a\",\"\"]"), null);

        assertThat(((DeleteMatch) sent()).getMatch()).isEqualTo("/a/");
    }

    @Test
    void a_batch_goes_to_each_partition_as_one_command_in_one_transaction() throws Exception {
        long transactions = SERVER.transactionsCommitted();
        String records = IntStream.range(0, 100)
                .mapToObj(i -> "{\"key\":[\"k\",\"" + i + "\"],\"value\": { \"n\" : " + i + " }}")
                .collect(Collectors.joining(","));

        HttpResponse<String> answer =
                send("POST", "/v1/keys/ns", "{\"records\":[" + records + "],\"ttl_ms\":50,\"sliding\":true}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(SERVER.written()).hasSize(SERVER.catalogue().keys().partitions());
        assertThat(SERVER.transactionsCommitted()).isEqualTo(transactions + 1);
        List<PutKey> puts = commands().stream()
                .flatMap(command -> ((PutKeys) command).getRecords().stream())
                .toList();
        assertThat(puts).hasSize(100).allSatisfy(put -> {
            assertThat(put.getTtlMs()).isEqualTo(50);
            assertThat(put.getSliding()).isTrue();
            assertThat(text(put)).startsWith("{ \"n\" : ");
        });
        Position position =
                Position.parse(answer.headers().firstValue("Forebay-Position").orElseThrow());
        assertThat(position.offsets()).hasSize(SERVER.catalogue().keys().partitions());
    }

    @Test
    void a_record_of_a_batch_says_what_is_different() throws Exception {
        send(
                "POST",
                "/v1/keys/ns",
                "{\"ttl_ms\":50,\"sliding\":true,\"records\":[{\"key\":[\"k\"],\"value_base64\":\"AP8=\",\"ttl_ms\":null,"
                        + "\"if_match\":\"12\"}]}");

        assertThat(put().getValue().remaining()).isEqualTo(2);
        assertThat(put().getContentType()).isEqualTo("application/octet-stream");
        assertThat(put().getTtlMs()).isNull();
        assertThat(put().getSliding()).isFalse();
        assertThat(put().getCondition().getIfMatch()).containsExactly("12");
    }

    @Test
    void an_empty_batch_sends_nothing() throws Exception {
        HttpResponse<String> answer = send("POST", "/v1/keys/ns", "{\"records\":[]}");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(SERVER.written()).isEmpty();
    }

    @Test
    void conditions_over_partitions_are_refused() throws Exception {
        String records = IntStream.range(0, 20)
                .mapToObj(i -> "{\"key\":[\"" + i + "\"],\"value\":1,\"if_none_match\":\"*\"}")
                .collect(Collectors.joining(","));

        HttpResponse<String> answer = send("POST", "/v1/keys/ns", "{\"records\":[" + records + "]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"cross_partition_condition\"");
        assertThat(SERVER.written()).isEmpty();
    }

    @Test
    void a_replacement_over_partitions_is_refused() throws Exception {
        HttpResponse<String> answer = send(
                "POST", "/v1/keys/ns", "{\"delete\":[{\"match\":\"users/1/*\",\"where\":\"/f:eq:1\"}],\"records\":[]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"code\":\"cross_partition_condition\"")
                .contains("\"field\":\"/delete/0\"");
    }

    @Test
    void touch_goes_to_each_partition() throws Exception {
        send("POST", "/v1/keys/ns:touch", "{\"keys\":[[\"a\"],[\"b\"],[\"c\",\"d\"]]}");

        Set<String> touched = commands().stream()
                .flatMap(command -> ((TouchKeys) command).getKeys().stream())
                .collect(Collectors.toSet());
        assertThat(touched).containsExactlyInAnyOrder("ns/a", "ns/b", "ns/c/d");
        assertThat(commands())
                .allSatisfy(command -> assertThat(((TouchKeys) command).getAt()).isNull());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /v1/keys/ns/a/* | 1 | key",
                "PUT | /v1/keys/ns/a*b | 1 | key",
                "DELETE | /v1/keys/ns/** | | key",
                "GET | /v1/keys/ns/a/* | | key",
                "GET | /v1/keys/*?match=a | | ns",
                "PUT | /v1/keys/ns/k?ttl_ms=-1 | 1 | ttl_ms",
                "PUT | /v1/keys/ns/k?ttl_ms=1.5 | 1 | ttl_ms",
                "PUT | /v1/keys/ns/k?ttl_ms=9223372036854775808 | 1 | ttl_ms",
                "PUT | /v1/keys/ns/k?sliding=true | 1 | sliding",
                "PUT | /v1/keys | 1 | ns",
                "PUT | /v1/keys?ns=ns | 1 | key",
                "PUT | /v1/keys?ns=ns&key=k | 1 | key",
                "PUT | /v1/keys?ns=ns&key=[] | 1 | key",
                "PUT | /v1/keys?ns=ns&key=null | 1 | key",
                "PUT | /v1/keys?ns=ns&key=%5B%7B%22any%22:true%7D%5D | 1 | key",
                "PUT | /v1/keys?ns=ns&key=%5B1%5D | 1 | key",
                "PUT | /v1/keys?ns=ns&key=%5B%22%5Cud800%22%5D | 1 | key",
                "DELETE | /v1/keys/ns | | match",
                "DELETE | /v1/keys/ns?match= | | match",
                "DELETE | /v1/keys?ns=ns&key=%5B%22k%22%5D&match=a | | match",
                "POST | /v1/keys/ns | {} | /records",
                "POST | /v1/keys/ns | {\"records\":[],\"more\":1} | /more",
                "POST | /v1/keys/ns | {\"records\":[1]} | /records/0",
                "POST | /v1/keys/ns | {\"records\":[{\"value\":1}]} | /records/0/key",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":null,\"value\":1}]} | /records/0/key",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[],\"value\":1}]} | /records/0/key",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[{\"any\":true}],\"value\":1}]} | /records/0/key",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"]}]} | /records/0/value",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"],\"value\":1,\"value_base64\":\"\"}]} | /records/0/value",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"],\"value_base64\":\"?\"}]} | /records/0/value_base64",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"],\"value\":1,\"ttl_ms\":-1}]} | /records/0/ttl_ms",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"],\"value\":1,\"ttl_ms\":\"1\"}]} | /records/0/ttl_ms",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"],\"value\":1,\"sliding\":true}]} | /records/0/sliding",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"],\"value\":1,\"content_type\":\"text/x\"}]} | /records/0/content_type",
                "POST | /v1/keys/ns | {\"records\":[{\"key\":[\"k\"],\"value\":1,\"if_none_match\":\"1\"}]} | /records/0/if_none_match",
                "POST | /v1/keys/ns | {\"records\":[],\"delete\":[{\"match\":[]}]} | /delete/0/match",
                "POST | /v1/keys/ns | {\"records\":[],\"delete\":[{\"match\":\"a\",\"where\":\"x\"}]} | /delete/0/where",
                "POST | /v1/keys/ns:get | {\"keys\":[\"k\"]} | /keys/0",
                "POST | /v1/keys/ns:touch | {\"keys\":{}} | /keys",
            })
    void what_is_wrong_is_named(String method, String target, @Nullable String body, String field) throws Exception {
        HttpResponse<String> answer = send(method, target.replace("[", "%5B").replace("]", "%5D"), body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        assertThat(SERVER.written()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[1]",
                "[{\"any\":false}]",
                "[{\"rest\":true},\"a\"]",
                "null[",
                "a/**/b",
                "a*",
                "a b",
                "%2a",
                "",
            })
    void a_malformed_match_is_refused(String match) throws Exception {
        HttpResponse<String> list = send("GET", "/v1/keys/ns?match=" + encoded(match), null);
        HttpResponse<String> delete = send("DELETE", "/v1/keys/ns?match=" + encoded(match), null);

        assertThat(List.of(list, delete)).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("\"field\":\"match\"");
        });
        assertThat(SERVER.written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/keys/ns?limit=0 | limit",
                "/v1/keys/ns?cursor=abc | cursor",
                "/v1/keys/ns?cursor=AWEqYg | cursor",
                "/v1/keys/ns?start=now | start",
                "/v1/keys?ns=ns&key=%5B%22k%22%5D&limit=1 | limit",
                "/v1/keys/ns?macth=a | macth",
            })
    void a_list_names_the_parameter_it_cannot_take(String target, String field) throws Exception {
        HttpResponse<String> answer = send("GET", target, null);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void a_stream_takes_no_limit() throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/keys/ns?limit=1", null, "Accept", "text/event-stream");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"limit\"");
    }

    @Test
    void a_stream_from_an_id_that_is_none_is_refused() throws Exception {
        HttpResponse<String> answer =
                send("GET", "/v1/keys/ns", null, "Accept", "text/event-stream", "Last-Event-ID", "garbage");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"Last-Event-ID\"");
    }

    @Test
    void a_value_that_is_too_large_is_refused() throws Exception {
        HttpResponse<String> put = send("PUT", "/v1/keys/ns/k", "x".repeat(1024 * 1024 + 1));
        HttpResponse<String> batch = send(
                "POST",
                "/v1/keys/ns",
                "{\"records\":[{\"key\":[\"k\"],\"value\":\"" + "x".repeat(1024 * 1024) + "\"}]}");

        assertThat(put.statusCode()).isEqualTo(413);
        assertThat(batch.statusCode()).isEqualTo(413);
        assertThat(batch.body()).contains("\"field\":\"/records/0/value\"").doesNotContain("xxx");
        assertThat(SERVER.written()).isEmpty();
    }

    @Test
    void a_key_that_is_too_long_is_refused() throws Exception {
        HttpResponse<String> answer = send("PUT", "/v1/keys/ns/" + "k".repeat(5000), "1");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"key\"").doesNotContain("kkk");
    }

    @Test
    void too_many_keys_are_refused() throws Exception {
        String keys = IntStream.range(0, 1001).mapToObj(i -> "[\"k\"]").collect(Collectors.joining(",", "[", "]"));

        HttpResponse<String> answer = send("POST", "/v1/keys/ns:get", "{\"keys\":" + keys + "}");

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void a_condition_on_many_is_refused() throws Exception {
        HttpResponse<String> answer = send("DELETE", "/v1/keys/ns?match=**", null, "If-Match", "*");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"If-Match\"");
    }

    @Test
    void a_verb_takes_post_only() throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/keys/ns:get", null);

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("OPTIONS, POST");
    }
}
