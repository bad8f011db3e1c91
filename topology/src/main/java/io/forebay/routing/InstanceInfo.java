package io.forebay.routing;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.state.HostInfo;

/**
 * One instance as this one sees it.
 *
 * @param address where its peers reach it
 * @param self whether it is this one
 * @param shares what it keeps of each application, in the order of their names
 */
public record InstanceInfo(HostInfo address, boolean self, List<Share> shares) {

    public InstanceInfo {
        shares = List.copyOf(shares);
    }

    /**
     * What an instance keeps of one application.
     *
     * @param application the application's name
     * @param active source partitions it owns, in order
     * @param standby source partitions it follows, in order
     */
    public record Share(String application, List<TopicPartition> active, List<TopicPartition> standby) {

        public Share {
            active = List.copyOf(active);
            standby = List.copyOf(standby);
        }
    }
}
