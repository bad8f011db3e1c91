package io.forebay.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPlacementTest {

    private static final int PARTITIONS = 8;
    private static final KeyPlacement PLACEMENT = KeyPlacement.parse(List.of("whole", "by:2", "a%20b:1"));

    /** Two keys that are where the first of them alone would be. */
    @ParameterizedTest
    @CsvSource({
        "whole/a/b, whole",
        "whole/c, whole",
        "by/a/b/c/d, by/a/b",
        "by/a/b, by/a/b",
        "by/a, by/a",
        "a%20b/x/y, a%20b/x",
        "other/a/b/c, other/a/b/c",
        "wholesale/a, wholesale/a",
    })
    void theFirstPartsOfAKeyDecide(String key, String deciding) {
        int partition = PLACEMENT.partition(Path.parse(key).toBytes(), PARTITIONS);

        assertThat(partition)
                .isEqualTo(KeyPlacement.BY_KEY.partition(Path.parse(deciding).toBytes(), PARTITIONS));
    }

    @ParameterizedTest
    @CsvSource({
        "whole/**, true",
        "whole/*/x, true",
        "by/**, false",
        "by/a/*, false",
        "by/a/b/*, true",
        "by/a/b/**, true",
        "by/a/*/c, false",
        "other/**, false",
        "other/a/b, true",
        "**, false"
    })
    void aMatchIsOnOnePartitionWhereItsLiteralPartsDecide(String match, boolean one) {
        assertThat(PLACEMENT.partition(PathMatch.parse(match), PARTITIONS).isPresent())
                .isEqualTo(one);
    }

    @Test
    void whateverAMatchMeetsIsOnItsPartition() {
        Random random = new Random(5);
        String[] parts = {"a", "b", "whole", "by"};
        for (int i = 0; i < 5_000; i++) {
            StringBuilder path = new StringBuilder(parts[random.nextInt(parts.length)]);
            StringBuilder match = new StringBuilder(path);
            int size = 1 + random.nextInt(4);
            for (int j = 0; j < size; j++) {
                String part = parts[random.nextInt(parts.length)];
                path.append('/').append(part);
                match.append('/').append(random.nextInt(3) == 0 ? "*" : part);
            }
            PathMatch parsed = PathMatch.parse(random.nextBoolean() ? match + "/**" : match.toString());

            OptionalInt partition = PLACEMENT.partition(parsed, PARTITIONS);

            if (partition.isPresent()) {
                assertThat(PLACEMENT.partition(Path.parse(path.toString()).toBytes(), PARTITIONS))
                        .as("%s meets %s", path, parsed)
                        .isEqualTo(partition.getAsInt());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "a:-1", "a:100", "a:b", "a:", "a%2f"})
    void aSettingThatNamesNoNamespaceIsRefused(String setting) {
        assertThatThrownBy(() -> KeyPlacement.parse(List.of(setting))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNamespaceIsNamedOnce() {
        assertThatThrownBy(() -> KeyPlacement.parse(List.of("a", "a:1"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void producersFindTheSamePartition() {
        try (Partitioner partitioner = new KeysPartitioner()) {
            partitioner.configure(Map.of(KeysPartitioner.COLOCATE, "whole, by:2"));
            byte[] key = "by/a/b/c".getBytes(StandardCharsets.UTF_8);

            assertThat(partitioner.partition("keys", "", key, "", key, cluster()))
                    .isEqualTo(PLACEMENT.partition(key, PARTITIONS));
        }
    }

    @Test
    void aProducerWithAWrongSettingDoesNotStart() {
        try (Partitioner partitioner = new KeysPartitioner()) {
            assertThatThrownBy(() -> partitioner.configure(Map.of(KeysPartitioner.COLOCATE, "a/b")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(KeysPartitioner.COLOCATE);
        }
    }

    private static Cluster cluster() {
        Node[] nodes = {};
        List<PartitionInfo> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new PartitionInfo("keys", partition, Node.noNode(), nodes, nodes))
                .toList();
        return new Cluster("cluster", List.of(), partitions, Set.of(), Set.of());
    }
}
