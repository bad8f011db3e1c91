package io.forebay.sync.channel;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;

/** For each partition of a topic a key that is on it, for what concerns nothing there by itself: a path with an empty first part. */
public final class PartitionKeys {

    private final List<Path> keys = new ArrayList<>();

    /** The keys of a topic. */
    public PartitionKeys(TopicSpec topic) {
        for (int partition = 0; partition < topic.partitions(); partition++) {
            keys.add(keyOn(partition, topic));
        }
    }

    private static Path keyOn(int partition, TopicSpec topic) {
        for (int number = 0; ; number++) {
            Path key = Path.of("", Integer.toString(number));
            if (topic.partitionFor(key) == partition) {
                return key;
            }
        }
    }

    /** How many partitions there are. */
    public int partitions() {
        return keys.size();
    }

    /** The key on a partition. */
    public Path on(int partition) {
        return keys.get(partition);
    }
}
