package io.forebay.routing;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.state.HostInfo;

/**
 * One application that runs here.
 *
 * @param name its name
 * @param state the state of this instance's client, as Kafka Streams names it
 * @param partitions where its source partitions are kept, in order; one without an owner at the moment is left out
 */
public record ApplicationInfo(String name, String state, List<Placement> partitions) {

    public ApplicationInfo {
        partitions = List.copyOf(partitions);
    }

    /** The instance that owns one source partition. */
    public record Placement(TopicPartition partition, HostInfo owner) {}
}
