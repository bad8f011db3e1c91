package io.forebay.app;

import io.forebay.cache.CacheConfig;
import io.forebay.cache.CachePolicy;
import io.forebay.cache.change.ChangesConfig;
import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import io.forebay.config.NodeConfig;
import io.forebay.events.EventsConfig;
import io.forebay.http.AuthConfig;
import io.forebay.http.HttpConfig;
import io.forebay.keys.KeysConfig;
import io.forebay.presence.PresenceConfig;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.StreamHubConfig;
import io.forebay.sync.SyncConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of one instance.
 *
 * @param node what all capabilities share
 * @param http the server
 * @param auth where identity comes from
 * @param streams the stream hub
 * @param presence the presence capability
 * @param keys the keys capability
 * @param cache the caches on it
 * @param changes the tables that caches depend on
 * @param events the events capability
 * @param sync record sync
 * @param kafka settings that pass through to Kafka's clients, Kafka Streams and the serdes
 */
public record ForebayConfig(
        NodeConfig node,
        HttpConfig http,
        AuthConfig auth,
        StreamHubConfig streams,
        PresenceConfig presence,
        KeysConfig keys,
        CacheConfig cache,
        ChangesConfig changes,
        EventsConfig events,
        SyncConfig sync,
        Map<String, String> kafka) {

    private static final String BOOTSTRAP = "bootstrap.servers";
    private static final String REGISTRY = "schema.registry.url";

    /** What a command has around the one value that it stores. */
    private static final int KEY_COMMAND_BYTES = 64 * 1024;

    /** What a command has around the data and metadata of one event. */
    private static final int EVENT_COMMAND_BYTES = 64 * 1024;

    /** What Forebay decides itself, because what it promises depends on it. */
    private static final Map<String, String> FIXED = Map.of(
            "processing.guarantee", "exactly_once_v2",
            "group.protocol", "streams",
            "application.id", "from forebay.topics.prefix",
            "application.server", "from forebay.advertised",
            "state.dir", "from forebay.state.dir");

    /**
     * Reads and checks everything.
     *
     * @throws io.forebay.config.InvalidConfigException with every problem there is
     */
    public static ForebayConfig read(ConfigReader reader) {
        ForebayConfig config = new ForebayConfig(
                NodeConfig.read(reader),
                HttpConfig.read(reader),
                AuthConfig.read(reader),
                StreamHubConfig.read(reader),
                PresenceConfig.read(reader),
                KeysConfig.read(reader),
                CacheConfig.read(reader),
                ChangesConfig.read(reader),
                EventsConfig.read(reader),
                SyncConfig.read(reader),
                reader.passedThrough());
        config.checkAcross(reader);
        reader.finish();
        return config;
    }

    /** All keys by section, for the reference. */
    public static Map<String, List<Key<?>>> sections() {
        Map<String, List<Key<?>>> sections = new LinkedHashMap<>();
        sections.put("Instance and topics", NodeConfig.keys());
        sections.put("HTTP", HttpConfig.keys());
        sections.put("Identity", AuthConfig.keys());
        sections.put("Streams", StreamHubConfig.keys());
        sections.put("Presence", PresenceConfig.keys());
        sections.put("Keys", KeysConfig.keys());
        sections.put("Caches", CacheConfig.keys());
        sections.put("Caches and tables", ChangesConfig.keys());
        sections.put("Events", EventsConfig.keys());
        sections.put("Record sync", SyncConfig.keys());
        return sections;
    }

    /** Whether a capability runs: record sync needs a model besides being switched on. */
    boolean runs(String capability) {
        boolean has = !capability.equals(SyncConfig.CAPABILITY) || sync.model() != null;
        return has && node.capabilities().contains(capability);
    }

    private void checkAcross(ConfigReader reader) {
        if (kafka.getOrDefault(BOOTSTRAP, "").isBlank()) {
            reader.problem(BOOTSTRAP, "the cluster's brokers, host:port,…");
        }
        if (kafka.getOrDefault(REGISTRY, "").isBlank()) {
            reader.problem(REGISTRY, "the URL of a schema registry that speaks Confluent's REST API");
        }
        FIXED.forEach((key, value) -> {
            if (kafka.containsKey(key)) {
                reader.problem(key, "absent: it is set by Forebay (" + value + ")");
            }
        });
        GroupSettings.check(kafka, reader);
        if (!auth.isConfigured() && !http.insecure() && !isLoopback(http.host())) {
            reader.problem(
                    HttpConfig.HOST.name(),
                    "a loopback address, as long as no identity is configured (forebay.auth.jwks.url or"
                            + " forebay.auth.key.file) and " + HttpConfig.INSECURE.name() + " is not true");
        }
        if (auth.isConfigured() && node.advertised() != null && http.clusterSecret() == null) {
            reader.problem("forebay.cluster.secret", "present where identity and several instances are configured");
        }
        int chunk = presence.chunkBytes() + presence.json().maxBytes();
        if (chunk > node.topics().maxMessageBytes()) {
            reader.problem(
                    "forebay.presence.chunk.bytes",
                    "together with forebay.presence.max.bytes at most forebay.topics.max.message, "
                            + node.topics().maxMessageBytes() + " bytes");
        }
        checkEntries(reader);
        boolean named = node.capabilities().contains(SyncConfig.CAPABILITY)
                && node.capabilities().size() < NodeConfig.CAPABILITIES.size();
        if (named && !reader.isSet(SyncConfig.MODEL)) {
            reader.problem(SyncConfig.MODEL.name(), "a path where forebay.only names sync");
        }
        if (keys.valueMaxBytes() + KEY_COMMAND_BYTES > node.topics().maxMessageBytes()) {
            reader.problem(
                    KeysConfig.VALUE_BYTES.name(),
                    "at least " + KEY_COMMAND_BYTES + " bytes less than forebay.topics.max.message, "
                            + node.topics().maxMessageBytes() + " bytes");
        }
        if (events.dataMaxBytes() + events.metadataMaxBytes() + EVENT_COMMAND_BYTES
                > node.topics().maxMessageBytes()) {
            reader.problem(
                    EventsConfig.DATA_BYTES.name(),
                    "together with forebay.events.metadata.max.bytes at least " + EVENT_COMMAND_BYTES
                            + " bytes less than forebay.topics.max.message, "
                            + node.topics().maxMessageBytes() + " bytes");
        }
    }

    private void checkEntries(ConfigReader reader) {
        int partitions = TopicCatalogue.of(node.topics()).keys().partitions();
        cache.policy().mostEntries().forEach((name, most) -> {
            if (most < partitions) {
                reader.problem(
                        CachePolicy.mostEntries(name).name(), "at least one on each partition of keys, " + partitions);
            }
        });
    }

    private static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
