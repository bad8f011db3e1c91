package io.forebay.schemas.topic;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Utils;

/**
 * Which part of a record key decides its partition. It is the whole key, as Kafka's default partitioner has it (murmur2),
 * unless the key's first part, its namespace, is one that is kept together: then its first parts decide, and all keys that
 * begin with them are on one partition, where conditions and replacements can see them at once. Producers to such a
 * namespace use {@link KeysPartitioner}.
 *
 * @param together namespaces in canonical form, and after how many further parts a key no longer matters: 0 keeps the whole
 *     namespace on one partition
 */
public record KeyPlacement(Map<String, Integer> together) {

    /** The whole key decides. */
    public static final KeyPlacement BY_KEY = new KeyPlacement(Map.of());

    /** The greatest number of further parts. */
    public static final int MOST_PARTS = 99;

    public KeyPlacement {
        together.forEach((namespace, parts) -> {
            if (Path.parse(namespace).size() != 1 || parts < 0 || parts > MOST_PARTS) {
                throw new IllegalArgumentException(
                        "a namespace in canonical form and 0 to " + MOST_PARTS + " parts after it");
            }
        });
        together = Map.copyOf(together);
    }

    /**
     * Reads settings of the form {@code namespace} or {@code namespace:parts}.
     *
     * @throws IllegalArgumentException when one is not of that form
     */
    public static KeyPlacement parse(Collection<String> settings) {
        Map<String, Integer> together = new TreeMap<>();
        for (String setting : settings) {
            int colon = setting.indexOf(':');
            String namespace = colon < 0 ? setting : setting.substring(0, colon);
            int parts = colon < 0 ? 0 : Integer.parseInt(setting.substring(colon + 1));
            if (together.put(namespace, parts) != null) {
                throw new IllegalArgumentException("a namespace is named once");
            }
        }
        return new KeyPlacement(together);
    }

    /** The partition of a record key. */
    public int partition(byte[] recordKey, int partitions) {
        return Utils.toPositive(Utils.murmur2(deciding(recordKey))) % partitions;
    }

    /** The partition of every path that meets a match, where there is but one; empty where they may be on several. */
    public OptionalInt partition(PathMatch match, int partitions) {
        List<String> prefix = match.literalPrefix();
        if (prefix.isEmpty()) {
            return OptionalInt.empty();
        }
        Integer parts = together.get(Path.of(prefix.get(0)).toString());
        boolean one = match.isExact() || (parts != null && prefix.size() > parts);
        return one ? OptionalInt.of(partition(Path.of(prefix).toBytes(), partitions)) : OptionalInt.empty();
    }

    private byte[] deciding(byte[] recordKey) {
        if (together.isEmpty()) {
            return recordKey;
        }
        int end = partEnd(recordKey, 0);
        Integer parts = together.get(new String(recordKey, 0, end, StandardCharsets.UTF_8));
        if (parts == null) {
            return recordKey;
        }
        for (int i = 0; i < parts && end < recordKey.length; i++) {
            end = partEnd(recordKey, end + 1);
        }
        return Arrays.copyOf(recordKey, end);
    }

    private static int partEnd(byte[] recordKey, int from) {
        int end = from;
        while (end < recordKey.length && recordKey[end] != '/') {
            end++;
        }
        return end;
    }
}
