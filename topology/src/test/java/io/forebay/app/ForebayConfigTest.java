package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cache.change.ChangesConfig;
import io.forebay.config.ConfigProblem;
import io.forebay.config.ConfigReader;
import io.forebay.config.ConfigReference;
import io.forebay.config.InvalidConfigException;
import io.forebay.config.Key;
import io.forebay.config.NodeConfig;
import io.forebay.events.EventsConfig;
import io.forebay.http.AuthConfig;
import io.forebay.http.HttpConfig;
import io.forebay.keys.KeysConfig;
import io.forebay.presence.PresenceConfig;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.EventsOrder;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.stream.StreamHubConfig;
import io.forebay.sync.SyncConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForebayConfigTest {

    private static final Map<String, String> LEAST =
            Map.of("bootstrap.servers", "localhost:9092", "schema.registry.url", "mock://config");

    /** A value of every kind of key that its rule refuses. */
    private static final Map<String, String> REFUSED = Map.of(
            "integer", "many",
            "duration", "soon",
            "size", "large",
            "boolean", "maybe",
            "word", "nonsense",
            "secret", "short");

    private static ForebayConfig read(String... settings) {
        return ForebayConfig.read(reader(settings));
    }

    private static ConfigReader reader(String... settings) {
        Map<String, String> all = new HashMap<>(LEAST);
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return ConfigReader.of(all);
    }

    @Test
    void nothingButTheClusterHasToBeConfigured() {
        ForebayConfig config = read();

        assertThat(config.http()).isEqualTo(HttpConfig.defaults());
        assertThat(config.auth()).isEqualTo(AuthConfig.none());
        assertThat(config.streams()).isEqualTo(StreamHubConfig.defaults());
        assertThat(config.presence()).isEqualTo(PresenceConfig.defaults());
        assertThat(config.keys()).isEqualTo(KeysConfig.defaults());
        assertThat(config.changes()).isEqualTo(ChangesConfig.defaults());
        assertThat(config.events()).isEqualTo(EventsConfig.defaults());
        assertThat(config.sync()).isEqualTo(SyncConfig.defaults());
        assertThat(config.node().topics().eventsOrder()).isEqualTo(EventsOrder.GLOBAL);
        assertThat(config.node().topics().prefix()).isEqualTo("forebay.");
        assertThat(config.node().topics().partitions()).isEqualTo(8);
        assertThat(config.node().outcomeAge()).isEqualTo(Duration.ofHours(24));
        assertThat(config.node().profile()).isEqualTo(NodeConfig.INTERACTIVE);
        assertThat(config.node().createTopics()).isFalse();
        assertThat(config.kafka()).isEqualTo(LEAST);
    }

    @Test
    void everyKeyOfAnInstanceIsMapped() {
        String[] settings = {
            "forebay.topics.prefix", "acme.",
            "forebay.topics.partitions", "3",
            "forebay.topics.replication", "2",
            "forebay.topics.create", "true",
            "forebay.topics.max.message", "4MiB",
            "forebay.topics.retention.presence", "1d",
            "forebay.topics.retention.presence.sync", "2d",
            "forebay.topics.retention.keys", "4d",
            "forebay.topics.retention.keys.sync", "5d",
            "forebay.topics.retention.changes", "6d",
            "forebay.topics.retention.events", "6d",
            "forebay.topics.retention.sync.routes", "2d",
            "forebay.topics.retention.subscriptions", "8d",
            "forebay.topics.retention.sync.deliveries", "9d",
            "forebay.topics.retention.records.sync", "10d",
            "forebay.topics.retention.dead-letters", "3d",
            "forebay.keys.colocate", "sessions:2, a%20b",
            "forebay.events.order", "stream",
            "forebay.only", "keys",
            "forebay.state.dir", "/var/state",
            "forebay.advertised", "node1:8080",
            "forebay.profile", "throughput",
            "forebay.stream.threads", "2",
            "forebay.store.memory", "64MiB",
            "forebay.outcomes.retention", "1h",
            "forebay.outcomes.max", "10",
            "forebay.start.timeout", "5s"
        };

        NodeConfig config = NodeConfig.read(reader(settings));

        assertThat(config)
                .isEqualTo(new NodeConfig(
                        new CatalogueSettings(
                                "acme.",
                                3,
                                Map.of(),
                                Map.ofEntries(
                                        Map.entry("presence", Duration.ofDays(1)),
                                        Map.entry("presence.sync", Duration.ofDays(2)),
                                        Map.entry("keys", Duration.ofDays(4)),
                                        Map.entry("keys.sync", Duration.ofDays(5)),
                                        Map.entry("changes", Duration.ofDays(6)),
                                        Map.entry("events", Duration.ofDays(6)),
                                        Map.entry("sync.routes", Duration.ofDays(2)),
                                        Map.entry("subscriptions", Duration.ofDays(8)),
                                        Map.entry("sync.deliveries", Duration.ofDays(9)),
                                        Map.entry("records.sync", Duration.ofDays(10)),
                                        Map.entry("dead-letters", Duration.ofDays(3))),
                                4 * 1024 * 1024,
                                new KeyPlacement(Map.of("sessions", 2, "a%20b", 0)),
                                EventsOrder.STREAM),
                        2,
                        true,
                        Set.of("keys"),
                        Path.of("/var/state"),
                        "node1:8080",
                        NodeConfig.THROUGHPUT,
                        2,
                        64L << 20,
                        Duration.ofHours(1),
                        10,
                        Duration.ofSeconds(5)));
        assertCovers(settings, NodeConfig.keys());
    }

    @Test
    void everyKeyOfHttpIsMapped() {
        String[] settings = {
            "forebay.http.host", "0.0.0.0",
            "forebay.http.port", "0",
            "forebay.http.insecure", "true",
            "forebay.http.event.loops", "3",
            "forebay.http.workers", "4",
            "forebay.http.max.body", "2MiB",
            "forebay.http.max.buffered", "3MiB",
            "forebay.http.idle.timeout", "5s",
            "forebay.http.cors.origins", "https://a.example,https://b.example",
            "forebay.http.allowed.hosts", "forebay.test",
            "forebay.cluster.secret", "0123456789abcdef",
            "forebay.http.access.log", "true"
        };

        HttpConfig config = HttpConfig.read(reader(settings));

        assertThat(List.of(
                        config.host(),
                        config.port(),
                        config.insecure(),
                        config.eventLoops(),
                        config.workers(),
                        config.limits().body(),
                        config.limits().buffered(),
                        config.timeouts().idle(),
                        config.corsOrigins(),
                        config.allowedHosts(),
                        String.valueOf(config.clusterSecret()),
                        config.accessLog()))
                .isEqualTo(List.of(
                        "0.0.0.0",
                        0,
                        true,
                        3,
                        4,
                        2L << 20,
                        3L << 20,
                        Duration.ofSeconds(5),
                        Set.of("https://a.example", "https://b.example"),
                        Set.of("forebay.test"),
                        "0123456789abcdef",
                        true));
        assertCovers(settings, HttpConfig.keys());
    }

    @Test
    void everyKeyOfIdentityIsMapped() {
        String[] settings = {
            "forebay.auth.jwks.url", "https://id.example/keys",
            "forebay.auth.issuer", "https://id.example",
            "forebay.auth.audiences", "forebay,other",
            "forebay.auth.algorithms", "RS256",
            "forebay.auth.skew", "1s",
            "forebay.auth.ticket.lifetime", "2s"
        };

        AuthConfig config = AuthConfig.read(reader(settings));

        assertThat(config)
                .isEqualTo(new AuthConfig(
                        URI.create("https://id.example/keys"),
                        null,
                        "https://id.example",
                        Set.of("forebay", "other"),
                        Set.of("RS256"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2)));
        assertCovers(with(settings, "forebay.auth.key.file", "keys.json"), AuthConfig.keys());
    }

    @Test
    void aKeyFileIsAPlaceOfIdentityToo() {
        assertThat(AuthConfig.read(reader("forebay.auth.key.file", "keys.json")).keyFile())
                .isEqualTo(Path.of("keys.json"));
    }

    @Test
    void everyKeyOfStreamsIsMapped() {
        String[] settings = {
            "forebay.streams.max", "1",
            "forebay.streams.window.bytes", "1MiB",
            "forebay.streams.window.changes", "200",
            "forebay.streams.heartbeat", "2s",
            "forebay.streams.slow.after", "3s",
            "forebay.streams.threads", "4"
        };
        StreamHubConfig defaults = StreamHubConfig.defaults();

        StreamHubConfig config = StreamHubConfig.read(reader(settings));

        assertThat(config)
                .isEqualTo(new StreamHubConfig(
                        1,
                        1 << 20,
                        200,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        defaults.snapshotTimeout(),
                        defaults.linger(),
                        defaults.catchUpBytes(),
                        4));
        assertCovers(settings, StreamHubConfig.keys());
    }

    @Test
    void everyKeyOfPresencesIsMapped() {
        String[] settings = {
            "forebay.presence.max.bytes", "4KiB",
            "forebay.presence.max.depth", "8",
            "forebay.presence.applied.at.once", "1",
            "forebay.presence.folded.per.tick", "2",
            "forebay.presence.bulk.max.count", "3",
            "forebay.presence.bulk.max.bytes", "64KiB",
            "forebay.presence.bulk.max.age", "2m",
            "forebay.presence.chunk.count", "5",
            "forebay.presence.chunk.bytes", "16KiB"
        };

        PresenceConfig config = PresenceConfig.read(reader(settings));

        assertThat(config)
                .isEqualTo(new PresenceConfig(
                        new JsonLimits(4096, 8), 1, 2, 3, 64 * 1024, Duration.ofMinutes(2), 5, 16 * 1024));
        assertCovers(settings, PresenceConfig.keys());
    }

    @Test
    void everyKeyOfKeysIsMapped() {
        String[] settings = {
            "forebay.keys.value.max.bytes", "4KiB",
            "forebay.keys.key.max.bytes", "100",
            "forebay.keys.batch.max.count", "1",
            "forebay.keys.delete.max", "2",
            "forebay.keys.deleted.at.once", "3",
            "forebay.keys.carried.per.tick", "4"
        };

        KeysConfig config = KeysConfig.read(reader(settings));

        assertThat(config).isEqualTo(new KeysConfig(4096, 100, 1, 2, 3, 4));
        assertCovers(settings, KeysConfig.keys());
    }

    @Test
    void everyKeyOfEventsIsMapped() {
        String[] settings = {
            "forebay.events.data.max.bytes", "4KiB",
            "forebay.events.metadata.max.bytes", "1KiB",
            "forebay.events.name.max.bytes", "100",
            "forebay.events.append.max.count", "5",
            "forebay.events.erasable.domains", "users, order lines"
        };

        EventsConfig config = EventsConfig.read(reader(settings));

        assertThat(config).isEqualTo(new EventsConfig(4096, 1024, 100, 5, Set.of("users", "order lines")));
        assertCovers(settings, EventsConfig.keys());
    }

    /** Those of families, which have a name in them, are refused together with what their family lacks. */
    @Test
    void everyKeyRefusesWhatItsRuleDoesNotAllow() {
        List<Key<?>> keys = ForebayConfig.sections().values().stream()
                .flatMap(List::stream)
                .filter(key -> REFUSED.containsKey(key.type()) && !key.name().contains("<"))
                .toList();
        List<String> settings = new ArrayList<>();
        for (Key<?> key : keys) {
            settings.add(key.name());
            settings.add(REFUSED.getOrDefault(key.type(), ""));
        }

        List<String> refused = problemsOf(settings.toArray(new String[0]));

        assertThat(refused)
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().<String>map(Key::name).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "forebay.topics.prefix, a b.",
        "forebay.topics.prefix, acme",
        "forebay.only, caches",
        "forebay.only, ','",
        "forebay.advertised, node1",
        "forebay.topics.replication, 0",
        "forebay.http.host, a b",
        "forebay.http.host, 0.0.0.0",
        "forebay.http.cors.origins, example.com",
        "forebay.http.allowed.hosts, a/b",
        "forebay.auth.jwks.url, http://id.example/keys",
        "forebay.auth.jwks.url, https://id.example/{keys}",
        "forebay.auth.algorithms, HS256",
        "forebay.auth.algorithms, none",
        "forebay.presence.chunk.bytes, 4MiB",
        "forebay.keys.value.max.bytes, 2MiB",
        "forebay.events.data.max.bytes, 2MiB",
        "forebay.events.order, total",
        "forebay.keys.colocate, a b",
        "forebay.keys.colocate, a%2fb",
        "forebay.keys.colocate, 'a,a:1'",
        "forebay.presnce.max.bytes, 1KiB",
        "processing.guarantee, at_least_once",
        "application.id, mine",
        "group.protocol, classic",
        "num.standby.replicas, many",
        "num.standby.replicas, -1",
        "bootstrap.servers, ''",
        "schema.registry.url, ''"
    })
    void aSettingThatCannotBeIsAProblemOfItsKey(String key, String value) {
        assertThat(problemsOf(key, value)).containsExactly(key);
    }

    @Test
    void aCacheHasRoomForAnEntryOnEveryPartition() {
        assertThat(problemsOf("forebay.cache.entries.posts.max", "7"))
                .containsExactly("forebay.cache.entries.posts.max");
        assertThat(read("forebay.cache.entries.posts.max", "7", "forebay.topics.partitions", "7")
                        .cache()
                        .policy()
                        .mostEntries())
                .containsEntry("posts", 7);
    }

    @Test
    void identityHasOnePlace() {
        assertThat(problemsOf(
                        "forebay.auth.jwks.url", "https://id.example/keys",
                        "forebay.auth.key.file", "keys.json"))
                .containsExactly("forebay.auth.key.file");
    }

    @Test
    void anOpenBindIsAllowedWithIdentityOrExpressly() {
        assertThat(read("forebay.http.host", "0.0.0.0", "forebay.http.insecure", "true")
                        .http()
                        .host())
                .isEqualTo("0.0.0.0");
        assertThat(read("forebay.http.host", "0.0.0.0", "forebay.auth.key.file", "keys.json")
                        .auth()
                        .isConfigured())
                .isTrue();
    }

    @Test
    void recordSyncIsNamedWithItsModelAlone() {
        assertThat(problemsOf("forebay.only", "sync")).containsExactly("forebay.sync.model");
        assertThat(read().runs("sync")).isFalse();
        assertThat(read().runs("keys")).isTrue();
    }

    /** With {@code -Ddocs.write=true} the page is written anew. */
    @Test
    void theReferencePageIsTheKeys() throws Exception {
        Path page = Path.of("../docs/configuration.md");
        String expected = ConfigReference.render(ForebayConfig.sections());
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(Path.of("../docs"));
            Files.writeString(page, expected);
        }

        assertThat(page).content().as("write it with -Ddocs.write=true").isEqualTo(expected);
    }

    private static List<String> problemsOf(String... settings) {
        List<String> keys = new ArrayList<>();
        assertThatThrownBy(() -> read(settings))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> e.problems().stream()
                                .map(ConfigProblem::key)
                                .distinct()
                                .forEach(keys::add));
        return keys;
    }

    private static void assertCovers(String[] settings, List<Key<?>> keys) {
        List<String> covered = new ArrayList<>();
        for (int i = 0; i < settings.length; i += 2) {
            covered.add(settings[i]);
        }
        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().<String>map(Key::name).toList());
    }

    private static String[] with(String[] settings, String key, String value) {
        String[] more = Arrays.copyOf(settings, settings.length + 2);
        more[settings.length] = key;
        more[settings.length + 1] = value;
        return more;
    }
}
