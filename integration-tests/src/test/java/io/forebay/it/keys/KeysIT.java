package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.avro.KeyChanged;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Keys by call, in real time. */
class KeysIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** How late an expiry may be told on a quiet partition. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(2);

    @AutoClose
    private static final ForebayStack STACK = ForebayStack.start(ClusterProvider.shared());

    @Test
    void aValueComesBackByteForByteWithItsMediaType() throws Exception {
        byte[] value = new byte[100_000];
        new Random(7).nextBytes(value);
        client().call("PUT", "/v1/keys/bytes/a")
                .body("image/x; a=\"b\"", value)
                .send()
                .orFail();

        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(client().base() + "/v1/keys/bytes/a"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.body()).isEqualTo(value);
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/x; a=\"b\"");
    }

    @Test
    void aVersionIsTheConditionOfTheNextWrite() {
        Reply first = put("cond", "k", "1", "").orFail();
        Reply again = client().call("PUT", "/v1/keys/cond/k")
                .header("If-None-Match", "*")
                .json("2")
                .send();
        Reply second = client().call("PUT", "/v1/keys/cond/k")
                .header("If-Match", Objects.requireNonNull(first.header("ETag")))
                .json("2")
                .send();
        Reply late = client().call("DELETE", "/v1/keys/cond/k")
                .header("If-Match", Objects.requireNonNull(first.header("ETag")))
                .send();

        Reply got = client().get("/v1/keys/cond/k", second.position());
        Reply unchanged = client().call("GET", "/v1/keys/cond/k")
                .header("If-None-Match", Objects.requireNonNull(got.header("ETag")))
                .send();

        assertThat(List.of(again.status(), second.status(), late.status(), unchanged.status()))
                .containsExactly(412, 204, 412, 304);
        assertThat(got.text()).isEqualTo("2");
        assertThat(got.header("ETag")).isEqualTo(second.header("ETag"));
    }

    @Test
    void aRepeatedPutAnswersTheVersionOfTheFirst() {
        Reply first = client().call("PUT", "/v1/keys/repeat/k")
                .json("1")
                .idempotencyKey("repeat")
                .send()
                .orFail();
        Reply again = client().call("PUT", "/v1/keys/repeat/k")
                .json("1")
                .idempotencyKey("repeat")
                .send()
                .orFail();

        assertThat(again.header("ETag")).isEqualTo(first.header("ETag")).isNotNull();
    }

    @Test
    void aListIsWholeAndInOrderOverAllPartitions() {
        String records = IntStream.range(0, 60)
                .mapToObj(i -> "{\"key\":[\"k\",\"%03d\"],\"value\":{\"n\":%d}}".formatted(i, i))
                .collect(Collectors.joining(","));
        Reply written = client().post("/v1/keys/list", "{\"records\":[" + records + "]}")
                .orFail();
        client().call("PUT", "/v1/keys/list/k/007")
                .body("text/plain", new byte[] {'h', 'i'})
                .send()
                .orFail();

        KeyCalls.Listing listing =
                calls().list("list", "k/*", 7, written.position()).orFail();

        List<String> keys = new ArrayList<>();
        listing.records().forEach(record -> keys.add(record.at("/key/1").asText()));
        assertThat(keys)
                .isEqualTo(IntStream.range(0, 60).mapToObj("%03d"::formatted).toList());
        assertThat(listing.records().get(7).path("value_base64").asText()).isEqualTo("aGk=");
        assertThat(listing.records().get(8).at("/value/n").asInt()).isEqualTo(8);
        assertThat(listing.records().get(8).path("expires_at").isNull()).isTrue();
    }

    @Test
    void severalKeysAreGotAndTouchedAtOnce() {
        client().post(
                        "/v1/keys/many",
                        "{\"records\":[{\"key\":[\"a\"],\"value\":1},{\"key\":[\"b\"],\"value\":null},{\"key\":[\"c\"],\"value\":3}],"
                                + "\"ttl_ms\":60000}")
                .orFail();

        Reply touched = client().post("/v1/keys/many:touch", "{\"keys\":[[\"c\"],[\"x\"],[\"a\"]]}");
        Reply got = client().call("POST", "/v1/keys/many:get")
                .json("{\"keys\":[[\"c\"],[\"x\"],[\"b\"],[\"a\"]]}")
                .atLeast(touched.position())
                .send();

        assertThat(touched.orFail().text()).isEqualTo("{\"touched\":2}");
        List<String> values = new ArrayList<>();
        got.orFail()
                .json()
                .path("records")
                .forEach(record -> values.add(record.path("key").path(0).asText() + "=" + record.path("value")));
        assertThat(values).containsExactly("c=3", "b=null", "a=1");
    }

    @Test
    void aMatchIsDeletedOverAllPartitions() {
        String records = IntStream.range(0, 40)
                .mapToObj(i -> "{\"key\":[\"users\",\"%d\",\"session\",\"s\"],\"value\":1}".formatted(i))
                .collect(Collectors.joining(","));
        client().post("/v1/keys/gone", "{\"records\":[" + records + "]}").orFail();
        put("gone", "stays", "1", "").orFail();

        Reply deleted = client().delete("/v1/keys/gone?match=users/*/session/*").orFail();

        assertThat(deleted.text()).isEqualTo("{\"deleted\":40}");
        assertThat(calls().list("gone", "**", 100, deleted.position()).orFail().records())
                .hasSize(1);
    }

    @Test
    void aFixedLifetimeEndsWhateverIsRead() {
        long before = System.nanoTime();
        Reply written = put("fixed", "k", "1", "?ttl_ms=1500").orFail();
        long after = System.nanoTime();

        await("the end of the lifetime")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        client().get("/v1/keys/fixed/k", written.position()).status() == 404);
        long gone = System.nanoTime();

        assertThat(Duration.ofNanos(gone - before)).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
        assertThat(Duration.ofNanos(gone - after)).isLessThan(Duration.ofMillis(2500));
        assertThat(calls().list("fixed", "**", 10, null).orFail().records()).isEmpty();
    }

    @Test
    void aSlidingLifetimeIsRenewedByReading() {
        Reply written = put("sliding", "k", "1", "?ttl_ms=2000&sliding=true").orFail();
        long start = System.nanoTime();

        await("reads over three lifetimes")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    assertThat(client().get("/v1/keys/sliding/k", written.position())
                                    .status())
                            .isEqualTo(200);
                    return System.nanoTime() - start > Duration.ofSeconds(6).toNanos();
                });

        assertThat(expired("sliding/k")).isEmpty();
        await("the end of a lifetime without reads")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(expired("sliding/k")).hasSize(1));
        assertThat(client().get("/v1/keys/sliding/k").status()).isEqualTo(404);
    }

    @Test
    void aLifetimeOfZeroIsOverAtOnce() {
        put("zero", "k", "1", "").orFail();

        Reply written = put("zero", "k", "2", "?ttl_ms=0").orFail();

        assertThat(written.header("ETag")).isNull();
        assertThat(client().get("/v1/keys/zero/k", written.position()).code()).isEqualTo("not_found");
    }

    @Test
    void aPutStartsTheLifetimeAnew() {
        put("renewed", "k", "1", "?ttl_ms=1000").orFail();
        put("renewed", "forever", "1", "?ttl_ms=1000").orFail();
        put("renewed", "k", "2", "?ttl_ms=60000").orFail();
        Reply last = put("renewed", "forever", "2", "").orFail();
        put("renewed", "short", "1", "?ttl_ms=1000").orFail();

        await("the first lifetime to be over")
                .atMost(SOON)
                .until(() -> client().get("/v1/keys/renewed/short").status() == 404);

        assertThat(client().get("/v1/keys/renewed/k").text()).isEqualTo("2");
        assertThat(client().get("/v1/keys/renewed/forever", last.position()).text())
                .isEqualTo("2");
    }

    @Test
    void aLifetimeIsOfItsNamespace() {
        put("one", "k", "1", "?ttl_ms=1000").orFail();
        put("other", "k", "2", "?ttl_ms=60000").orFail();
        client().delete("/v1/keys/other/unknown").orFail();

        await("the end in one namespace")
                .atMost(SOON)
                .until(() -> client().get("/v1/keys/one/k").status() == 404);

        assertThat(client().get("/v1/keys/other/k").text()).isEqualTo("2");
    }

    @Test
    void anExpiryIsToldOnceWithTheLastValueOnAQuietPartition() {
        put("told", "k", "1", "?ttl_ms=500").orFail();
        long due = System.nanoTime() + Duration.ofMillis(500).toNanos();

        await("the expiry to be told")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !expired("told/k").isEmpty());

        assertThat(Duration.ofNanos(System.nanoTime() - due)).isLessThan(TOLD_WITHIN.plusSeconds(1));
        assertThat(expired("told/k")).singleElement().satisfies(change -> {
            assertThat(change.getValue().remaining()).isEqualTo(1);
            assertThat(change.getUnitLast()).isTrue();
        });
    }

    @Test
    void aReplacementIsOneStepWhereKeysAreKeptTogether() {
        try (ForebayStack together =
                ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.keys.colocate", "sessions"))) {
            ForebayClient client = together.client();
            client.post(
                            "/v1/keys/sessions",
                            "{\"records\":[{\"key\":[\"u\",\"a\"],\"value\":{\"f\":1}},{\"key\":[\"u\",\"b\"],\"value\":{\"f\":2}}]}")
                    .orFail();
            Reply replaced = client.post("/v1/keys/sessions", replacement("c")).orFail();
            Reply refused = client.post("/v1/keys/sessions", replacement("b"));

            assertThat(replaced.text()).isEqualTo("{\"deleted\":1}");
            assertThat(refused.status()).isEqualTo(412);
            List<String> keys = new ArrayList<>();
            new KeyCalls(client)
                    .list("sessions", "**", 10, replaced.position())
                    .orFail()
                    .records()
                    .forEach(record -> keys.add(record.at("/key/1").asText()));
            assertThat(keys).containsExactly("b", "c");
        }
    }

    private static String replacement(String key) {
        return "{\"delete\":[{\"match\":\"u/*\",\"where\":\"/f:eq:1\"}],\"records\":[{\"key\":[\"u\",\"" + key
                + "\"],\"value\":{\"f\":1},\"if_none_match\":\"*\"}]}";
    }

    @Test
    void expiryGoesOnAcrossARestart() {
        try (ForebayStack restarted = ForebayStack.small(ClusterProvider.shared())) {
            restarted.client().put("/v1/keys/ns/short?ttl_ms=1000", "1").orFail();
            restarted.client().put("/v1/keys/ns/long?ttl_ms=600000", "2").orFail();

            restarted.restart();

            await("the end of the short lifetime")
                    .atMost(SOON)
                    .until(() -> restarted.client().get("/v1/keys/ns/short").status() == 404);
            assertThat(restarted.client().get("/v1/keys/ns/long").text()).isEqualTo("2");
            await("it to be told")
                    .atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(expired(restarted, "ns/short")).hasSize(1));
        }
    }

    private static List<KeyChanged> expired(String key) {
        return expired(STACK, key);
    }

    private static List<KeyChanged> expired(ForebayStack of, String key) {
        try (KeyTopics topics = new KeyTopics(of)) {
            return topics.changes().stream()
                    .map(ConsumerRecord::value)
                    .filter(change -> change.getType() == KeyChange.expired
                            && change.getKey().equals(key))
                    .toList();
        }
    }

    private static Reply put(String namespace, String key, String value, String query) {
        return client().put("/v1/keys/" + namespace + "/" + key + query, value);
    }

    private static KeyCalls calls() {
        return new KeyCalls(client());
    }

    private static ForebayClient client() {
        return STACK.client();
    }
}
