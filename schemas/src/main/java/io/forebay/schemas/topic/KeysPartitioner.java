package io.forebay.schemas.topic;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.config.ConfigException;

/**
 * The partitioner of producers that write keys of a namespace that is kept together: {@code partitioner.class}, with the
 * instances' setting under {@link #COLOCATE}. Other keys go where Kafka's default partitioner puts them.
 */
public final class KeysPartitioner implements Partitioner {

    /** Namespaces that are kept together, separated by commas: {@code namespace} or {@code namespace:parts}. */
    public static final String COLOCATE = "forebay.keys.colocate";

    private KeyPlacement placement = KeyPlacement.BY_KEY;

    @Override
    public void configure(Map<String, ?> configs) {
        Object setting = configs.get(COLOCATE);
        String text = setting == null ? "" : setting.toString();
        List<String> settings = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
        try {
            placement = KeyPlacement.parse(settings);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(COLOCATE, text, "namespace or namespace:parts, separated by commas");
        }
    }

    @Override
    public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
        if (keyBytes == null) {
            throw new IllegalArgumentException("a record of keys has a key");
        }
        return placement.partition(keyBytes, cluster.partitionsForTopic(topic).size());
    }

    @Override
    public void close() {}
}
