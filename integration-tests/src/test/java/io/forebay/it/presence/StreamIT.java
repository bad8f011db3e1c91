package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
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
    void startsWithASnapshotAndGoesOnWithChanges() {
        put("800", "1", "online");
        try (EventStream stream = client().stream("/v1/presences/800", null)) {
            List<Message> snapshot = stream.until("caught-up", SOON);
            put("800", "2", "idle");

            Message change = next(stream, "change");

            assertThat(events(snapshot)).containsExactly("snapshot", "caught-up");
            assertThat(snapshot.get(0).data()).contains("\"online\"");
            assertThat(change.json().at("/new/status").asText()).isEqualTo("idle");
            assertThat(change.json().path("old").isNull()).isTrue();
        }
    }

    @Test
    void tellsNothingOfOtherGuilds() {
        try (EventStream stream = client().stream("/v1/presences/801", null)) {
            stream.until("caught-up", SOON);
            put("802", "1", "online");
            put("801", "1", "dnd");

            Message change = next(stream, "change");

            assertThat(change.json().path("guild_id").asText()).isEqualTo("801");
        }
    }

    @Test
    void startNowSkipsTheSnapshot() {
        put("803", "1", "online");
        try (EventStream stream = client().stream("/v1/presences/803?start=now", null)) {
            Message first = stream.next(SOON);
            put("803", "1", "idle");

            Message change = next(stream, "change");
            while (!change.json().at("/new/status").asText().equals("idle")) {
                // The first write was decided, but maybe not committed, when the stream was opened.
                change = next(stream, "change");
            }

            assertThat(first.event()).isEqualTo("caught-up");
            assertThat(first.json().path("position").asText()).isNotEmpty();
            assertThat(change.json().at("/old/status").asText()).isEqualTo("online");
        }
    }

    @Test
    void resumesWhereItStopped() {
        String lastEventId;
        try (EventStream stream = client().stream("/v1/presences/804", null)) {
            stream.until("caught-up", SOON);
            put("804", "1", "online");
            lastEventId = next(stream, "change").id();
        }
        put("804", "2", "idle");
        put("804", "3", "dnd");
        try (EventStream resumed = client().stream("/v1/presences/804", lastEventId)) {
            Message second = next(resumed, "change");
            Message third = next(resumed, "change");

            assertThat(second.json().path("user_id").asText()).isEqualTo("2");
            assertThat(third.json().path("user_id").asText()).isEqualTo("3");
        }
    }

    @Test
    void anIdThatNobodyGaveIsRefused() {
        try (EventStream stream = client().stream("/v1/presences/805", "an-id-that-nobody-gave")) {
            assertThat(stream.status()).isEqualTo(400);
        }
    }

    @Test
    void snapshotAndChangesJoinWithoutGapOrOverlapUnderWrites() {
        String guild = "807";
        int users = 200;
        CompletableFuture<Void> writes = CompletableFuture.runAsync(() -> {
            for (int round = 0; round < 3; round++) {
                for (int user = 1; user <= users; user++) {
                    put(guild, Integer.toString(user), round % 2 == 0 ? "online" : "idle");
                }
            }
        });
        for (int reader = 0; reader < 3; reader++) {
            try (EventStream stream = client().stream("/v1/presences/" + guild, null)) {
                Map<String, JsonNode> state = fold(stream, guild, users, writes);

                assertThat(state).hasSize(users);
                assertThat(state.values())
                        .allSatisfy(presence ->
                                assertThat(presence.path("status").asText()).isEqualTo("online"));
            }
        }
    }

    /** Applies a stream to a map, asserting that each change continues what the map holds, until all writes are in. */
    private static Map<String, JsonNode> fold(
            EventStream stream, String guild, int users, CompletableFuture<Void> writes) {
        Map<String, JsonNode> state = new TreeMap<>();
        for (Message message : stream.until("caught-up", SOON)) {
            message.json()
                    .path("presences")
                    .forEach(entry -> state.put(entry.path("user_id").asText(), entry.path("presence")));
        }
        writes.join();
        client().put(
                        PresenceCalls.path(guild, "999999"),
                        "{\"user\":{\"id\":\"999999\"},\"status\":\"dnd\",\"end\":" + System.nanoTime() + "}")
                .orFail();
        while (true) {
            JsonNode change = next(stream, "change").json();
            String user = change.path("user_id").asText();
            if (user.equals("999999")) {
                state.remove(user);
                client().delete(PresenceCalls.path(guild, "999999")).orFail();
                return state;
            }
            JsonNode known = state.get(user);
            assertThat(Json.differences(known == null ? Json.object().nullNode() : known, change.path("old")))
                    .as("user %s of %d", user, users)
                    .isEmpty();
            state.put(user, change.path("new"));
        }
    }

    private static Message next(EventStream stream, String event) {
        List<Message> read = stream.until(event, SOON);
        return read.get(read.size() - 1);
    }

    private static List<String> events(List<Message> messages) {
        List<String> events = new ArrayList<>();
        messages.forEach(message -> events.add(message.event()));
        return events;
    }

    private static void put(String guild, String user, String status) {
        client().put(
                        PresenceCalls.path(guild, user),
                        "{\"user\":{\"id\":\"" + user + "\"},\"status\":\"" + status + "\"}")
                .orFail();
    }

    private static ForebayClient client() {
        return STACK.client();
    }
}
