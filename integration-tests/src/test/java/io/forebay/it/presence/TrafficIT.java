package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The documented payloads of the gateway, posted as received and produced by a plain producer. What comes back and what is told is
 * compared to the letter: same bytes, same order of members, same spelling of numbers.
 */
class TrafficIT {
    private static final Path DOCUMENT = Path.of("..", "..", "shared", "traffic.md");
    private static final Pattern BLOCK = Pattern.compile("```json\\s*(.*?)```", Pattern.DOTALL);
    private static final String USER = "82198898841029460";
    private static final String OLD_GUILD = "197038439483310086";

    private static @Nullable ForebayStack stack;
    private static @Nullable PresenceTopics topics;

    @BeforeAll
    static void start() {
        assumeTrue(Files.isReadable(DOCUMENT), DOCUMENT + " is not here: its payloads are not shown");
        stack = ForebayStack.start(ClusterProvider.shared());
        topics = new PresenceTopics(stack);
    }

    @AfterAll
    static void stop() {
        if (topics != null) {
            topics.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void postedUpdateIsKeptAndToldToTheLetter() {
        String envelope = payload("PRESENCE_UPDATE", "1001");
        String data = data(envelope);

        Reply reply = client().post("/v1/gateway", envelope).orFail();

        assertThat(reply.text()).isEqualTo("{\"emitted\":[{\"guild_id\":\"1001\",\"old\":null,\"new\":" + data + "}]}");
        assertThat(client().get(PresenceCalls.path("1001", USER), reply.position())
                        .text())
                .isEqualTo(data);
        assertThat(toldAbout("1001", 1)).containsExactly(data);
    }

    @Test
    void producedUpdateIsKeptAndToldToTheLetter() {
        String data = data(payload("PRESENCE_UPDATE", "1002"));

        String position = PresenceTopics.position(
                topics().send("1002", new PresenceCommand(new GatewayDispatch("PRESENCE_UPDATE", data))));

        assertThat(client().get(PresenceCalls.path("1002", USER), position).text())
                .isEqualTo(data);
        assertThat(toldAbout("1002", 1)).containsExactly(data);
    }

    @Test
    void repeatedUpdateEmitsNothing() {
        String envelope = payload("PRESENCE_UPDATE", "1003");
        client().post("/v1/gateway", envelope).orFail();

        Reply repeated = client().post("/v1/gateway", envelope).orFail();

        assertThat(repeated.text()).isEqualTo("{\"emitted\":[]}");
    }

    @Test
    void goingOfflineEmitsOldAndNewToTheLetter() {
        String envelope = payload("PRESENCE_UPDATE", "1004");
        client().post("/v1/gateway", envelope).orFail();
        String offline = "{\"user\":{\"id\":\"" + USER + "\"},\"guild_id\":\"1004\",\"status\":\"offline\","
                + "\"activities\":[],\"client_status\":{}}";

        Reply reply = client().post("/v1/gateway", "{\"t\":\"PRESENCE_UPDATE\",\"d\":" + offline + "}")
                .orFail();

        JsonObject change = Objects.requireNonNull(
                        JsonObject.parse(reply.text()).member("emitted"))
                .elements()
                .get(0)
                .asObject();
        assertThat(Objects.requireNonNull(change.member("old")).raw()).isEqualTo(data(envelope));
        JsonObject now = Objects.requireNonNull(change.member("new")).asObject();
        assertThat(Objects.requireNonNull(now.member("status")).raw()).isEqualTo("\"offline\"");
    }

    @Test
    void guildCreateBringsItsPresencesToTheLetter() {
        String envelope = payload("GUILD_CREATE", "1005");

        Reply reply = client().post("/v1/gateway", envelope).orFail();

        assertThat(client().get(PresenceCalls.path("1005", USER), reply.position())
                        .text())
                .isEqualTo(firstPresence(envelope));
    }

    @Test
    void unavailableGuildKeepsItsPresences() {
        client().post("/v1/gateway", payload("GUILD_CREATE", "1006")).orFail();

        Reply reply = client().post(
                        "/v1/gateway", "{\"t\":\"GUILD_DELETE\",\"d\":{\"id\":\"1006\",\"unavailable\":true}}")
                .orFail();

        assertThat(client().get(PresenceCalls.path("1006", USER), reply.position())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void leftGuildLosesItsPresences() {
        client().post("/v1/gateway", payload("GUILD_CREATE", "1007")).orFail();

        Reply reply = client().post("/v1/gateway", "{\"t\":\"GUILD_DELETE\",\"d\":{\"id\":\"1007\"}}")
                .orFail();

        assertThat(client().get(PresenceCalls.path("1007", USER), reply.position())
                        .code())
                .isEqualTo("presence_not_found");
    }

    @Test
    void removedMemberLosesItsPresence() {
        client().post("/v1/gateway", payload("GUILD_CREATE", "1008")).orFail();

        Reply reply = client().post(
                        "/v1/gateway",
                        "{\"t\":\"GUILD_MEMBER_REMOVE\",\"d\":{\"guild_id\":\"1008\",\"user\":{\"id\":\"" + USER
                                + "\",\"username\":\"x\"}}}")
                .orFail();

        assertThat(client().get(PresenceCalls.path("1008", USER), reply.position())
                        .code())
                .isEqualTo("presence_not_found");
    }

    @Test
    void membersChunkBringsItsPresencesToTheLetter() {
        String envelope = payload("GUILD_MEMBERS_CHUNK", "1009");

        String position = PresenceTopics.position(
                topics().send("1009", new PresenceCommand(new GatewayDispatch("GUILD_MEMBERS_CHUNK", data(envelope)))));

        assertThat(client().get(PresenceCalls.path("1009", USER), position).text())
                .isEqualTo(firstPresence(envelope));
    }

    /** The documented dispatch of that type, about another guild; ids that the document leaves open are filled in. */
    private static String payload(String type, String guild) {
        try {
            String document = Files.readString(DOCUMENT);
            Stream<String> blocks = BLOCK.matcher(document)
                    .results()
                    .map(match -> match.group(1).strip());
            return blocks.filter(block -> block.contains("\"t\":\"" + type + "\""))
                    .findFirst()
                    .map(block -> block.replace(OLD_GUILD, guild)
                            .replace("\"guild_id\":\"…\"", "\"guild_id\":\"" + guild + "\"")
                            .replace("\"id\":\"…\"", "\"id\":\"" + USER + "\""))
                    .orElseThrow(() -> new IllegalStateException("no payload of type " + type));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String data(String envelope) {
        return Objects.requireNonNull(JsonObject.parse(envelope).member("d")).raw();
    }

    private static String firstPresence(String envelope) {
        return Objects.requireNonNull(JsonObject.parse(data(envelope)).member("presences"))
                .elements()
                .get(0)
                .raw();
    }

    /** The new presences that the sync topic tells about a guild, as soon as there are that many. */
    private static List<String> toldAbout(String guild, int count) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> topics().changes().stream()
                                .map(ConsumerRecord::value)
                                .filter(change -> change.getGuildId().equals(guild))
                                .map(change -> String.valueOf(change.getNew$()))
                                .toList(),
                        told -> told.size() >= count);
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }

    private static PresenceTopics topics() {
        return Objects.requireNonNull(topics);
    }
}
