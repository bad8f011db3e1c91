package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.presence.PresenceFlow;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two instances share the partitions of one deployment: whichever is asked, the answer is the same. */
class TwoInstancesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int GUILDS = 24;
    private static final int USERS = 5;

    @AutoClose
    private static final TwoInstances BOTH =
            TwoInstances.with(ForebayStack.start(ClusterProvider.shared()), PresenceFlow.CAPABILITY);

    private static @Nullable String written;

    @BeforeAll
    static void start() {
        Position position = Position.empty();
        for (int guild = 1; guild <= GUILDS; guild++) {
            for (int user = 1; user <= USERS; user++) {
                Reply reply = (user % 2 == 0 ? first() : second())
                        .put(
                                PresenceCalls.path(id(guild), id(user)),
                                "{\"user\":{\"id\":\"" + user + "\"},\"status\":\""
                                        + (guild % 2 == 0 ? "online" : "idle") + "\"}")
                        .orFail();
                position = position.merge(Position.parse(Objects.requireNonNull(reply.position())));
            }
        }
        written = position.token();
    }

    @Test
    void everyGetIsTheSame() {
        for (int guild = 1; guild <= GUILDS; guild++) {
            String path = PresenceCalls.path(id(guild), "3");

            Reply one = first().get(path, written);
            Reply other = second().get(path, written);

            assertThat(one.status()).isEqualTo(200);
            assertThat(other.text()).isEqualTo(one.text());
            assertThat(other.header("ETag")).isEqualTo(one.header("ETag"));
        }
    }

    @Test
    void everyListIsTheSame() {
        for (String query : List.of("", "guild=7", "status=online", "guild=8&status=online")) {
            JsonNode one = new PresenceCalls(first()).list(query, 7, written).presences();
            JsonNode other = new PresenceCalls(second()).list(query, 7, written).presences();

            assertThat(Json.differences(one, other)).as(query).isEmpty();
            assertThat(one).as(query).isNotEmpty();
        }
    }

    @Test
    void listOfEverythingIsWholeAndInOrder() {
        JsonNode all = new PresenceCalls(first()).list("", 11, written).presences();

        List<String> addresses = new ArrayList<>();
        all.forEach(entry -> addresses.add(
                entry.path("guild_id").asText() + "/" + entry.path("user_id").asText()));

        List<String> expected = new ArrayList<>();
        for (int guild = 1; guild <= GUILDS; guild++) {
            for (int user = 1; user <= USERS; user++) {
                expected.add(guild + "/" + user);
            }
        }
        assertThat(addresses).isEqualTo(expected);
    }

    @Test
    void everyCountIsTheSame() {
        for (int guild = 1; guild <= GUILDS; guild++) {
            Reply one = new PresenceCalls(first()).counts(id(guild), written).orFail();
            Reply other = new PresenceCalls(second()).counts(id(guild), written).orFail();

            assertThat(other.text()).isEqualTo(one.text());
            assertThat(one.json().required("total").asInt()).isEqualTo(USERS);
        }
    }

    @Test
    void everyStreamIsTheSame() {
        for (int guild = 100; guild < 108; guild++) {
            try (EventStream one = first().stream("/v1/presences/" + guild, null);
                    EventStream other = second().stream("/v1/presences/" + guild, null)) {
                one.until("caught-up", SOON);
                other.until("caught-up", SOON);
                for (int user = 1; user <= USERS; user++) {
                    first().put(
                                    PresenceCalls.path(id(guild), id(user)),
                                    "{\"user\":{\"id\":\"" + user + "\"},\"status\":\"dnd\"}")
                            .orFail();
                }

                assertThat(changes(other)).isEqualTo(changes(one));
            }
        }
    }

    private static List<String> changes(EventStream stream) {
        List<String> changes = new ArrayList<>();
        while (changes.size() < USERS) {
            List<EventStream.Message> read = stream.until("change", SOON);
            changes.add(read.get(read.size() - 1).data());
        }
        return changes;
    }

    private static String id(int id) {
        return Integer.toString(id);
    }

    private static ForebayClient first() {
        return BOTH.first();
    }

    private static ForebayClient second() {
        return BOTH.second();
    }
}
