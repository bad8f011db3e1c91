package io.forebay.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.calls.CallsServer;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.GiveUpLoad;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.topic.ReservedKeys;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call puts into the log, and what it refuses before: no cluster is needed for either. */
class CacheResourceTest {
    @AutoClose
    private static final CallsServer SERVER = CallsServer.start(parts -> List.of(CacheCalls.on(parts)));

    @BeforeEach
    void forget() {
        SERVER.forgetWritten();
    }

    private static List<Object> sent() {
        return SERVER.written().stream().map(CacheResourceTest::commandOf).toList();
    }

    private static Object commandOf(ProducerRecord<byte[], byte @Nullable []> record) {
        KeyCommand command = SERVER.serdes().deserializer(KeyCommand.class).deserialize(record.topic(), record.value());
        return ((CacheCommand) command.getCommand()).getCommand();
    }

    private static int partitions() {
        return SERVER.catalogue().keys().partitions();
    }

    @Test
    void a_fill_sends_the_body_under_the_lease() throws Exception {
        HttpResponse<String> answer = SERVER.send(
                "PUT",
                "/v1/caches/posts/by%2Fauthor/7?tag=author%207&tag=draft",
                "{ \"a\":1.0 }",
                "Content-Type",
                "text/x",
                "Forebay-Lease",
                "12");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(sent()).singleElement().isInstanceOfSatisfying(FillEntry.class, fill -> {
            assertThat(fill.getKey()).isEqualTo("cache%3Aposts/by%2Fauthor/7");
            assertThat(fill.getLease()).isEqualTo(12);
            assertThat(StandardCharsets.UTF_8.decode(fill.getValue()).toString())
                    .isEqualTo("{ \"a\":1.0 }");
            assertThat(fill.getContentType()).isEqualTo("text/x");
            assertThat(fill.getTags()).containsExactly("author 7", "draft");
        });
        assertThat(new String(SERVER.written().get(0).key(), StandardCharsets.UTF_8))
                .isEqualTo("cache%3Aposts/by%2Fauthor/7");
    }

    @Test
    void a_fill_takes_a_lease() throws Exception {
        HttpResponse<String> answer = SERVER.send("PUT", "/v1/caches/posts/7", "1");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("\"code\":\"lease_not_held\"");
        assertThat(sent()).isEmpty();
    }

    @Test
    void a_delete_invalidates_or_gives_up() throws Exception {
        SERVER.send("DELETE", "/v1/caches/posts/7", null);
        SERVER.send("DELETE", "/v1/caches/posts/7", null, "Forebay-Lease", "3");

        assertThat(sent())
                .containsExactly(new InvalidateKeys(List.of("cache%3Aposts/7")), new GiveUpLoad("cache%3Aposts/7", 3L));
    }

    @Test
    void a_tag_and_a_match_go_to_every_partition() throws Exception {
        SERVER.send("DELETE", "/v1/caches/posts?tag=t", null);
        assertThat(sent()).hasSize(partitions()).containsOnly(new InvalidateTag("posts", "t"));
        SERVER.forgetWritten();

        SERVER.send("DELETE", "/v1/caches/posts?match=a/*", null);
        assertThat(sent()).hasSize(partitions()).containsOnly(new InvalidateMatch("cache%3Aposts/a/*"));
        assertThat(SERVER.written())
                .allSatisfy(record -> assertThat(record.key()).isEqualTo(ReservedKeys.partition()));
        assertThat(SERVER.written().stream().map(ProducerRecord::partition).distinct())
                .hasSize(partitions());
    }

    @Test
    void a_match_of_one_entry_goes_to_its_partition() throws Exception {
        SERVER.send("DELETE", "/v1/caches/posts?match=%5B%22a%22%5D", null);

        assertThat(sent()).containsExactly(new InvalidateMatch("cache%3Aposts/a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lifetime\":-1}",
                "{\"lifetime\":1.5}",
                "{\"lifetime\":1e3}",
                "{\"lifetime\":\"5\"}",
                "{\"lifetime\":null}",
                "{\"lifetime\":99999999999999999999}",
                "{\"life\":5}",
                "[]",
                "{"
            })
    void what_is_no_lifetime_is_refused(String body) throws Exception {
        HttpResponse<String> answer = SERVER.send("POST", "/v1/caches/posts/7", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/caches/posts/*, {}, key",
        "POST, /v1/caches/po*/7, {}, cache",
        "DELETE, /v1/caches/posts, , match",
        "DELETE, /v1/caches/posts?tag=t&match=**, , match",
        "DELETE, /v1/caches/posts?match=a*, , match",
        "DELETE, /v1/caches/posts?tag=, , tag"
    })
    void what_is_wrong_is_refused_with_its_place(String method, String target, @Nullable String body, String field)
            throws Exception {
        HttpResponse<String> answer = SERVER.send(method, target, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        assertThat(sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.5", ""})
    void what_is_no_lease_is_refused(String lease) throws Exception {
        HttpResponse<String> answer = SERVER.send("PUT", "/v1/caches/posts/7", "1", "Forebay-Lease", lease);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(sent()).isEmpty();
    }

    @Test
    void conditions_are_refused() throws Exception {
        assertThat(SERVER.send("PUT", "/v1/caches/posts/7", "1", "Forebay-Lease", "1", "If-Match", "*")
                        .statusCode())
                .isEqualTo(400);
    }
}
