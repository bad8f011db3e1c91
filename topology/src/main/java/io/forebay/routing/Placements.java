package io.forebay.routing;

import io.forebay.routing.ApplicationInfo.Placement;
import io.forebay.routing.InstanceInfo.Share;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Where source partitions are kept, as the group's last heartbeat told it.
 *
 * <p>Read from the clients' metadata and not by {@code queryMetadataForKey}: under the streams protocol that counts only the partitions which are
 * assigned at the moment, so during a rebalance it computes another partition for a key.
 */
final class Placements {

    private static final Comparator<TopicPartition> IN_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final Supplier<HostInfo> self;

    Placements(Supplier<HostInfo> self) {
        this.self = self;
    }

    /** The instance that owns a partition, null if none is known. */
    @Nullable
    HostInfo owner(RunningApplication application, TopicPartition source) {
        for (StreamsMetadata instance : metadata(application)) {
            if (instance.topicPartitions().contains(source)) {
                return instance.hostInfo();
            }
        }
        return null;
    }

    /** The other instances that follow a partition. */
    List<HostInfo> followers(RunningApplication application, TopicPartition source) {
        List<HostInfo> followers = new ArrayList<>();
        for (StreamsMetadata instance : metadata(application)) {
            if (instance.standbyTopicPartitions().contains(source) && !isSelf(instance.hostInfo())) {
                followers.add(instance.hostInfo());
            }
        }
        return followers;
    }

    boolean isSelf(HostInfo host) {
        return self.get().equals(host);
    }

    List<InstanceInfo> instances(Collection<RunningApplication> applications) {
        Map<String, HostInfo> hosts = new TreeMap<>();
        Map<String, List<Share>> shares = new TreeMap<>();
        hosts.put(name(self.get()), self.get());
        for (RunningApplication application : sorted(applications)) {
            for (StreamsMetadata instance : metadata(application)) {
                hosts.put(name(instance.hostInfo()), instance.hostInfo());
                shares.computeIfAbsent(name(instance.hostInfo()), host -> new ArrayList<>())
                        .add(new Share(
                                application.name(),
                                sorted(instance.topicPartitions().stream().toList(), IN_ORDER),
                                sorted(
                                        instance.standbyTopicPartitions().stream()
                                                .toList(),
                                        IN_ORDER)));
            }
        }
        return hosts.entrySet().stream()
                .map(host -> new InstanceInfo(
                        host.getValue(), isSelf(host.getValue()), shares.getOrDefault(host.getKey(), List.of())))
                .toList();
    }

    List<ApplicationInfo> applications(Collection<RunningApplication> applications) {
        return sorted(applications).stream()
                .map(application -> new ApplicationInfo(
                        application.name(),
                        application.streams().state().name(),
                        metadata(application).stream()
                                .flatMap(instance -> instance.topicPartitions().stream()
                                        .map(partition -> new Placement(partition, instance.hostInfo())))
                                .sorted(Comparator.comparing(Placement::partition, IN_ORDER))
                                .toList()))
                .toList();
    }

    private static Collection<StreamsMetadata> metadata(RunningApplication application) {
        // It throws where the client is not started or not running, and the state may change between asking and
        // calling.
        try {
            return application.streams().metadataForAllStreamsClients();
        } catch (StreamsNotStartedException | IllegalStateException notRunning) {
            return List.of();
        }
    }

    private static String name(HostInfo host) {
        return host.host() + ":" + host.port();
    }

    private static List<RunningApplication> sorted(Collection<RunningApplication> applications) {
        return sorted(applications, Comparator.comparing(RunningApplication::name));
    }

    private static <T> List<T> sorted(Collection<T> items, Comparator<T> order) {
        return items.stream().sorted(order).toList();
    }
}
