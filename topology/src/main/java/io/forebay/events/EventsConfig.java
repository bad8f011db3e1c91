package io.forebay.events;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Bounds of the events capability.
 *
 * @param dataMaxBytes of one event's data
 * @param metadataMaxBytes of one event's further metadata
 * @param nameMaxBytes of a type, a domain, an instance or an id, in UTF-8
 * @param appendMaxCount events of one append
 * @param erasableDomains the domains whose events are sealed when they are appended; {@code *} for all
 */
public record EventsConfig(
        int dataMaxBytes, int metadataMaxBytes, int nameMaxBytes, int appendMaxCount, Set<String> erasableDomains) {

    private static final int LONGEST_NAME = 4096;
    private static final String ALL = "*";

    public EventsConfig {
        within("dataMaxBytes", dataMaxBytes, Integer.MAX_VALUE);
        within("metadataMaxBytes", metadataMaxBytes, Integer.MAX_VALUE);
        within("nameMaxBytes", nameMaxBytes, LONGEST_NAME);
        within("appendMaxCount", appendMaxCount, Integer.MAX_VALUE);
        erasableDomains = Set.copyOf(erasableDomains);
    }

    /** What holds where nothing is configured. */
    public static EventsConfig defaults() {
        return new EventsConfig(1024 * 1024, 64 * 1024, 512, 1_000, Set.of());
    }

    /** Bounds like these, with other domains whose events are sealed. */
    public EventsConfig withErasableDomains(Set<String> domains) {
        return new EventsConfig(dataMaxBytes, metadataMaxBytes, nameMaxBytes, appendMaxCount, domains);
    }

    /** Whether events of a domain are sealed when they are appended. */
    public boolean isErasable(String domain) {
        return erasableDomains.contains(domain) || erasableDomains.contains(ALL);
    }

    private static void within(String name, int value, int greatest) {
        if (value < 1 || value > greatest) {
            throw new IllegalArgumentException(name + ": " + value + " is not within 1 to " + greatest);
        }
    }

    private static final EventsConfig DEFAULTS = defaults();

    /** The most bytes of one event's data. */
    public static final Key<Long> DATA_BYTES = Key.size(
            "forebay.events.data.max.bytes",
            DEFAULTS.dataMaxBytes(),
            1024,
            256L << 20,
            "Bytes of one event's data. Within forebay.topics.max.message, together with its metadata.");

    private static final Key<Long> METADATA_BYTES = Key.size(
            "forebay.events.metadata.max.bytes",
            DEFAULTS.metadataMaxBytes(),
            64,
            16L << 20,
            "Bytes of one event's metadata besides domain and instance.");

    private static final Key<Integer> NAME_BYTES = Key.integer(
            "forebay.events.name.max.bytes",
            DEFAULTS.nameMaxBytes(),
            16,
            LONGEST_NAME,
            "Bytes of a type, a domain, an instance id or an event id, in UTF-8.");

    private static final Key<Integer> APPEND_COUNT = Key.integer(
            "forebay.events.append.max.count", DEFAULTS.appendMaxCount(), 1, 10_000, "Events of one append.");

    private static final Key<Set<String>> ERASABLE_DOMAINS = Key.set(
            "forebay.events.erasable.domains",
            "",
            "names of domains, separated by commas, or *",
            Pattern.compile(".+"),
            "Domains whose events are sealed with a key of their instance when they are appended, so that the instance"
                    + " can be erased; * for all. Events that were appended before stay in clear.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(DATA_BYTES, METADATA_BYTES, NAME_BYTES, APPEND_COUNT, ERASABLE_DOMAINS);
    }

    /** Reads it. */
    public static EventsConfig read(ConfigReader reader) {
        return new EventsConfig(
                reader.get(DATA_BYTES).intValue(),
                reader.get(METADATA_BYTES).intValue(),
                reader.get(NAME_BYTES),
                reader.get(APPEND_COUNT),
                reader.get(ERASABLE_DOMAINS));
    }
}
