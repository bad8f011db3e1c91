package io.forebay.config;

import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.EventsOrder;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.schemas.topic.KeysPartitioner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What all capabilities of one instance share.
 *
 * @param topics names, partitions and retentions
 * @param replication replication factor of topics that are created, -1 for the broker's default
 * @param createTopics whether missing topics are created at start; otherwise they are a problem
 * @param capabilities those switched on
 * @param stateDir where the stores lie
 * @param advertised {@code host:port} at which other instances reach this one; null for the address that is bound
 * @param profile {@code interactive} or {@code throughput}
 * @param streamThreads stream threads of each capability
 * @param storeMemoryBytes memory of all stores together, for cached blocks and unflushed writes
 * @param outcomeAge how long outcomes are kept for retries
 * @param outcomeEntries how many of them a partition keeps at the most
 * @param startTimeout how long the start waits for cluster and registry
 */
public record NodeConfig(
        CatalogueSettings topics,
        int replication,
        boolean createTopics,
        Set<String> capabilities,
        Path stateDir,
        @Nullable String advertised,
        String profile,
        int streamThreads,
        long storeMemoryBytes,
        Duration outcomeAge,
        int outcomeEntries,
        Duration startTimeout) {

    /** Every capability there is. */
    public static final List<String> CAPABILITIES = List.of("presence", "keys", "events", "sync");

    /** Small batches, sent soon. */
    public static final String INTERACTIVE = "interactive";

    /** Larger batches, at the price of latency. */
    public static final String THROUGHPUT = "throughput";

    private static final String GLOBAL = "global";

    private static final Duration DAY = Duration.ofDays(1);

    private static final Key<String> PREFIX = Key.text(
            "forebay.topics.prefix",
            CatalogueSettings.DEFAULT_PREFIX,
            "letters, digits, '.', '_' and '-', at most " + CatalogueSettings.MAX_PREFIX_LENGTH
                    + " of them, ending with '.' or '-'",
            Pattern.compile("[A-Za-z0-9._-]{0," + (CatalogueSettings.MAX_PREFIX_LENGTH - 1) + "}[.-]"),
            "Stands in front of every topic name and, with '-' for '.', of every application id.");

    private static final Key<Integer> PARTITIONS = Key.integer(
            "forebay.topics.partitions",
            CatalogueSettings.DEFAULT_PARTITIONS,
            1,
            CatalogueSettings.MAX_PARTITIONS,
            "Partitions of each input topic, its sync topic and its store. Cannot be changed once there is data.");

    private static final Key<Integer> REPLICATION = Key.integer(
            "forebay.topics.replication",
            -1,
            -1,
            32_767,
            "Replication factor of topics and changelogs that are created; -1 for the broker's default.");

    private static final Key<Boolean> CREATE = Key.flag(
            "forebay.topics.create",
            false,
            "Create missing topics at start. Otherwise a missing topic, like one that differs, stops the start.");

    private static final Key<Long> MAX_MESSAGE = Key.size(
            "forebay.topics.max.message",
            CatalogueSettings.DEFAULT_MAX_MESSAGE_BYTES,
            CatalogueSettings.MIN_MAX_MESSAGE_BYTES,
            CatalogueSettings.MAX_MAX_MESSAGE_BYTES,
            "The largest record of an input topic; the topics that repeat it have more.");

    private static final Map<String, Key<Duration>> RETENTIONS = retentions();

    private static final Key<Set<String>> COLOCATE = Key.set(
            KeysPartitioner.COLOCATE,
            "",
            "a list of namespace or namespace:parts, each namespace once and percent-encoded",
            Pattern.compile("[A-Za-z0-9._~%-]+(:[0-9]{1,2})?"),
            "Namespaces of keys that are kept together, each on one partition, or by so many parts after the namespace."
                    + " Producers to them use io.forebay.schemas.topic.KeysPartitioner. A namespace changes only while it"
                    + " is empty.");

    private static final Key<String> EVENTS_ORDER = Key.oneOf(
            "forebay.events.order",
            GLOBAL,
            List.of(GLOBAL, "stream"),
            "global numbers all events without gaps and keeps them on one partition; stream spreads streams over partitions"
                    + " and keeps the order within each. Cannot be changed once the topic of events is there.");

    private static final Key<Set<String>> ONLY = Key.set(
            "forebay.only",
            String.join(",", CAPABILITIES),
            "a list of " + String.join(", ", CAPABILITIES),
            Pattern.compile(String.join("|", CAPABILITIES)),
            "The capabilities that this instance runs. Record sync runs where there is a model besides.");

    private static final Key<String> STATE_DIR = Key.text(
            "forebay.state.dir",
            "./data/state",
            "a path",
            Pattern.compile("[^\\x00]+"),
            "Where the stores lie. Fast local disk; what is lost is restored from the changelogs.");

    private static final Key<String> ADVERTISED = Key.text(
            "forebay.advertised",
            null,
            "host:port",
            Pattern.compile("[^:]+:[0-9]{1,5}|\\[[^]]+]:[0-9]{1,5}"),
            "Where other instances reach this one (application.server). Default: the address that is bound.");

    private static final Key<String> PROFILE = Key.oneOf(
            "forebay.profile",
            INTERACTIVE,
            List.of(INTERACTIVE, THROUGHPUT),
            "interactive waits up to 10 ms for a batch of what a task writes; throughput up to 100 ms for larger ones. Both commit every 100 ms, record sync at an interval of its own.");

    private static final Key<Integer> THREADS =
            Key.integer("forebay.stream.threads", 1, 1, 64, "Stream threads of each capability.");

    private static final Key<Long> MEMORY = Key.size(
            "forebay.store.memory",
            128L << 20,
            8L << 20,
            1L << 40,
            "Memory of all stores of the instance together, outside the Java heap.");

    private static final Key<Duration> OUTCOME_AGE = Key.duration(
            "forebay.outcomes.retention",
            DAY,
            Duration.ofSeconds(1),
            DAY.multipliedBy(365),
            "How long a retry under the same request id gets the first answer.");

    private static final Key<Integer> OUTCOME_ENTRIES = Key.integer(
            "forebay.outcomes.max",
            1_000_000,
            1,
            1_000_000_000,
            "Outcomes that a partition keeps at the most; the oldest go first.");

    private static final Key<Duration> START_TIMEOUT = Key.duration(
            "forebay.start.timeout",
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            "How long the start waits for the cluster and the schema registry to answer.");

    private static Map<String, Key<Duration>> retentions() {
        Map<String, Key<Duration>> keys = new HashMap<>();
        CatalogueSettings.DEFAULT_RETENTION.forEach((topic, retention) -> keys.put(
                topic,
                Key.duration(
                        "forebay.topics.retention." + topic,
                        retention,
                        Duration.ofMinutes(1),
                        DAY.multipliedBy(3650),
                        "How long records stay in the topic " + topic + ".")));
        return keys;
    }

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        List<Key<?>> keys = new ArrayList<>(List.of(
                PREFIX,
                PARTITIONS,
                REPLICATION,
                CREATE,
                MAX_MESSAGE,
                COLOCATE,
                EVENTS_ORDER,
                ONLY,
                STATE_DIR,
                ADVERTISED,
                PROFILE,
                THREADS,
                MEMORY,
                OUTCOME_AGE,
                OUTCOME_ENTRIES,
                START_TIMEOUT));
        RETENTIONS.keySet().stream().sorted().forEach(topic -> keys.add(RETENTIONS.get(topic)));
        return List.copyOf(keys);
    }

    /** Reads it. */
    public static NodeConfig read(ConfigReader reader) {
        Map<String, Duration> retentions = new HashMap<>();
        RETENTIONS.forEach((topic, key) -> retentions.put(topic, reader.get(key)));
        KeyPlacement placement =
                reader.make(COLOCATE.name(), () -> KeyPlacement.parse(reader.get(COLOCATE)), () -> KeyPlacement.BY_KEY);
        CatalogueSettings topics = reader.make(
                PREFIX.name(),
                () -> new CatalogueSettings(
                        reader.get(PREFIX),
                        reader.get(PARTITIONS),
                        Map.of(),
                        retentions,
                        reader.get(MAX_MESSAGE).intValue(),
                        placement,
                        reader.get(EVENTS_ORDER).equals(GLOBAL) ? EventsOrder.GLOBAL : EventsOrder.STREAM),
                CatalogueSettings::defaults);
        if (reader.get(REPLICATION) == 0) {
            reader.problem(REPLICATION.name(), "-1, or 1 and more");
        }
        Set<String> capabilities = reader.get(ONLY);
        if (capabilities.isEmpty()) {
            reader.problem(ONLY.name(), "at least one of " + String.join(", ", CAPABILITIES));
        }
        return new NodeConfig(
                topics,
                reader.get(REPLICATION),
                reader.get(CREATE),
                capabilities,
                Path.of(reader.get(STATE_DIR)),
                reader.find(ADVERTISED),
                reader.get(PROFILE),
                reader.get(THREADS),
                reader.get(MEMORY),
                reader.get(OUTCOME_AGE),
                reader.get(OUTCOME_ENTRIES),
                reader.get(START_TIMEOUT));
    }
}
