package io.forebay.it.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StreamIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @AutoClose
    private static final ForebayStack STACK = ForebayStack.start(ClusterProvider.shared());

    @Test
    void tellsWhatIsThereThenPutDeletedAndExpired() {
        put("all", "before", "{\n\"n\": 1\n}", "");
        try (EventStream stream = client().stream("/v1/keys/all", null)) {
            List<Message> snapshot = snapshot(stream);
            put("all", "a", "1", "?ttl_ms=300");
            put("all", "b", "2", "");
            client().delete("/v1/keys/all/b").orFail();

            List<String> changes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                JsonNode change = next(stream);
                changes.add(change.path("type").asText() + " "
                        + change.path("key").path(0).asText() + "=" + change.path("value"));
            }

            assertThat(records(snapshot)).containsExactly("before={\"n\":1}");
            assertThat(changes)
                    .containsExactlyInAnyOrder("put a=1", "put b=2", "deleted b=2", "expired a=1")
                    .containsSubsequence("put a=1", "expired a=1")
                    .containsSubsequence("put b=2", "deleted b=2");
        }
    }

    @Test
    void tellsWhatItsMatchMeetsAndNothingElse() {
        put("match", "users/1/session/a", "1", "");
        put("match", "users/1/name", "2", "");
        try (EventStream stream = client().stream("/v1/keys/match?match=users/*/session/*", null)) {
            List<Message> snapshot = snapshot(stream);
            put("match", "users/1/name", "3", "");
            put("match", "users/1/session", "4", "");
            put("matches", "users/1/session/c", "5", "");
            put("match", "users/2/session/b", "6", "");

            JsonNode change = next(stream);

            assertThat(records(snapshot)).containsExactly("users/1/session/a=1");
            assertThat(change.path("value").asInt()).isEqualTo(6);
        }
    }

    @Test
    void resumesWhereItStopped() {
        String lastEventId;
        try (EventStream stream = client().stream("/v1/keys/resumed?match=k", null)) {
            snapshot(stream);
            put("resumed", "k", "1", "");
            List<Message> read = stream.until("change", SOON);
            lastEventId = read.get(read.size() - 1).id();
        }
        put("resumed", "k", "2", "");
        put("resumed", "k", "3", "?ttl_ms=100");
        try (EventStream resumed = client().stream("/v1/keys/resumed?match=k", lastEventId)) {
            assertThat(List.of(next(resumed), next(resumed), next(resumed)))
                    .extracting(change -> change.path("type").asText() + change.path("value"))
                    .containsExactly("put2", "put3", "expired3");
        }
    }

    @Test
    void aValueThatIsNoJsonIsToldInBase64() {
        try (EventStream stream = client().stream("/v1/keys/bytes?start=now", null)) {
            stream.until("caught-up", SOON);
            client().call("PUT", "/v1/keys/bytes/k")
                    .body("text/plain", new byte[] {'a', '\n', 'b'})
                    .send()
                    .orFail();

            JsonNode change = next(stream);

            assertThat(change.path("value_base64").asText()).isEqualTo("YQpi");
            assertThat(change.path("content_type").asText()).isEqualTo("text/plain");
        }
    }

    @Test
    void snapshotAndChangesJoinWithoutGapOrOverlapUnderWrites() {
        int keys = 200;
        CompletableFuture<Void> writes = CompletableFuture.runAsync(() -> {
            for (int round = 0; round < 3; round++) {
                for (int key = 0; key < keys; key++) {
                    put("joined", "k/" + key, Integer.toString(round), "");
                }
            }
        });
        for (int reader = 0; reader < 3; reader++) {
            try (EventStream stream = client().stream("/v1/keys/joined?match=**", null)) {
                Map<String, Long> versions = new TreeMap<>();
                for (Message message : snapshot(stream)) {
                    message.json()
                            .path("records")
                            .forEach(record -> versions.put(
                                    record.path("key").toString(),
                                    record.path("version").asLong()));
                }
                writes.join();
                put("joined", "end/" + reader, "0", "");
                for (JsonNode change = next(stream);
                        !change.path("key").path(0).asText().equals("end");
                        change = next(stream)) {
                    String key = change.path("key").toString();
                    long version = change.path("version").asLong();
                    assertThat(version).as(key).isGreaterThan(versions.getOrDefault(key, -1L));
                    versions.put(key, version);
                }
                versions.keySet().removeIf(key -> key.contains("end"));

                assertThat(versions).hasSize(keys);
            }
        }
    }

    private static List<Message> snapshot(EventStream stream) {
        return stream.until("caught-up", SOON);
    }

    private static List<String> records(List<Message> snapshot) {
        List<String> records = new ArrayList<>();
        for (Message message : snapshot) {
            message.json().path("records").forEach(record -> {
                List<String> parts = new ArrayList<>();
                record.path("key").forEach(part -> parts.add(part.asText()));
                records.add(String.join("/", parts) + "=" + record.path("value"));
            });
        }
        return records;
    }

    private static JsonNode next(EventStream stream) {
        List<Message> read = stream.until("change", SOON);
        return read.get(read.size() - 1).json();
    }

    private static void put(String namespace, String key, String value, String query) {
        client().put("/v1/keys/" + namespace + "/" + key + query, value).orFail();
    }

    private static ForebayClient client() {
        return STACK.client();
    }
}
