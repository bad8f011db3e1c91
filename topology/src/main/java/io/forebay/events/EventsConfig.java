package io.forebay.events;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.util.List;

/**
 * Bounds of the events capability.
 *
 * @param dataMaxBytes of one event's data
 * @param metadataMaxBytes of one event's further metadata
 * @param nameMaxBytes of a type, a domain, an instance or an id, in UTF-8
 * @param appendMaxCount events of one append
 */
public record EventsConfig(int dataMaxBytes, int metadataMaxBytes, int nameMaxBytes, int appendMaxCount) {

    private static final int LONGEST_NAME = 4096;

    public EventsConfig {
        within("dataMaxBytes", dataMaxBytes, Integer.MAX_VALUE);
        within("metadataMaxBytes", metadataMaxBytes, Integer.MAX_VALUE);
        within("nameMaxBytes", nameMaxBytes, LONGEST_NAME);
        within("appendMaxCount", appendMaxCount, Integer.MAX_VALUE);
    }

    /** What holds where nothing is configured. */
    public static EventsConfig defaults() {
        return new EventsConfig(1024 * 1024, 64 * 1024, 512, 1_000);
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

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(DATA_BYTES, METADATA_BYTES, NAME_BYTES, APPEND_COUNT);
    }

    /** Reads it. */
    public static EventsConfig read(ConfigReader reader) {
        return new EventsConfig(
                reader.get(DATA_BYTES).intValue(),
                reader.get(METADATA_BYTES).intValue(),
                reader.get(NAME_BYTES),
                reader.get(APPEND_COUNT));
    }
}
